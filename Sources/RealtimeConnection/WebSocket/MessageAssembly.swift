import NIOCore
import NIOWebSocket

/// Assembles messages from frames, and detects protocol violations (RFC 6455, sections 5 and 7).
struct MessageAssembly {
    enum Step: Equatable {
        /// A whole message.
        case message(ByteBuffer, isText: Bool)
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        /// A close frame.
        case close(code: UInt16?, reason: String)
        /// A fragment of a message that is not complete yet.
        case more
        /// The peer broke the protocol; the connection must be closed with this code.
        case violation(code: UInt16, String)
    }

    private let maximumBytes: Int
    /// Whether frames must be masked: a client's frames must be, a server's must not.
    private let expectsMask: Bool
    /// The fragments received so far of the current message.
    private var fragments: (data: ByteBuffer, isText: Bool)?

    init(maximumBytes: Int, expectsMask: Bool) {
        self.maximumBytes = maximumBytes
        self.expectsMask = expectsMask
    }

    mutating func take(_ frame: WebSocketFrame) -> Step {
        guard (frame.maskKey != nil) == expectsMask else {
            return .violation(code: 1002, expectsMask ? "a frame of the client is not masked" : "a frame is masked")
        }
        guard frame.reservedBits.isEmpty else {
            return .violation(code: 1002, "a frame has reserved bits, and no extension was agreed on")
        }
        var data = frame.data
        if let key = frame.maskKey { data.toggleMask(key) }
        switch frame.opcode {
        case .text: return begin(data, isText: true, isFinal: frame.fin)
        case .binary: return begin(data, isText: false, isFinal: frame.fin)
        case .continuation: return goOn(data, isFinal: frame.fin)
        case .ping: return .ping(data)
        case .pong: return .pong(data)
        case .connectionClose: return Self.close(&data)
        default: return .violation(code: 1002, "a frame has an unknown opcode")
        }
    }

    private mutating func begin(_ data: ByteBuffer, isText: Bool, isFinal: Bool) -> Step {
        guard fragments == nil else {
            return .violation(code: 1002, "a message began before the last fragment of the one before it")
        }
        guard !isFinal else { return Self.message(data, isText: isText) }
        fragments = (data, isText)
        return .more
    }

    private mutating func goOn(_ data: ByteBuffer, isFinal: Bool) -> Step {
        guard let (begun, isText) = fragments else {
            return .violation(code: 1002, "a fragment came without a message")
        }
        // `message` becomes the buffer's only owner, so that appending does not copy.
        fragments = nil
        var message = consume begun
        guard message.readableBytes + data.readableBytes <= maximumBytes else {
            return .violation(code: 1009, "a message is larger than \(maximumBytes) bytes")
        }
        message.writeImmutableBuffer(data)
        guard !isFinal else { return Self.message(message, isText: isText) }
        fragments = (message, isText)
        return .more
    }

    /// A whole message; a violation if it is a text message with invalid UTF-8 (RFC 6455, section 8.1).
    private static func message(_ data: ByteBuffer, isText: Bool) -> Step {
        guard !isText || data.isUTF8 else { return .violation(code: 1007, "a text message is not UTF-8") }
        return .message(data, isText: isText)
    }

    private static func close(_ data: inout ByteBuffer) -> Step {
        guard data.readableBytes > 0 else { return .close(code: nil, reason: "") }
        guard let code = data.readInteger(as: UInt16.self), isAllowed(code) else {
            return .violation(code: 1002, "a close frame has no valid code")
        }
        guard data.isUTF8 else { return .violation(code: 1007, "the reason of a close frame is not UTF-8") }
        return .close(code: code, reason: String(buffer: data))
    }

    /// Whether a close frame may carry this code.
    static func isAllowed(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

extension ByteBuffer {
    /// Whether the readable bytes are UTF-8.
    var isUTF8: Bool { (try? UTF8Span(validating: readableBytesUInt8Span)) != nil }
}
