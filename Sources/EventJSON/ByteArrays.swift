#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

// Appends and compares raw bytes. The text is not decoded, so its escapes and invalid UTF-8 are kept.
extension [UInt8] {
    /// Appends the bytes.
    package mutating func append(_ text: RawSpan) {
        // Appending no bytes would still write the array's count. All empty arrays share one storage, so threads would
        // race on it.
        guard text.byteCount > 0 else { return }
        append(addingCapacity: text.byteCount) { $0.append(text) }
    }

    /// Whether the array begins with these bytes.
    package func starts(with text: RawSpan) -> Bool {
        guard text.byteCount > 0 else { return true }
        guard text.byteCount <= count else { return false }
        return unsafe text.withUnsafeBytes { text in
            unsafe withUnsafeBytes { unsafe memcmp($0.baseAddress!, text.baseAddress!, text.count) == 0 }
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends the bytes.
    ///
    /// - Precondition: The span has capacity for them.
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
