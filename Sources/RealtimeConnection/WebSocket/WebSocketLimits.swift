import NIOCore

/// The limits of a WebSocket connection.
public struct WebSocketLimits: Sendable, Hashable {
    /// The largest message that is taken, in bytes, over all its fragments. A larger one ends the connection with 1009.
    public var maximumMessageBytes = 16 << 20
    /// The time from the first attempt to connect to the end of the handshake: name resolution, TLS and the HTTP upgrade included.
    public var handshakeTimeout = Duration.seconds(15)
    /// How long the answer to a client's handshake may take, once the request is there.
    public var answerTimeout = Duration.seconds(15)
    /// How long a peer may be silent before it gets a ping. A peer that sends nothing for two such intervals, or takes nothing, is dead.
    public var pingInterval = Duration.seconds(20)
    /// How long the peer has to answer a close frame, once that has gone out. What waits before it has ten times as long.
    public var closeTimeout = Duration.seconds(3)
    /// From so many bytes on that the peer has not taken, ``WebSocket/send(_:)`` waits.
    public var maximumQueuedBytes = 256 << 10
    /// The largest HTTP header of a handshake, in bytes.
    public var maximumHeaderBytes = 16 << 10

    /// The defaults.
    public init() {}
}

extension WebSocketLimits {
    /// How many ``closeTimeout``s it takes at most until a connection that is being closed has ended.
    static let closePatience = 10

    /// When a channel stops to be writable, and when it is again.
    var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        ChannelOptions.Types.WriteBufferWaterMark(
            low: max(1, maximumQueuedBytes / 4), high: max(1, maximumQueuedBytes))
    }
}
