import Synchronization

/// One handler for the whole life of a router: the queues of all sessions, and the tasks that empty them.
///
/// A worker is a task that handles deliveries until there are none; so an idle handler has no task, and an idle session neither a task
/// nor a queue. As many workers run at a time as the handler takes sessions, and one of a ``BatchEventHandler``.
///
/// The loops of runs call ``submit(_:of:isForced:)``, which never waits.
final class HandlerRuntime: Sendable {
    /// The most deliveries that a worker takes at a time: enough to make that cheap, few enough that a full queue behind a stuck handler
    /// stays nearly as full as its capacity says.
    static let usualBatch = 32

    private struct Worker {
        let task: Task<Void, Never>
        var claim: HandlerQueues.Claim
    }

    private struct State {
        var queues: HandlerQueues
        var workers: [Int: Worker] = [:]
        var lastWorker = 0
        /// Runs that wait for room in the bounds that all sessions share, in the order in which they began to wait.
        var waitingForRoom = Backlog<RunDeliveries>()
        /// Runs whose sources have not ended.
        var openRuns = 0
        /// Told when a batch that gathers is not to wait any longer.
        var enough: FirstValue<Void>?
        /// Told when no worker is left; set once no run delivers any more.
        var idle: Completion?
    }

    let name: String
    let handler: any EventHandler
    let roles: HandlerRoles
    let policy: QueuePolicy
    let timeout: Duration?
    let retry: RetryPolicy
    let hide: @Sendable (String) -> String
    private let fingerprint: String
    let context: DeliveryContext
    /// Where handling times are noted, when somebody asks for them.
    let times: HandlingTimes?
    /// The handler, when it takes batches, and how.
    let batches: (handler: any BatchEventHandler, policy: BatchPolicy)?
    private let limit: Int
    private let maxWorkers: Int
    private let state: Mutex<State>
    /// Whether sessions wait for their turn, so that a worker does not stay long with one of them.
    private let hasOthers = Atomic<Bool>(false)

    init(_ binding: HandlerBinding, _ context: DeliveryContext, times: HandlingTimes?) {
        name = binding.name
        handler = binding.handler
        roles = binding.roles
        policy = binding.queue
        timeout = binding.timeout
        retry = binding.retry
        hide = binding.hide
        fingerprint = binding.fingerprint
        self.context = context
        self.times = times
        batches = binding.roles.batches.map { ($0, $0.batching) }
        limit = max(batches?.policy.limit ?? Self.usualBatch, 1)
        maxWorkers = binding.roles.concurrentSessions
        state = Mutex(
            State(queues: HandlerQueues(binding.queue, order: maxWorkers == 1 ? .ofRuns : .ofSessions)))
    }

    // MARK: - For the loops of runs

    /// A run begins whose source will have events.
    func attach() { state.withLock { $0.openRuns += 1 } }

    /// The source of a run has ended.
    func detach() {
        state.withLock { state in
            state.openRuns -= 1
            hurry(state)
        }
    }

    /// Puts deliveries of a run into its queue, in their order, and starts workers for them.
    ///
    /// - Parameter isForced: whether it takes all of them, even without room.
    /// - Returns: How many of them it took. If there is no room for the others, the run's loop is woken when it may try again.
    func submit(_ deliveries: ArraySlice<QueuedDelivery>, of run: RunDeliveries, isForced: Bool) -> Int {
        run.taken(deliveries.count)
        var dropped: [QueuedDelivery] = []
        let taken = state.withLock { state in
            let taken = append(deliveries, isForced, &state, &dropped)
            if taken < deliveries.count, run.waitForRoom() { state.waitingForRoom.append(run) }
            startWorkers(&state)
            hurry(state)
            return taken
        }
        if taken < deliveries.count { run.settled(deliveries.count - taken) }
        for item in dropped { drop(item) }
        if run.isExpired { abandon(run) }
        return taken
    }

    private func append(
        _ deliveries: ArraySlice<QueuedDelivery>, _ isForced: Bool, _ state: inout State,
        _ dropped: inout [QueuedDelivery]
    ) -> Int {
        for (taken, item) in deliveries.enumerated() {
            // A worker that starts makes room.
            if !state.queues.hasRoom(for: item) { startWorkers(&state) }
            guard state.queues.offer(item, isForced: isForced, dropped: &dropped) else { return taken }
        }
        return deliveries.count
    }

    /// Cancels the tasks that handle deliveries of a run.
    func cancel(_ run: RunDeliveries) {
        state.withLock { state in
            for worker in state.workers.values where worker.claim.deliveries.contains(where: { $0.run === run }) {
                worker.task.cancel()
            }
            hurry(state)
        }
        abandon(run)
    }

    /// Gives up what waits of a run whose deadline has passed, if the handler is busy with other runs, whose deliveries may take any time.
    private func abandon(_ run: RunDeliveries) {
        let abandoned = state.withLock { state -> [QueuedDelivery] in
            let isBusyWithOthers =
                state.workers.count >= maxWorkers
                && state.workers.values.allSatisfy { worker in
                    !worker.claim.deliveries.isEmpty && worker.claim.deliveries.allSatisfy { $0.run !== run }
                }
            return isBusyWithOthers ? state.queues.remove(run) : []
        }
        giveUp(abandoned)
    }

    /// The numbers of a session's events that the handler has not settled, ascending.
    func openEvents(of session: RouterSession) -> [Int] {
        let open = state.withLock { state in
            state.workers.values.flatMap(\.claim.deliveries) + state.queues.all
        }
        return open.filter { $0.delivery.session === session }.map(\.delivery.sequence).sorted()
    }

    // MARK: - Workers

    private func startWorkers(_ state: inout State) {
        while state.workers.count < maxWorkers {
            let claim = take(&state)
            guard !claim.deliveries.isEmpty else { break }
            start(claim, after: nil, &state)
        }
        hasOthers.store(state.queues.readyCount > 0, ordering: .relaxed)
    }

    /// Takes what is next, and wakes as many runs that wait for room.
    private func take(_ state: inout State) -> HandlerQueues.Claim {
        let claim = state.queues.take(limit, isBatch: batches != nil)
        var room = claim.deliveries.count
        while room > 0, let run = state.waitingForRoom.takeFirst() {
            run.isListed = false
            if run.wakeIfWanted() { room -= 1 }
        }
        return claim
    }

    private func start(_ claim: HandlerQueues.Claim, after begun: Duration?, _ state: inout State) {
        state.lastWorker += 1
        let worker = state.lastWorker
        // Under the lock, so that the worker is known when it ends.
        let task = Task { await self.work(worker, claim, after: begun) }
        state.workers[worker] = Worker(task: task, claim: claim)
    }

    /// Handles deliveries until there are none, or until the task was cancelled with a run; another worker takes its place then.
    ///
    /// - Parameter begun: when the last batch began, for a worker that begins without deliveries.
    private func work(_ worker: Int, _ first: HandlerQueues.Claim, after begun: Duration?) async {
        var (claim, begun) = (first, begun)
        repeat {
            if !claim.deliveries.isEmpty {
                begun = context.clock.now
                // A handler that waits for nothing still gets what is left of such a run, and one that is stuck throws at its first wait.
                if claim.deliveries.contains(where: \.run.isExpired) { withUnsafeCurrentTask { $0?.cancel() } }
                let rest = await deliver(claim)
                settle(claim, rest, of: worker)
            }
            if Task.isCancelled { return replace(worker, after: begun) }
            if let interval = batches?.policy.interval, let begun { await gather(until: begun + interval) }
            claim = next(worker)
        } while !claim.deliveries.isEmpty
    }

    /// - Returns: The deliveries that are to go back to their queues.
    private func deliver(_ claim: HandlerQueues.Claim) async -> ArraySlice<QueuedDelivery> {
        let deliveries = claim.deliveries
        if batches != nil { return await deliver(deliveries[...]) }
        for index in deliveries.indices {
            if index > 0, hasOthers.load(ordering: .relaxed) { return deliveries[index...] }
            let rest = await deliver(deliveries[index...index])
            if !rest.isEmpty { return rest + deliveries[(index + 1)...] }
        }
        return []
    }

    private func settle(_ claim: HandlerQueues.Claim, _ rest: ArraySlice<QueuedDelivery>, of worker: Int) {
        state.withLock { state in
            state.workers[worker]?.claim = HandlerQueues.Claim()
            state.queues.finish(claim, rest: rest)
        }
        for item in rest { item.run.taken(1) }
        for item in claim.deliveries {
            item.run.settled(1)
            _ = item.run.wakeIfWanted()
        }
    }

    private func next(_ worker: Int) -> HandlerQueues.Claim {
        state.withLock { state in
            let claim = take(&state)
            if claim.deliveries.isEmpty {
                state.workers[worker] = nil
            } else {
                state.workers[worker]?.claim = claim
            }
            startWorkers(&state)
            if state.workers.isEmpty { state.idle?.finish() }
            return claim
        }
    }

    private func replace(_ worker: Int, after begun: Duration?) {
        state.withLock { state in
            state.workers[worker] = nil
            start(HandlerQueues.Claim(), after: begun, &state)
        }
    }

    // MARK: - Replacing rules

    /// Whether it goes on in the place of a handler of other rules.
    func serves(_ binding: HandlerBinding) -> Bool {
        fingerprint == binding.fingerprint && policy == binding.queue && timeout == binding.timeout
            && retry == binding.retry
    }

    /// Waits until everything is settled, and stops the handler. No run delivers to it any more.
    func retire(isStarted: Bool) async {
        let idle = Completion()
        state.withLock { state in
            if state.workers.isEmpty { idle.finish() } else { state.idle = idle }
        }
        try? await idle.wait()
        guard isStarted else { return }
        await roles.succession?.finish()
        await handler.stop()
    }

    // MARK: - Batches

    /// Lets deliveries gather: returns when the time has come, when there are as many as the handler takes or a queue holds, and when no
    /// session runs any more that could have others.
    private func gather(until moment: Duration) async {
        let time = moment - context.clock.now
        guard time > .zero else { return }
        let enough = FirstValue<Void>()
        state.withLock { state in
            state.enough = enough
            hurry(state)
        }
        await enough.value(within: time, on: context.clock, late: (), cancelled: ())
        state.withLock { $0.enough = nil }
    }

    /// Ends the gathering if there is no reason to wait.
    private func hurry(_ state: borrowing State) {
        guard let enough = state.enough else { return }
        if state.openRuns == 0 || state.queues.waiting >= limit || state.queues.hasHurry { enough.give(()) }
    }
}
