import Logging
import RealtimeEvents
import RecordFiles
import Synchronization

/// One handler in the run of one source: its queue and the tasks that empty it.
///
/// An object, since it is much and is asked for with every delivery.
final class HandlerLane: Sendable {
    let name: String
    let handler: any EventHandler
    /// The handler, when it takes batches, and how.
    private let batches: (handler: any BatchEventHandler, policy: BatchPolicy)?
    let queue: DeliveryQueue
    let counters = HandlerCounters()
    /// Where handling times are noted, when somebody asks for them.
    let times: HandlingTimes?
    let retry: RetryPolicy
    /// Attempts that a route asks for, by the route's name; the largest of a delivery's routes counts.
    let routeRetries: [String: RetryPolicy]
    let clock: any RouterClock
    let deadLetters: any DeadLetterSink
    let redaction: Redaction
    let log: (any DispatchLog)?
    let logger: Logger
    let unwritten: UnwrittenRecords
    private let hide: @Sendable (String) -> String

    init(
        _ binding: HandlerBinding, _ table: RouteTable, wakes signal: SessionSignal, times: HandlingTimes?,
        routeRetries: [String: RetryPolicy], clock: any RouterClock, log: (any DispatchLog)?, logger: Logger,
        unwritten: UnwrittenRecords
    ) {
        name = binding.name
        handler = binding.handler
        batches = (binding.handler as? any BatchEventHandler).map { ($0, $0.batching) }
        queue = DeliveryQueue(
            binding.queue, consumers: batches == nil ? max(binding.handler.concurrentSessions, 1) : 1,
            batch: max(batches?.policy.limit ?? DeliveryQueue.usualBatch, 1), signal: signal)
        self.times = times
        retry = binding.retry
        self.routeRetries = routeRetries
        self.clock = clock
        deadLetters = table.deadLetters
        redaction = table.redaction
        self.log = log
        self.logger = logger
        self.unwritten = unwritten
        hide = binding.hide
    }

    /// Puts a delivery into the queue; `false` when there is no room for it and nothing may be dropped.
    func offer(_ delivery: EventDelivery) -> Bool {
        switch queue.offer(delivery) {
        case .accepted: break
        case .full: return false
        case .dropped(let dropped): drop(dropped)
        }
        return true
    }

    /// Takes deliveries until the queue is closed and empty.
    ///
    /// A cancelled lane goes on so, too: a handler that waits for nothing still gets what is left, and one that is stuck
    /// throws at its first wait, which makes the delivery a dead letter.
    func run() async {
        if let batches { return await empty(by: batches.policy) }
        await withTaskGroup(of: Void.self) { group in
            for _ in 1..<max(handler.concurrentSessions, 1) { group.addTask { await self.empty() } }
            await empty()
        }
    }

    private func empty() async {
        var taken: [EventDelivery] = []
        while true {
            taken = await queue.next(after: taken)
            if taken.isEmpty { return }
            for index in taken.indices { await deliver(taken[index...index]) }
        }
    }

    private func empty(by policy: BatchPolicy) async {
        while true {
            let batch = await queue.next(after: [])
            if batch.isEmpty { return }
            let begin = clock.now
            await deliver(batch[...])
            let rest = policy.interval - (clock.now - begin)
            if rest > .zero { await queue.gather(for: rest, on: clock) }
        }
    }

    /// Gives the handler what it takes at a time, until it has it or nothing more is to be tried.
    private func deliver(_ first: ArraySlice<EventDelivery>) async {
        let begin = clock.now
        let policy = policy(for: first)
        var batch = first
        var attempt = 1
        while true {
            do {
                try await handle(batch)
                counters.delivered.add(batch.count, ordering: .relaxed)
                let seconds = times == nil ? 0 : (clock.now - begin).seconds
                for delivery in batch {
                    times?.note(seconds)
                    record(delivery, .delivered, attempts: attempt, since: begin)
                }
                return
            } catch {
                counters.failed.add(batch.count, ordering: .relaxed)
                if error is CancellationError, Task.isCancelled {
                    bury(batch, .shutdown, "the router shut down before the handler was done", since: begin)
                    return
                }
                guard await mayTryAgain(attempt, policy, after: error) else {
                    if let error = error as? any RecordWriteError { unwritten.add(error, records: batch.count) }
                    bury(batch, .failed, hide("\(error)"), since: begin)
                    return
                }
                counters.retried.add(batch.count, ordering: .relaxed)
                attempt += 1
                for index in batch.indices { batch[index].attempt = attempt }
            }
        }
    }

    private func handle(_ batch: ArraySlice<EventDelivery>) async throws {
        if let batches { return try await batches.handler.handle(Array(batch)) }
        for delivery in batch { try await handler.handle(delivery) }
    }

    /// The most patient policy of the handler and the routes.
    private func policy(for batch: ArraySlice<EventDelivery>) -> RetryPolicy {
        guard !routeRetries.isEmpty else { return retry }
        return batch.lazy.flatMap(\.routes).compactMap { self.routeRetries[$0] }
            .reduce(retry) { $1.attempts > $0.attempts ? $1 : $0 }
    }

    /// Waits as the policy and the error want; `false` when there is no further attempt.
    private func mayTryAgain(_ attempt: Int, _ policy: RetryPolicy, after error: any Error) async -> Bool {
        var delay = policy.delay(afterAttempt: attempt)
        if let failure = error as? DeliveryFailure {
            switch failure.kind {
            case .permanent: return false
            case .retry(let own): delay = own ?? delay
            }
        }
        guard attempt < policy.attempts, !Task.isCancelled else { return false }
        logger.debug(
            "delivery failed, trying again",
            metadata: [
                "handler": "\(name)", "attempt": "\(attempt)",
                "error": "\(redaction.redacted(hide("\(error)"), isCut: true))",
            ])
        do { try await clock.sleep(for: delay) } catch { return false }
        return true
    }

    private func bury(
        _ batch: ArraySlice<EventDelivery>, _ reason: DeadLetter.Reason, _ error: String, since begin: Duration
    ) {
        let written = redaction.redacted(error, isCut: true)
        for delivery in batch { bury(delivery, reason, error, written: written, since: begin) }
    }

    private func bury(
        _ delivery: EventDelivery, _ reason: DeadLetter.Reason, _ error: String, written: String, since begin: Duration
    ) {
        counters.deadLetters.add(1, ordering: .relaxed)
        let event = redaction.written(delivery.event)
        deadLetters.record(
            DeadLetter(
                reason: reason, session: delivery.session.key, sessionID: delivery.session.sessionID,
                labels: delivery.session.labels, call: delivery.call, route: delivery.routes.first, handler: name,
                attempts: delivery.attempt, error: written,
                line: event.position.line, length: event.bytes.count, bytes: event.bytes))
        record(delivery, .deadLetter, attempts: delivery.attempt, since: begin)
        if handler.takesFunctionCalls, delivery.event.type.code == .routerFunctionCallReady {
            delivery.session.fail(delivery, reason: error)
        }
    }

    private func record(
        _ delivery: EventDelivery, _ outcome: DispatchRecord.Outcome, attempts: Int, since begin: Duration
    ) {
        log?.record(
            DispatchRecord(
                session: delivery.session.key, position: delivery.event.position, type: delivery.event.type.name,
                routes: delivery.routes, handler: name, outcome: outcome, attempts: attempts,
                milliseconds: (clock.now - begin).seconds * 1000))
    }

    /// Notes a delivery that did not fit.
    private func drop(_ delivery: EventDelivery) {
        counters.dropped.add(1, ordering: .relaxed)
        record(delivery, .dropped, attempts: 0, since: clock.now)
        if handler.takesFunctionCalls, delivery.event.type.code == .routerFunctionCallReady {
            delivery.session.fail(delivery, reason: "too many calls are waiting")
        }
    }
}
