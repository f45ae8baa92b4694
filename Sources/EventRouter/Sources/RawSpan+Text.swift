#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension RawSpan {
    /// Whether what stands at an offset, which is none beyond the end, begins with a text.
    func begins(with beginning: StaticString, at offset: Int = 0) -> Bool {
        let count = beginning.utf8CodeUnitCount
        guard byteCount - offset >= count else { return false }
        return withUnsafeBytes { memcmp($0.baseAddress! + offset, beginning.utf8Start, count) == 0 }
    }

    /// Whether a text of at least eight bytes stands anywhere in it.
    func contains(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard count >= 8, byteCount >= count else { return false }
        let beginning = UnsafeRawPointer(text.utf8Start).loadUnaligned(as: UInt64.self)
        return withUnsafeBytes { bytes in
            (0...bytes.count - count).contains { offset in
                bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) == beginning
                    && memcmp(bytes.baseAddress! + offset, text.utf8Start, count) == 0
            }
        }
    }
}
