import EventJSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of events in memory.
struct Corpus {
    /// The whole file.
    let bytes: [UInt8]

    init(path: String) throws {
        guard let file = fopen(path, "r") else { throw Failure("cannot read \(path)") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        var got = 0
        bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            got = fread(buffer.baseAddress, 1, size, file)
            count = got
        }
        guard got == size else { throw Failure("cannot read \(path) to its end") }
    }

    /// Calls `body` with each line. Searches for line ends during the iteration, as when a file is read.
    @inline(__always)
    func forEachLine<E: Error>(_ body: (RawSpan) throws(E) -> Void) throws(E) {
        let text = bytes.span.bytes
        var start = 0
        while start < text.byteCount {
            let end = lineEnd(from: start)
            try body(text.extracting(start..<end))
            start = end + 1
        }
    }

    private func lineEnd(from start: Int) -> Int {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, let found = memchr(base + start, 0x0A, buffer.count - start) else {
                return buffer.count
            }
            return UnsafeRawPointer(found) - base
        }
    }
}

/// The reason why a benchmark could not run.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
