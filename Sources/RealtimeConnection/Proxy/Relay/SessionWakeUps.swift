import EventRouter
import NIOCore

/// Lets the sessions of one event loop route what they received, all of them together.
///
/// A session that is woken for each message wakes a thread for each. That takes two system calls, which cost more than routing the message.
/// The message has passed by then, so no client and no server waits for this.
final class SessionWakeUps {
    /// The longest time that a message waits to be routed.
    private static let delay = TimeAmount.milliseconds(5)

    private let eventLoop: any EventLoop
    private var relays: [Relay] = []

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Wakes the relay's session soon.
    func add(_ relay: Relay) {
        if relays.isEmpty {
            eventLoop.assumeIsolated().scheduleTask(in: Self.delay) { self.wakeAll() }
        }
        relays.append(relay)
    }

    private func wakeAll() {
        AttachedSession.routeEnqueued(in: relays.compactMap { $0.sessionToWake() })
        relays.removeAll(keepingCapacity: true)
    }
}
