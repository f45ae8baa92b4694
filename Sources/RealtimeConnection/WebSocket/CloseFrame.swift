import NIOCore
import NIOWebSocket

/// How far a connection is.
enum WebSocketPhase {
    case open
    /// A close frame went out; the peer's is to come.
    case closing(WebSocketEnd)
    /// The receiver knows it, unless it still refuses messages.
    case ended(WebSocketEnd)
}

extension ByteBuffer {
    /// The data of a close frame; none without a code. A reason of more than 123 bytes is cut.
    init(closeCode code: UInt16?, reason: String) {
        self.init()
        guard let code else { return }
        writeInteger(code)
        writeBytes(reason.cut(toUTF8Bytes: 123).utf8)
    }
}

extension NIOWebSocketError {
    /// The close code and the words for what the decoder of frames refuses.
    func violation(_ limits: WebSocketLimits) -> (code: UInt16, reason: String) {
        switch self {
        case .invalidFrameLength: (1009, "a frame is larger than \(limits.maximumMessageBytes) bytes")
        case .fragmentedControlFrame: (1002, "a control frame is fragmented")
        case .multiByteControlFrameLength: (1002, "a control frame is longer than 125 bytes")
        }
    }
}
