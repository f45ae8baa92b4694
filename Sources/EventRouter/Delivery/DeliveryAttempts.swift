import ConfigSource
import Logging
import RealtimeEvents
import RealtimeSession
import Synchronization

// Attempts at deliveries, and their outcomes.
extension HandlerRuntime {
    /// Delivers one event to the handler, with retries.
    ///
    /// - Parameter begin: The time at which the delivery begins. Set to the time at which it ended.
    /// - Returns: The delivery, if this task was cancelled because of another run and another task is to retry it.
    func deliver(_ item: QueuedDelivery, since begin: inout Duration) async -> ArraySlice<QueuedDelivery> {
        do {
            if timeout == nil { try await call(item.delivery) } else { try await handle([item]) }
        } catch {
            let rest = await retry([item], after: error, since: begin)
            if isTimed { begin = context.clock.now }
            return rest
        }
        begin = succeed(item, since: begin)
        return []
    }

    /// Delivers a batch to the handler, with retries.
    ///
    /// - Returns: The deliveries that another task is to retry, if this task was cancelled because of other runs.
    func deliver(together batch: ArraySlice<QueuedDelivery>) async -> ArraySlice<QueuedDelivery> {
        let begin = isTimed ? context.clock.now : .zero
        do {
            try await handle(batch)
        } catch {
            return await retry(batch, after: error, since: begin)
        }
        for item in batch { succeed(item, since: begin) }
        return []
    }

    private func retry(
        _ failed: ArraySlice<QueuedDelivery>, after failure: any Error, since begin: Duration
    ) async -> ArraySlice<QueuedDelivery> {
        let policy = policy(for: failed)
        var (batch, error) = (failed, failure)
        var attempts = 1
        while true {
            for item in batch { item.run.counters.failed.add(1, ordering: .relaxed) }
            switch await verdict(attempts, policy, after: error) {
            case .again: prepareRetry(&batch)
            case .interrupted:
                prepareRetry(&batch, of: { !$0.isExpired })
                deadLetter(batch.filter(\.run.isExpired)[...], after: error, since: begin)
                return batch.filter { !$0.run.isExpired }[...]
            case .never:
                deadLetter(batch, after: error, since: begin)
                return []
            }
            attempts += 1
            do {
                try await handle(batch)
                for item in batch { succeed(item, since: begin) }
                return []
            } catch let next {
                error = next
            }
        }
    }

    private func prepareRetry(
        _ batch: inout ArraySlice<QueuedDelivery>, of runs: (RunDeliveries) -> Bool = { _ in true }
    ) {
        for index in batch.indices where runs(batch[index].run) {
            batch[index].delivery.attempt += 1
            batch[index].run.counters.retried.add(1, ordering: .relaxed)
        }
    }

    /// Calls the handler, and cancels it at its timeout.
    private func handle(_ batch: ArraySlice<QueuedDelivery>) async throws {
        guard let timeout else { return try await call(batch) }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await self.call(batch)
                return true
            }
            group.addTask { [clock = context.clock] in
                do { try await clock.sleep(for: timeout) } catch { return true }
                return false
            }
            // The first result counts. A handler that ignores cancellation keeps its worker, and has failed.
            let isInTime = try await group.next() ?? true
            group.cancelAll()
            guard !isInTime else {
                // Cancelling the run ends the sleep, too. The handler's own reaction is then the result.
                while let _ = try await group.next() {}
                return
            }
            while let result = await group.nextResult() { _ = result }
            throw DeliveryFailure.retry("the handler took longer than \(Measure.text(timeout))")
        }
    }

    private func call(_ batch: ArraySlice<QueuedDelivery>) async throws {
        guard let batches else {
            for item in batch { try await call(item.delivery) }
            return
        }
        // For a batch of several deliveries, the delivery for which the handler sends an event is not known.
        let route = batch.count == 1 ? batch.first?.delivery.routes.first : nil
        try await CallingHandler.$origin.withValue(EventOrigin(.handler, handler: name, route: route)) {
            try await batches.handler.handle(batch.map(\.delivery))
        }
    }

    private func call(_ delivery: EventDelivery) async throws {
        try await CallingHandler.$origin.withValue(
            EventOrigin(.handler, handler: name, route: delivery.routes.first)
        ) {
            try await handler.handle(delivery)
        }
    }

    /// The policy with the most attempts among those of the handler and the routes.
    private func policy(for batch: ArraySlice<QueuedDelivery>) -> RetryPolicy {
        batch.lazy.compactMap(\.retry).reduce(retry) { $1.attempts > $0.attempts ? $1 : $0 }
    }

    private enum Verdict {
        case again
        case never
        /// The task was cancelled.
        case interrupted
    }

    /// Returns whether there is a further attempt; waits for the delay before it.
    private func verdict(_ attempt: Int, _ policy: RetryPolicy, after error: any Error) async -> Verdict {
        if error is CancellationError, Task.isCancelled { return .interrupted }
        var delay = policy.delay(afterAttempt: attempt)
        if let failure = error as? DeliveryFailure {
            switch failure.kind {
            case .permanent: return .never
            case .retry(let own): delay = own ?? delay
            }
        }
        guard attempt < policy.attempts else { return .never }
        guard !Task.isCancelled else { return .interrupted }
        context.logger.debug(
            "delivery failed, trying again",
            metadata: [
                "handler": "\(name)", "attempt": "\(attempt)",
                "error": "\(context.redaction.redacted(hide("\(error)"), isCut: true))",
            ])
        do { try await context.clock.sleep(for: delay) } catch { return .interrupted }
        return .again
    }
}

// MARK: - Ends of deliveries

extension HandlerRuntime {
    /// - Returns: The time at which it ended; `begin` if times are not measured.
    @discardableResult
    private func succeed(_ item: QueuedDelivery, since begin: Duration) -> Duration {
        item.run.counters.delivered.add(1, ordering: .relaxed)
        guard isTimed else { return begin }
        let end = context.clock.now
        times?.note((end - begin).seconds)
        if context.log != nil { record(item.delivery, .delivered, attempts: item.delivery.attempt, since: begin) }
        return end
    }

    private func deadLetter(_ batch: ArraySlice<QueuedDelivery>, after error: any Error, since begin: Duration) {
        guard !batch.isEmpty else { return }
        let isShutdown = error is CancellationError && Task.isCancelled
        if !isShutdown, let error = error as? any RecordWriteError {
            context.unwritten.add(error, records: batch.count)
        }
        deadLetter(batch, isShutdown ? .shutdown : .failed, isShutdown ? Self.shutdown : hide("\(error)"), since: begin)
    }

    private static let shutdown = "the router shut down before the handler was done"

    /// Turns deliveries into dead letters because their run's deadline has passed.
    func deadLetterExpired(_ items: [QueuedDelivery]) {
        deadLetter(items[...], .shutdown, Self.shutdown, since: context.clock.now)
        for item in items {
            item.run.noteSettled(1)
            _ = item.run.wakeIfWanted()
        }
    }

    private func deadLetter(
        _ batch: ArraySlice<QueuedDelivery>, _ reason: DeadLetter.Reason, _ error: String, since begin: Duration
    ) {
        guard !batch.isEmpty else { return }
        let written = context.redaction.redacted(error, isCut: true)
        for item in batch {
            item.run.counters.deadLetters.add(1, ordering: .relaxed)
            deadLetter(item.delivery, reason, error, written: written, since: begin)
        }
    }

    private func deadLetter(
        _ delivery: EventDelivery, _ reason: DeadLetter.Reason, _ error: String, written: String, since begin: Duration
    ) {
        let event = context.redaction.written(delivery.event)
        context.deadLetters.record(
            DeadLetter(
                reason: reason, session: delivery.session.key, sessionID: delivery.session.sessionID,
                labels: delivery.session.labels, call: delivery.call, side: delivery.side,
                route: delivery.routes.first, handler: name, attempts: delivery.attempt, error: written,
                line: event.position.line, length: event.bytes.count, bytes: event.bytes))
        record(delivery, .deadLetter, attempts: delivery.attempt, since: begin)
        if roles.takesFunctionCalls, delivery.event.type.code == .routerFunctionCallReady {
            delivery.session.fail(delivery, reason: error)
        }
    }

    /// Counts and records a delivery that did not fit into a queue.
    func drop(_ item: QueuedDelivery) {
        let delivery = item.delivery
        item.run.counters.dropped.add(1, ordering: .relaxed)
        record(delivery, .dropped, attempts: 0, since: context.clock.now)
        if roles.takesFunctionCalls, delivery.event.type.code == .routerFunctionCallReady {
            delivery.session.refuseBusy(delivery)
        }
        item.run.noteSettled(1)
        _ = item.run.wakeIfWanted()
    }

    private func record(
        _ delivery: EventDelivery, _ outcome: DispatchRecord.Outcome, attempts: Int, since begin: Duration
    ) {
        context.log?.record(
            DispatchRecord(
                session: delivery.session.key, position: delivery.event.position, type: delivery.event.type.name,
                side: delivery.side, routes: delivery.routes, handler: name, outcome: outcome, attempts: attempts,
                milliseconds: (context.clock.now - begin).seconds * 1000))
    }
}
