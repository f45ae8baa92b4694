import Synchronization

/// Runs one handler for the lifetime of a router: the queues of all sessions, and the tasks that process them.
///
/// A worker is a task that handles deliveries until there are none, so an idle handler has no task, and an idle session
/// has no queue. The number of concurrent workers is the number of sessions that the handler takes; a
/// ``BatchEventHandler`` has one worker.
///
/// The sessions' loops call ``submit(_:of:isForced:)``, which never waits.
final class HandlerRuntime: DeliveryTarget {
    /// The largest number of deliveries that a worker takes at a time: enough to amortise the lock, few enough that a
    /// full queue of a stuck handler holds nearly its capacity.
    private static func largestClaim(of capacity: Int) -> Int { max(32, min(capacity / 8, 128)) }

    private struct Worker {
        /// Nil until the task is started.
        var task: Task<Void, Never>?
        var isCancelled = false
        var inFlight: HandlerQueues.InFlight

        /// - Returns: The task to cancel.
        mutating func cancel() -> Task<Void, Never>? {
            isCancelled = true
            return task
        }
    }

    /// The claim with which a worker begins. The worker removes it, so that nothing else references the deliveries
    /// while it handles them.
    private final class InitialClaim: Sendable {
        private let claim: Mutex<HandlerQueues.Claim?>

        init(_ claim: HandlerQueues.Claim) { self.claim = Mutex(claim) }

        func take() -> HandlerQueues.Claim { claim.withLock { $0.take() } ?? HandlerQueues.Claim() }
    }

    /// Work that is done after the state is unlocked, because it wakes threads that may need the lock.
    private struct DeferredWork {
        struct Start {
            let worker: Int
            let claim: InitialClaim
            /// The time at which the last batch began, for a worker that begins without deliveries.
            let begun: Duration?
        }

        var starts: [Start] = []
        /// The runs that waited for room and can continue.
        var woken: [RunDeliveries] = []
    }

    private struct State {
        var queues: HandlerQueues
        var workers: [Int: Worker] = [:]
        var lastWorker = 0
        /// Runs that wait for room, in the order in which they began to wait.
        var waitingForRoom = Backlog<RunDeliveries>()
        /// The number of runs whose sources have not ended.
        var openRuns = 0
        /// Fulfilled when a batch that is gathering must not wait any longer.
        var batchReady: Promise<Void>?
        /// Finished when no worker is left. Set once no run delivers to the handler any more.
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
    /// The histogram of handling times; nil if no metrics are recorded.
    let times: HandlingTimes?
    /// Whether the duration of deliveries is measured.
    let isTimed: Bool
    /// The handler and its batch policy; nil if the handler does not take batches.
    let batches: (handler: any BatchEventHandler, policy: BatchPolicy)?
    private let limit: Int
    private let maxWorkers: Int
    private let state: Mutex<State>
    /// Whether other sessions wait for a turn, so that a worker leaves its session after one delivery.
    private let hasWaitingSessions = Atomic<Bool>(false)

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
        isTimed = times != nil || context.log != nil
        batches = binding.roles.batches.map { ($0, $0.batching) }
        limit = max(batches?.policy.limit ?? Self.largestClaim(of: binding.queue.capacity), 1)
        maxWorkers = binding.roles.concurrentSessions
        state = Mutex(
            State(queues: HandlerQueues(binding.queue, order: maxWorkers == 1 ? .ofRuns : .ofSessions)))
    }

    // MARK: - Called by sessions' loops

    /// Records that a run begins.
    func attach() { state.withLock { $0.openRuns += 1 } }

    /// Records that the source of a run has ended.
    func detach() {
        state.withLock { state in
            state.openRuns -= 1
            releaseBatchIfReady(state)
        }
    }

    /// Adds deliveries of a run to its queue, in order, and starts workers for them.
    ///
    /// - Parameters:
    ///   - deliveries: The deliveries; afterwards those that did not fit. The run's loop is woken when it may try
    ///     again.
    ///   - isForced: Whether to add all of them, even if they do not fit.
    func submit(_ deliveries: inout DeliveryBacklog, of run: RunDeliveries, isForced: Bool) {
        run.noteAccepted(deliveries.count)
        var dropped: [QueuedDelivery] = []
        var deferred = DeferredWork()
        state.withLock { state in
            if !state.queues.offer(all: &deliveries, isForced: isForced) {
                append(&deliveries, isForced, &state, &dropped, &deferred)
            }
            if !deliveries.isEmpty, run.waitForRoom() { state.waitingForRoom.append(run) }
            startWorkers(&state, &deferred)
            releaseBatchIfReady(state)
        }
        perform(deferred)
        if !deliveries.isEmpty { run.noteSettled(deliveries.count) }
        for item in dropped { drop(item) }
        if run.isExpired { abandon(run) }
    }

    private func append(
        _ deliveries: inout DeliveryBacklog, _ isForced: Bool, _ state: inout State, _ dropped: inout [QueuedDelivery],
        _ deferred: inout DeferredWork
    ) {
        while let item = deliveries.first {
            // Starting a worker makes room.
            if !state.queues.hasRoom(for: item) { startWorkers(&state, &deferred) }
            guard state.queues.offer(item, isForced: isForced, dropped: &dropped) else { return }
            _ = deliveries.takeFirst()
        }
    }

    /// Cancels the workers that are handling deliveries of a run.
    func cancel(_ run: RunDeliveries) {
        let tasks = state.withLock { state -> [Task<Void, Never>] in
            releaseBatchIfReady(state)
            return state.workers.filter { $0.value.inFlight.contains(run) }.keys.sorted().compactMap {
                state.workers[$0]?.cancel()
            }
        }
        // In a task, because a handler's cancellation handler may need the session, which is waiting here.
        if !tasks.isEmpty { context.environment.task { for task in tasks { task.cancel() } } }
        abandon(run)
    }

    /// Turns the waiting deliveries of a run whose deadline has passed into dead letters, if all workers are busy with
    /// other runs, which may take any time.
    private func abandon(_ run: RunDeliveries) {
        let abandoned = state.withLock { state -> [QueuedDelivery] in
            let isBusyWithOthers =
                state.workers.count >= maxWorkers
                && state.workers.values.allSatisfy { !$0.inFlight.isEmpty && !$0.inFlight.contains(run) }
            return isBusyWithOthers ? state.queues.remove(run) : []
        }
        deadLetterExpired(abandoned)
    }

    /// The numbers of a session's events that the handler has not settled, ascending.
    func openEvents(of session: RouterSession) -> [Int] {
        let open = state.withLock { state in
            state.workers.values.flatMap(\.inFlight.events) + state.queues.events
        }
        return open.filter { $0.session == ObjectIdentifier(session) }.map(\.number).sorted()
    }

    // MARK: - Workers

    private func startWorkers(_ state: inout State, _ deferred: inout DeferredWork) {
        while state.workers.count < maxWorkers {
            let claim = take(&state, &deferred)
            guard !claim.deliveries.isEmpty else { break }
            addWorker(claim, after: nil, &state, &deferred)
        }
        hasWaitingSessions.store(state.queues.readyCount > 0, ordering: .relaxed)
    }

    /// Removes and returns the next deliveries, and wakes as many runs that wait for room.
    private func take(_ state: inout State, _ deferred: inout DeferredWork) -> HandlerQueues.Claim {
        let claim = state.queues.take(limit, isBatch: batches != nil)
        var room = claim.deliveries.count
        while room > 0, let run = state.waitingForRoom.takeFirst() {
            run.isListed = false
            guard run.consumeWakeRequest() else { continue }
            deferred.woken.append(run)
            room -= 1
        }
        return claim
    }

    private func addWorker(
        _ claim: HandlerQueues.Claim, after begun: Duration?, _ state: inout State, _ deferred: inout DeferredWork
    ) {
        state.lastWorker += 1
        state.workers[state.lastWorker] = Worker(inFlight: claim.inFlight)
        deferred.starts.append(DeferredWork.Start(worker: state.lastWorker, claim: InitialClaim(claim), begun: begun))
    }

    private func perform(_ deferred: DeferredWork) {
        for run in deferred.woken { run.wake() }
        for start in deferred.starts {
            let task = context.environment.task { await self.work(start.worker, start.claim, after: start.begun) }
            let isCancelled = state.withLock { state in
                // Does nothing if the worker has ended already.
                state.workers[start.worker]?.task = task
                return state.workers[start.worker]?.isCancelled == true
            }
            if isCancelled { task.cancel() }
        }
    }

    /// Handles deliveries until there are none, or until the task is cancelled with a run. Then another worker replaces
    /// it.
    ///
    /// - Parameter begun: The time at which the last batch began, for a worker that begins without deliveries.
    private func work(_ worker: Int, _ first: InitialClaim, after begun: Duration?) async {
        var (claim, begun) = (first.take(), begun)
        repeat {
            var rest: ArraySlice<QueuedDelivery> = []
            if !claim.inFlight.isEmpty {
                if batches != nil { begun = context.clock.now }
                // In a cancelled task, a handler that never suspends still handles the rest, and a stuck handler throws
                // at its first suspension.
                if claim.inFlight.runs.contains(where: \.run.isExpired) { withUnsafeCurrentTask { $0?.cancel() } }
                rest = await deliver(claim.deliveries.take(.max))
            }
            if let interval = batches?.policy.interval, interval > .zero, let begun, !Task.isCancelled {
                settle(claim, rest, of: worker)
                (claim, rest) = (HandlerQueues.Claim(), [])
                await gather(until: begun + interval)
            }
            claim = settle(claim, rest, andTakeNextFor: worker, after: begun)
        } while !claim.inFlight.isEmpty
    }

    /// - Returns: The deliveries that return to their queues.
    private func deliver(_ claimed: consuming DeliveryBacklog) async -> ArraySlice<QueuedDelivery> {
        var deliveries = claimed
        if batches != nil { return await deliver(together: deliveries.takeAll()[...]) }
        var begin = isTimed ? context.clock.now : .zero
        while let item = deliveries.takeFirst() {
            let rest = await deliver(item, since: &begin)
            guard rest.isEmpty else { return rest + deliveries.all }
            if hasWaitingSessions.load(ordering: .relaxed), !deliveries.isEmpty { return deliveries.all[...] }
        }
        return []
    }

    private func settle(_ claim: HandlerQueues.Claim, _ rest: ArraySlice<QueuedDelivery>, of worker: Int) {
        state.withLock { state in
            state.workers[worker]?.inFlight = HandlerQueues.InFlight()
            state.queues.finish(claim, rest: rest)
        }
        noteSettled(claim, rest)
    }

    /// Settles a claim and takes the next claim. If the worker was cancelled with a run of the claim, another worker
    /// replaces it.
    ///
    /// - Returns: The deliveries that the worker handles next; empty if the worker must end.
    private func settle(
        _ claim: HandlerQueues.Claim, _ rest: ArraySlice<QueuedDelivery>, andTakeNextFor worker: Int,
        after begun: Duration?
    ) -> HandlerQueues.Claim {
        let isCancelled = Task.isCancelled
        var deferred = DeferredWork()
        let (next, idle) = state.withLock { state in
            state.queues.finish(claim, rest: rest)
            var next = HandlerQueues.Claim()
            if isCancelled || state.workers[worker]?.isCancelled == true {
                addWorker(next, after: begun, &state, &deferred)
            } else {
                next = take(&state, &deferred)
            }
            state.workers[worker]?.inFlight = next.inFlight
            if next.inFlight.isEmpty { state.workers[worker] = nil }
            startWorkers(&state, &deferred)
            return (next, state.workers.isEmpty ? state.idle : nil)
        }
        perform(deferred)
        noteSettled(claim, rest)
        idle?.finish()
        return next
    }

    /// Notifies the runs of a claim that their deliveries are settled, except those that returned to their queues.
    private func noteSettled(_ claim: HandlerQueues.Claim, _ rest: ArraySlice<QueuedDelivery>) {
        for item in rest { item.run.noteAccepted(1) }
        for (run, count) in claim.inFlight.runs {
            run.noteSettled(count)
            _ = run.wakeIfWanted()
        }
    }

    // MARK: - Replacing rules

    /// Whether the running handler continues in place of another binding's handler.
    func serves(_ binding: HandlerBinding) -> Bool {
        fingerprint == binding.fingerprint && policy == binding.queue && timeout == binding.timeout
            && retry == binding.retry
    }

    /// Waits until all deliveries are settled, and stops the handler. No run may deliver to it any more.
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

    /// Waits for more deliveries. Returns when the time has passed, when a batch or a queue is full, or when no run is
    /// left that could have more.
    private func gather(until moment: Duration) async {
        let time = moment - context.clock.now
        guard time > .zero else { return }
        let batchReady = Promise<Void>()
        state.withLock { state in
            state.batchReady = batchReady
            releaseBatchIfReady(state)
        }
        await batchReady.value(within: time, on: context.clock, late: (), cancelled: ())
        state.withLock { $0.batchReady = nil }
    }

    /// Ends the wait in ``gather(until:)`` if there is no reason to wait.
    private func releaseBatchIfReady(_ state: borrowing State) {
        guard let batchReady = state.batchReady else { return }
        if state.openRuns == 0 || state.queues.waiting >= limit || state.queues.needsDelivery { batchReady.fulfill(()) }
    }
}
