import ConfigSource

/// How a WebSocket connection ended.
public enum WebSocketEnd: Sendable, Hashable, CustomStringConvertible {
    /// The peer sent a close frame. The code is nil if the frame had none (1005).
    case closed(code: UInt16?, reason: String)
    /// The connection ended without a close frame (1006); the text gives the cause.
    case lost(String)
    /// The peer broke the protocol. The connection was closed with this code.
    case violated(code: UInt16, String)
    /// For two ping intervals the peer sent nothing, not even a pong, or accepted nothing.
    case silent(Duration)
    /// This side closed the connection, and the peer answered the close frame or the close timeout passed.
    case local(code: UInt16)

    /// Whether the peer closed the connection normally: with code 1000 or without a code.
    var isOrderly: Bool {
        switch self {
        case .closed(nil, _), .closed(1000, _): true
        default: false
        }
    }

    /// A description such as `closed by the peer with 1001 (session expired)`.
    public var description: String {
        switch self {
        case .closed(nil, _): "closed by the peer without a code"
        case .closed(let code?, ""): "closed by the peer with \(code)"
        case .closed(let code?, let reason): "closed by the peer with \(code) (\(reason.printable))"
        case .lost(let what): "lost without a close frame: \(what)"
        case .violated(let code, let what): "closed here with \(code), as the peer broke the protocol: \(what)"
        case .silent(let duration): "lost: no sign of life for \(duration.wholeSeconds) s"
        case .local(let code): "closed here with \(code)"
        }
    }
}

extension Duration {
    /// The duration in seconds, rounded.
    var wholeSeconds: Int {
        Int(components.seconds) + (components.attoseconds >= 500_000_000_000_000_000 ? 1 : 0)
    }
}
