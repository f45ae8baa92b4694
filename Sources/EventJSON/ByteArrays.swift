#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

// Bytes of a text that was read, as they are.
extension [UInt8] {
    /// Adds them at the end.
    package mutating func append(_ text: RawSpan) {
        // Without bytes the count of an empty array would be written anew, and all empty arrays are one.
        guard text.byteCount > 0 else { return }
        append(addingCapacity: text.byteCount) { $0.append(text) }
    }

    /// Whether these are the same as the first ones here.
    package func starts(with text: RawSpan) -> Bool {
        guard text.byteCount > 0 else { return true }
        guard text.byteCount <= count else { return false }
        return unsafe text.withUnsafeBytes { text in
            unsafe withUnsafeBytes { unsafe memcmp($0.baseAddress!, text.baseAddress!, text.count) == 0 }
        }
    }
}

extension OutputSpan<UInt8> {
    /// Adds them at the end.
    ///
    /// - Precondition: there is room for them.
    mutating func append(_ text: RawSpan) {
        guard text.byteCount > 0 else { return }
        precondition(text.byteCount <= freeCapacity, "There is no room for the bytes.")
        unsafe text.withUnsafeBytes { source in
            unsafe withUnsafeMutableBufferPointer { buffer, count in
                unsafe UnsafeMutableRawPointer(buffer.baseAddress! + count)
                    .copyMemory(from: source.baseAddress!, byteCount: source.count)
                count += source.count
            }
        }
    }
}
