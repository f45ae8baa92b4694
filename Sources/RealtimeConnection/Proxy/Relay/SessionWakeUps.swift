import EventRouter
import NIOCore

/// Has messages that its session has not routed yet.
protocol EnqueuingRelay: AnyObject {
    /// Returns the session to wake; nil if it is over. Called once after each ``SessionWakeUps/add(_:)``.
    func sessionToWake() -> AttachedSession?
}

/// Wakes the sessions of one event loop in batches, so that they route their enqueued messages.
///
/// Waking a session for each message would wake a thread for each message. That needs two system calls, which cost more
/// than routing the message. The message is forwarded before the wake-up, so its receiver does not wait for the
/// wake-up. Only what the router itself sends, such as a function's output, is sent up to ``delay`` later.
final class SessionWakeUps {
    /// The longest time that a message waits to be routed.
    private static let delay = TimeAmount.milliseconds(5)

    private let eventLoop: any EventLoop
    private var relays: [any EnqueuingRelay] = []

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Wakes the relay's session soon.
    func add(_ relay: any EnqueuingRelay) {
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
