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
}
