import NIOCore
import NIOWebSocket

/// The pings that went out behind messages, and what is to be done when the peer answers them.
///
/// A peer answers pings in their order, and only when it has read what came before them.
struct Acknowledgements {
    private var last: UInt64 = 0
    private var waiting = CircularBuffer<(number: UInt64, taken: @Sendable () -> Void)>()

    /// Makes a ping.
    ///
    /// - Parameter taken: called when the peer has answered it, or a later one.
    /// - Returns: the ping's data.
    mutating func ping(_ taken: @escaping @Sendable () -> Void) -> ByteBuffer {
        last += 1
        waiting.append((last, taken))
        return ByteBuffer(integer: last)
    }

    /// Takes a pong. One that answers no ping of these is ignored.
    mutating func take(pong data: ByteBuffer) {
        guard data.readableBytes == 8, let number = data.getInteger(at: data.readerIndex, as: UInt64.self),
            number <= last
        else { return }
        while let first = waiting.first, first.number <= number { waiting.removeFirst().taken() }
    }
}

extension WebSocketHandler {
    /// Writes a text message and a ping behind it, and calls a closure when the peer has answered that.
    func write(_ message: ByteBuffer, acknowledged: @escaping @Sendable () -> Void) -> Bool {
        guard write(message, isText: true), let context else { return false }
        send(.ping, acknowledgements.ping(acknowledged), context)
        return true
    }
}
