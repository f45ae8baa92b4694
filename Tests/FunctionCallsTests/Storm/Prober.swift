#if os(Linux)
    import EventJSON
    import EventRouter
    import RealtimeEvents
    import RouterTesting
    import Synchronization

    /// Sends an event now and then, and measures how long another handler of the router waits for it.
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

        /// Probes as a session of its own until the task is cancelled.
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

        /// The waits since this was last asked, in order.
        func takeWaits() -> [Duration] {
            waits.withLock { waits in
                defer { waits = [] }
                return waits.sorted()
            }
        }
    }

    extension [Duration] {
        /// The value that such a part of the sorted values does not exceed.
        func quantile(_ part: Double) -> Duration {
            isEmpty ? .zero : self[Swift.min(count - 1, Int(Double(count) * part))]
        }
    }
#endif
