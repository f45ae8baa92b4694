import NIOCore

/// Divides what comes into the HTTP header of the handshake and the frames behind it, and lets the WebSocket take the place of HTTP
/// between the two.
///
/// It is the first handler behind TLS. HTTP's handlers get the header only, so none of them can swallow the first frame, and the change
/// happens at once: what comes with the header in one segment, and the end of the connection behind that, find the WebSocket.
final class HandshakeSplitter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Phase {
        /// The header has not come whole.
        case header(ByteBuffer)
        /// HTTP has the header; what came behind it waits.
        case waiting(ByteBuffer)
        /// Everything is passed on: to the WebSocket, or to HTTP where there is none.
        case passing
        /// Nothing is wanted any more.
        case discarding
    }

    private static let headerEnd = Array("\r\n\r\n".utf8)

    private let limit: Int
    /// What a header begins with; nil for a method of HTTP, which is made of capital letters.
    private let beginning: [UInt8]?
    /// Whether a header begins a WebSocket; after any other all is HTTP.
    private let startsWebSocket: (ByteBuffer) -> Bool
    private var phase = Phase.header(ByteBuffer())
    private var context: ChannelHandlerContext?

    private init(limit: Int, beginning: [UInt8]?, startsWebSocket: @escaping (ByteBuffer) -> Bool) {
        self.limit = limit
        self.beginning = beginning
        self.startsWebSocket = startsWebSocket
    }

    /// For a client: an answer with another status than 101 is HTTP.
    static func forClient(limit: Int) -> HandshakeSplitter {
        HandshakeSplitter(limit: limit, beginning: Array("HTTP/".utf8)) { header in
            header.getString(at: header.readerIndex, length: 12)?.hasSuffix(" 101") == true
        }
    }

    /// For a server.
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
            // What is too long, or no header, is for HTTP to refuse.
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

    /// Whether a header is an answer with a status such as 103, behind which the final one comes.
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

    /// Whether HTTP has a whole header, behind which another protocol can begin.
    var isWaiting: Bool { if case .waiting = phase { true } else { false } }

    /// How many bytes wait behind the header.
    var heldBytes: Int { if case .waiting(let held) = phase { held.readableBytes } else { 0 } }

    /// Drops what came behind the header and what comes, as the handshake was refused.
    func discard() { phase = .discarding }

    /// Puts the handlers of the WebSocket before those of HTTP, and gives them what came behind the header.
    func upgrade(_ handlers: [any ChannelHandler]) throws {
        guard case .waiting(let held) = phase, let context else { throw ChannelError.ioOnClosedChannel }
        phase = .passing
        try context.pipeline.syncOperations.addHandlers(handlers, position: .after(self))
        guard held.readableBytes > 0 else { return }
        context.fireChannelRead(wrapInboundOut(held))
        context.fireChannelReadComplete()
    }
}
