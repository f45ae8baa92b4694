#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files that a path stands for: itself, what it was renamed to when it was full (`FILE.1`, …), and, where it has `{session}` and
/// `{date}`, one for each.
public struct FilePattern: Sendable {
    private let path: String

    /// The files of a path.
    public init(_ path: String) {
        self.path = path
    }

    /// The files of a path in which `{session}` stands for one session and `{date}` for any day.
    public init(_ path: String, session: String) {
        self.path = path.replacing("{session}", with: SafeFileName(session).description)
    }

    /// Those that are there, links aside, in order.
    public func files() -> [String] {
        var pattern = ""
        for character in path {
            if "\\*?[]".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        let day = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
        pattern = pattern.replacing("{date}", with: day).replacing("{session}", with: "*")
        let own = Self.matches(pattern)
        let renamed = Self.matches(pattern + ".*").filter { file in
            let number = file[file.index(after: file.lastIndex(of: ".") ?? file.startIndex)...]
            return !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        return Set(own + renamed).filter(Self.isFile).sorted()
    }

    /// Removes those that nobody wrote to since a time.
    ///
    /// - Returns: how many.
    /// - Throws: ``FileFailure`` when one cannot be removed.
    public func remove(unwrittenSince time: Double) throws -> Int {
        try Self.remove(
            files().filter { file in
                var facts = stat()
                return lstat(file, &facts) == 0 && Double(Self.seconds(facts)) < time
            })
    }

    /// Removes all of them.
    ///
    /// - Returns: how many.
    /// - Throws: ``FileFailure`` when one cannot be removed.
    public func remove() throws -> Int { try Self.remove(files()) }

    private static func remove(_ files: [String]) throws -> Int {
        for file in files where unlink(file) != 0 && errno != ENOENT {
            throw FileFailure("cannot remove", file, errno)
        }
        return files.count
    }

    private static func seconds(_ facts: stat) -> Int {
        #if canImport(Darwin)
            facts.st_mtimespec.tv_sec
        #else
            facts.st_mtim.tv_sec
        #endif
    }

    private static func isFile(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    private static func matches(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}
