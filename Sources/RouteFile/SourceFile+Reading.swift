import ConfigSource

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension SourceFile {
    /// A configuration file from the disk, or nil and an error without a file.
    ///
    /// Of a file that is too large no more is read than shows it.
    static func read(_ path: String, _ diagnostics: Diagnostics) -> SourceFile? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            diagnostics.error("cannot read \(path): \(reason(errno))")
            return nil
        }
        defer { _ = close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT != S_IFDIR else {
            diagnostics.error("cannot read \(path): it is a folder", help: "give the file itself: `\(path)/routes.yml`")
            return nil
        }
        if info.st_mode & S_IFMT == S_IFREG, info.st_size > YAML.maximumBytes {
            diagnostics.add(YAMLTextCheck.tooLarge(SourceFile(path: path, bytes: []), Int(info.st_size)))
            return nil
        }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count <= YAML.maximumBytes {
            let count = block.withUnsafeMutableBytes { Self.fill($0, from: descriptor) }
            guard count >= 0 else {
                diagnostics.error("cannot read \(path): \(reason(errno))")
                return nil
            }
            if count == 0 { break }
            bytes += block[..<count]
        }
        return SourceFile(path: path, bytes: bytes)
    }

    private static func fill(_ block: UnsafeMutableRawBufferPointer, from descriptor: CInt) -> Int {
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, block.baseAddress, block.count)
            #else
                let count = Darwin.read(descriptor, block.baseAddress, block.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }

    private static func reason(_ code: CInt) -> String { String(cString: strerror(code)) }
}
