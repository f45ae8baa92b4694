import NIOWebSocket

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The keys with which a client masks its frames: unpredictable, as RFC 6455 requires (section 5.3), and read from the system in batches.
struct MaskKeys {
    private static let count = 256

    private var bytes = [UInt8](repeating: 0, count: 4 * count)
    /// The index of the next key; at first past the end, so that the first use fetches keys.
    private var next = count

    /// A key that was not used before.
    mutating func key() -> WebSocketMaskingKey {
        if next == Self.count { refill() }
        defer { next += 1 }
        let key = bytes[4 * next..<4 * next + 4]
        return WebSocketMaskingKey(key) ?? .random()
    }

    private mutating func refill() {
        next = 0
        bytes.withUnsafeMutableBytes { buffer in
            #if canImport(Darwin)
                arc4random_buf(buffer.baseAddress, buffer.count)
            #else
                // `getentropy` returns at most 256 bytes per call.
                for start in stride(from: 0, to: buffer.count, by: 256) {
                    let part = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + 256])
                    guard let place = part.baseAddress, getentropy(place, part.count) == 0 else {
                        for index in part.indices { part[index] = .random(in: .min ... .max) }
                        continue
                    }
                }
            #endif
        }
    }
}
