import NIOCore
import NIOWebSocket

/// The bytes of a frame: a whole message or a control frame.
struct EncodedFrame {
    /// The largest payload, in bytes, for which copying an unmasked payload into the header's buffer costs less than a second write.
    private static let largestCopy = 32 << 10

    /// The frame's header, followed by the payload if `data` is nil.
    let head: ByteBuffer
    /// The payload of a large unmasked frame, which is written without a copy; nil for other frames.
    let data: ByteBuffer?

    /// - Parameter mask: the key that masks the payload, required for a client; nil for a server.
    init(
        _ opcode: WebSocketOpcode, _ data: ByteBuffer, mask: WebSocketMaskingKey?, _ allocator: ByteBufferAllocator
    ) {
        let count = data.readableBytes
        let isCopied = mask != nil || count <= Self.largestCopy
        var head = allocator.buffer(capacity: 14 + (isCopied ? count : 0))
        head.writeInteger(0x80 | opcode.wireCode)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch count {
        case ...125: head.writeInteger(maskBit | UInt8(count))
        case ...0xFFFF:
            head.writeInteger(maskBit | 126)
            head.writeInteger(UInt16(count))
        default:
            head.writeInteger(maskBit | 127)
            head.writeInteger(UInt64(count))
        }
        if let mask {
            for byte in mask { head.writeInteger(byte) }
        }
        let start = head.writerIndex
        if isCopied { head.writeImmutableBuffer(data) }
        if let mask { head.toggleMask(mask, from: start) }
        self.head = head
        self.data = isCopied ? nil : data
    }
}

extension WebSocketOpcode {
    /// The opcode's four bits.
    fileprivate var wireCode: UInt8 {
        switch self {
        case .continuation: 0x0
        case .text: 0x1
        case .binary: 0x2
        case .connectionClose: 0x8
        case .ping: 0x9
        default: 0xA
        }
    }
}

extension ByteBuffer {
    /// Masks or unmasks the bytes from an index on, eight at a time.
    ///
    /// - Parameter start: the index; by default that of the first readable byte.
    mutating func toggleMask(_ key: WebSocketMaskingKey, from start: Int? = nil) {
        let bytes = (key[0], key[1], key[2], key[3])
        let word = withUnsafeBytes(of: (bytes, bytes)) { $0.loadUnaligned(as: UInt64.self) }
        let offset = (start ?? readerIndex) - readerIndex
        withUnsafeMutableReadableBytes { readable in
            let buffer = UnsafeMutableRawBufferPointer(rebasing: readable[offset...])
            var index = 0
            while index + 8 <= buffer.count {
                let masked = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ word
                buffer.storeBytes(of: masked, toByteOffset: index, as: UInt64.self)
                index += 8
            }
            while index < buffer.count {
                buffer[index] ^= key[index % 4]
                index += 1
            }
        }
    }
}
