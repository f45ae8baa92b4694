#if os(Linux)
    import EventJSON
    import EventRouter
    import RealtimeEvents
    import RouterTesting
    import Synchronization

    /// Sends an event from time to time, and measures its delay on the way to another handler of the router.
    final class Prober: EventHandler {
        private let sent = Mutex<[ContinuousClock.Instant]>([])
        private let waits = Mutex<[Duration]>([])

        var interests: [EventType] { ["probe"] }

        func handle(_ delivery: EventDelivery) async throws {
            let now = ContinuousClock.now
            guard case .number(let value)? = delivery.event.json["number"], let number = value.int else { return }
            let begin = sent.withLock { $0[number] }
            waits.withLock { $0.append(now - begin) }
        }

        /// Sends the events of its own session until the task is cancelled.
        func probe(_ router: Router) async throws {
            let source = ScriptedSource(key: "probe")
            async let running = router.run(source)
            while !Task.isCancelled {
                let number = sent.withLock { sent in
                    sent.append(.now)
                    return sent.count - 1
                }
                source.send(#"{"type":"probe","number":\#(number)}"#)
                try? await Task.sleep(for: .milliseconds(5))
            }
            source.end()
            _ = try await running
        }

        /// The delays measured since the last call, sorted.
        func takeWaits() -> [Duration] {
            waits.withLock { waits in
                defer { waits = [] }
                return waits.sorted()
            }
        }
    }

    extension [Duration] {
        /// A percentile of sorted values.
        func quantile(_ part: Double) -> Duration {
            isEmpty ? .zero : self[Swift.min(count - 1, Int(Double(count) * part))]
        }
    }
#endif
