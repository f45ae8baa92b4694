import NIOCore

/// Splits the incoming bytes into the HTTP header of the handshake and the WebSocket frames after it. Between the two,
/// the HTTP handlers are replaced with the WebSocket handlers.
///
/// It is the first handler after TLS. The HTTP handlers get only the header, so that they cannot consume the first frame. The
/// replacement is immediate: frames in the same TCP segment as the header, and a connection end right after them, reach the WebSocket.
final class HandshakeSplitter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Phase {
        /// The header is incomplete.
        case header(ByteBuffer)
        /// The HTTP handlers have the header; the bytes after it are held.
        case waiting(ByteBuffer)
        /// All bytes are passed on: to the WebSocket, or to HTTP if there is no WebSocket.
        case passing
        /// All bytes are dropped.
        case discarding
    }

    private static let headerEnd = Array("\r\n\r\n".utf8)

    private let limit: Int
    /// The bytes that a header must begin with; nil for a request, which begins with a method in capital letters.
    private let beginning: [UInt8]?
    /// Whether a header starts a WebSocket; after any other header all bytes are HTTP.
    private let startsWebSocket: (ByteBuffer) -> Bool
    private var phase = Phase.header(ByteBuffer())
    private var context: ChannelHandlerContext?

    private init(limit: Int, beginning: [UInt8]?, startsWebSocket: @escaping (ByteBuffer) -> Bool) {
        self.limit = limit
        self.beginning = beginning
        self.startsWebSocket = startsWebSocket
    }

    /// A splitter for a client. A response with another status than 101 is HTTP.
    static func forClient(limit: Int) -> HandshakeSplitter {
        HandshakeSplitter(limit: limit, beginning: Array("HTTP/".utf8)) { header in
            header.getString(at: header.readerIndex, length: 12)?.hasSuffix(" 101") == true
        }
    }

    /// A splitter for a server.
    static func forServer(limit: Int) -> HandshakeSplitter {
        HandshakeSplitter(limit: limit, beginning: nil) { _ in true }
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var data = unwrapInboundIn(data)
        switch phase {
        case .passing: context.fireChannelRead(wrapInboundOut(data))
        case .discarding: break
        case .waiting(var held):
            phase = .passing
            held.writeBuffer(&data)
            phase = .waiting(held)
        case .header(var header):
            phase = .passing
            let start = max(0, header.readableBytes - 3)
            header.writeBuffer(&data)
            divide(header, from: start, context)
        }
    }

    private func divide(_ bytes: ByteBuffer, from start: Int, _ context: ChannelHandlerContext) {
        let view = bytes.readableBytesView
        guard let end = view[(view.startIndex + start)...].firstRange(of: Self.headerEnd)?.upperBound else {
            // The HTTP handlers refuse a header that is too long or malformed.
            if bytes.readableBytes > limit || !canBeHeader(view) {
                return context.fireChannelRead(wrapInboundOut(bytes))
            }
            phase = .header(bytes)
            return
        }
        guard end - view.startIndex <= limit else { return context.fireChannelRead(wrapInboundOut(bytes)) }
        var rest = bytes
        guard let header = rest.readSlice(length: end - view.startIndex) else { return }
        if isPreliminary(header) {
            context.fireChannelRead(wrapInboundOut(header))
            return divide(rest, from: 0, context)
        }
        guard startsWebSocket(header) else { return context.fireChannelRead(wrapInboundOut(bytes)) }
        phase = .waiting(rest)
        context.fireChannelRead(wrapInboundOut(header))
    }

    /// Whether a header is an interim response such as 103, which the final response follows.
    private func isPreliminary(_ header: ByteBuffer) -> Bool {
        guard beginning != nil, let status = header.getString(at: header.readerIndex + 9, length: 3) else {
            return false
        }
        return status.hasPrefix("1") && status != "101"
    }

    private func canBeHeader(_ bytes: ByteBufferView) -> Bool {
        guard let beginning else { return bytes.first.map { (0x41...0x5A).contains($0) } ?? true }
        return bytes.prefix(beginning.count).elementsEqual(beginning.prefix(bytes.count))
    }

    /// Whether the HTTP handlers have a complete header, after which another protocol can begin.
    var isWaiting: Bool { if case .waiting = phase { true } else { false } }

    /// The number of bytes that are held after the header.
    var heldBytes: Int { if case .waiting(let held) = phase { held.readableBytes } else { 0 } }

    /// Drops the held bytes and all later ones, because the handshake was refused.
    func discard() { phase = .discarding }

    /// Adds handlers right after this one, before the HTTP handlers, and delivers the held bytes to them.
    func upgrade(_ handlers: [any ChannelHandler]) throws {
        guard case .waiting(let held) = phase, let context else { throw ChannelError.ioOnClosedChannel }
        phase = .passing
        try context.pipeline.syncOperations.addHandlers(handlers, position: .after(self))
        guard held.readableBytes > 0 else { return }
        context.fireChannelRead(wrapInboundOut(held))
        context.fireChannelReadComplete()
    }
}
