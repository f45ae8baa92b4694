import EventRouter
import NIOCore
import RealtimeEvents

/// Reports what happens on one of a ``Relay``'s two connections to the relay.
final class RelayLeg: WebSocketReceiver {
    private let side: Relay.Side
    private let relay: NIOLoopBound<Relay>

    init(_ side: Relay.Side, _ relay: NIOLoopBound<Relay>) {
        self.side = side
        self.relay = relay
    }

    func opened(_ socket: WebSocket) { relay.value.opened(socket, side) }

    func receive(_ message: ByteBuffer, isText: Bool) -> Bool {
        relay.value.receive(message, isText: isText, from: side)
    }

    func ended(_ end: WebSocketEnd) { relay.value.ended(end, side) }
}

/// A handle for using a ``Relay`` outside its event loop.
struct RelayHandle: Sendable {
    private let relay: NIOLoopBound<Relay>
    private let eventLoop: any EventLoop
    let client: RelayLeg
    let server: RelayLeg

    /// Creates a relay on an event loop.
    static func make(
        on eventLoop: any EventLoop, linger: Duration, filter: @escaping @Sendable () -> SessionFilter?,
        secrets: ClientSecrets, figures: ProxyFigures, wakeUps: NIOLoopBoundBox<SessionWakeUps>,
        onEnd: @escaping @Sendable (AttachedSession?) -> Void
    ) async throws -> RelayHandle {
        try await eventLoop.submit {
            let relay = Relay(
                on: eventLoop, linger: linger, filter: filter(), secrets: secrets, figures: figures,
                wakeUps: wakeUps.value, onEnd: onEnd)
            return RelayHandle(NIOLoopBound(relay, eventLoop: eventLoop), eventLoop)
        }.get()
    }

    private init(_ relay: NIOLoopBound<Relay>, _ eventLoop: any EventLoop) {
        self.relay = relay
        self.eventLoop = eventLoop
        client = RelayLeg(.client, relay)
        server = RelayLeg(.server, relay)
    }

    /// Sends one of the router's events to the server.
    ///
    /// - Returns: false if the connection to the server has ended.
    func send(_ event: ClientEvent) async -> Bool {
        await withCheckedContinuation { continuation in
            run { $0.send(event) { continuation.resume(returning: $0) } }
        }
    }

    /// Runs a closure on the relay's event loop.
    func run(_ body: @escaping @Sendable (Relay) -> Void) {
        eventLoop.execute { body(relay.value) }
    }
}
