import NIOCore

extension WebSocket {
    /// Makes the connection send each message in several fragments, and each fragment in several writes. Only on the event loop.
    func fragmentMessages() {
        let pipeline = channel.pipeline.syncOperations
        guard let context = try? pipeline.context(handlerType: WebSocketHandler.self) else { return }
        try? pipeline.addHandler(MessageFragmenter(), position: .before(context.handler))
    }
}

/// Splits the frames of a server's messages at arbitrary places, even within a character or within a frame's header.
final class MessageFragmenter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let fragmentCount = 5
    private static let finalBit: UInt8 = 0x80
    private static let text: UInt8 = 0x1

    /// The bytes of an incomplete frame.
    private var frame = ByteBuffer()

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        frame.writeImmutableBuffer(unwrapOutboundIn(data))
        var pieces: [ByteBuffer] = []
        while let pair = readFrame() { pieces += Self.pieces(opcode: pair.opcode, pair.data) }
        guard let last = pieces.popLast() else {
            promise?.succeed()
            return
        }
        for piece in pieces { context.writeAndFlush(wrapOutboundOut(piece), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(last), promise: promise)
    }

    /// Reads a whole frame; returns nil if the frame is incomplete.
    private func readFrame() -> (opcode: UInt8, data: ByteBuffer)? {
        var rest = frame
        guard let first = rest.readInteger(as: UInt8.self), let length = rest.readInteger(as: UInt8.self) else {
            return nil
        }
        let count: Int?
        switch length & 0x7F {
        case 126: count = rest.readInteger(as: UInt16.self).map(Int.init)
        case 127: count = rest.readInteger(as: UInt64.self).map(Int.init)
        default: count = Int(length & 0x7F)
        }
        guard let count, let data = rest.readSlice(length: count) else { return nil }
        frame = rest.readableBytes == 0 ? ByteBuffer() : rest
        return (first & 0x0F, data)
    }

    /// The bytes of a message's fragments, or of a control frame, split into separate writes.
    private static func pieces(opcode: UInt8, _ data: ByteBuffer) -> [ByteBuffer] {
        guard opcode == text, data.readableBytes > 1 else { return [header(finalBit | opcode, data)] }
        let size = (data.readableBytes + fragmentCount - 1) / fragmentCount
        var rest = data
        var pieces: [ByteBuffer] = []
        var opcode = opcode
        while rest.readableBytes > 0 {
            let part = rest.readSlice(length: min(size, rest.readableBytes)) ?? ByteBuffer()
            var bytes = header(rest.readableBytes == 0 ? finalBit | opcode : opcode, part)
            if let beginning = bytes.readSlice(length: 1) { pieces.append(beginning) }
            pieces.append(bytes)
            opcode = 0
        }
        return pieces
    }

    private static func header(_ first: UInt8, _ data: ByteBuffer) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.writeInteger(first)
        switch data.readableBytes {
        case ...125: frame.writeInteger(UInt8(data.readableBytes))
        case ...0xFFFF:
            frame.writeInteger(UInt8(126))
            frame.writeInteger(UInt16(data.readableBytes))
        default:
            frame.writeInteger(UInt8(127))
            frame.writeInteger(UInt64(data.readableBytes))
        }
        frame.writeImmutableBuffer(data)
        return frame
    }
}
