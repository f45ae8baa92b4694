#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files that a path stands for: itself, what it was renamed to when it was full (`FILE.1`, …), and, where it has `{session}` and
/// `{date}`, one for each.
package struct FilePattern: Sendable {
    private let path: String
    /// The sessions of which there may be one; nil for any.
    private let family: SessionFamily?
    /// How those begin that are meant; others may have such a name too.
    private let beginnings: [[UInt8]]

    /// The files of a path in which `{session}` stands for one of some sessions and `{date}` for any day.
    ///
    /// - Parameters:
    ///   - path: the path.
    ///   - family: the sessions; any when nil.
    ///   - beginnings: how such files begin, so that no other of that name is taken for one.
    package init(_ path: String, of family: SessionFamily? = nil, beginnings: [String] = []) {
        self.path = path
        self.family = family
        self.beginnings = beginnings.map { Array($0.utf8) }
    }

    /// Those that are there, links aside, in order.
    ///
    /// - Throws: ``FileFailure`` when a folder cannot be read.
    package func files() throws -> [String] {
        var pattern = ""
        for character in path {
            if "\\*?[]".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        let day = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
        pattern = pattern.replacing("{date}", with: day).replacing("{session}", with: "*")
        let own = try Self.matches(pattern).map { (path: $0, name: $0[...]) }
        let renamed = try Self.matches(pattern + ".*").compactMap { file -> (path: String, name: Substring)? in
            let dot = file.lastIndex(of: ".") ?? file.startIndex
            let number = file[dot...].dropFirst()
            let isNumber = !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return isNumber ? (file, file[..<dot]) : nil
        }
        let files = ofFamily(own + renamed)
        return Set(files).filter { Self.isFile($0) && begins($0) }.sorted()
    }

    /// Those that are named for sessions of the family.
    private func ofFamily(_ files: [(path: String, name: Substring)]) -> [String] {
        guard let family, path.contains("{session}") else { return files.map(\.path) }
        // A day has as many characters as any other.
        let parts = path.replacing("{date}", with: "0000-00-00").split(
            separator: "{session}", omittingEmptySubsequences: false
        ).map(\.count)
        let others = parts.reduce(0, +)
        let names = files.map { file in
            (file.path, file.name.dropFirst(parts[0]).prefix(max(0, file.name.count - others) / (parts.count - 1)))
        }
        let own = family.fileNames(among: names.map(\.1))
        return names.filter { own.contains(String($0.1)) }.map(\.0)
    }

    /// Removes those that nobody wrote to since a time.
    ///
    /// - Parameters:
    ///   - time: the time, in seconds since 1970-01-01T00:00:00Z.
    ///   - paths: files that stay, whenever they were written to.
    /// - Returns: how many.
    /// - Throws: ``FileFailure`` when one cannot be removed.
    package func remove(unwrittenSince time: Double, except paths: Set<String> = []) throws -> Int {
        try Self.remove(
            try files().filter { file in
                var facts = stat()
                return !paths.contains(file) && lstat(file, &facts) == 0 && Double(Self.seconds(facts)) < time
            })
    }

    /// Removes all of them.
    ///
    /// - Returns: how many.
    /// - Throws: ``FileFailure`` when one cannot be removed.
    package func remove() throws -> Int { try Self.remove(try files()) }

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

    private func begins(_ path: String) -> Bool {
        guard let longest = beginnings.map(\.count).max() else { return true }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: longest)
        let count = max(0, read(descriptor, &head, longest))
        return beginnings.contains { head.prefix(count).starts(with: $0) }
    }

    private static func isFile(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    private static func matches(_ pattern: String) throws -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        let result = glob(pattern, 0, { _, code in code == ENOENT || code == ENOTDIR ? 0 : 1 }, &found)
        if result == GLOB_NOMATCH { return [] }
        guard result == 0 else { throw FileFailure("cannot look for", pattern, errno) }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}
