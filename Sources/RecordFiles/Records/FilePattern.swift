#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files of a path: the path itself, the files it was renamed to when it was full (`FILE.1`, …), and all files that
/// `{session}` and `{date}` in the path may stand for.
package struct FilePattern: Sendable {
    private let path: String
    /// The sessions that `{session}` stands for; nil for all sessions.
    private let family: SessionFamily?
    /// The possible first bytes of the files. Unrelated files may have a matching name.
    private let beginnings: [[UInt8]]

    /// The files of a path in which `{session}` stands for a session of a family and `{date}` for any day.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - family: The sessions; nil for all sessions.
    ///   - beginnings: The possible first bytes of such files, so that an unrelated file with a matching name is not
    ///     included.
    package init(_ path: String, of family: SessionFamily? = nil, beginnings: [String] = []) {
        self.path = path
        self.family = family
        self.beginnings = beginnings.map { Array($0.utf8) }
    }

    /// The existing regular files, sorted by path.
    ///
    /// - Throws: ``FileFailure`` if a folder cannot be read.
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

    /// The files whose names are those of sessions of the family.
    private func ofFamily(_ files: [(path: String, name: Substring)]) -> [String] {
        guard let family, path.contains("{session}") else { return files.map(\.path) }
        // All dates have the same length.
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

    /// Removes the files that have not been written to since a time.
    ///
    /// - Parameters:
    ///   - time: The time in seconds since 1970-01-01T00:00:00Z.
    ///   - paths: Files to keep in any case.
    /// - Returns: The number of removed files.
    /// - Throws: ``FileFailure`` if a file cannot be removed.
    package func remove(unwrittenSince time: Double, except paths: Set<String> = []) throws -> Int {
        try Self.remove(
            try files().filter { file in
                var status = stat()
                return !paths.contains(file) && lstat(file, &status) == 0 && Double(Self.seconds(status)) < time
            })
    }

    /// Removes all files.
    ///
    /// - Returns: The number of removed files.
    /// - Throws: ``FileFailure`` if a file cannot be removed.
    package func remove() throws -> Int { try Self.remove(try files()) }

    private static func remove(_ files: [String]) throws -> Int {
        for file in files where unlink(file) != 0 && errno != ENOENT {
            throw FileFailure("cannot remove", file, errno)
        }
        return files.count
    }

    private static func seconds(_ status: stat) -> Int {
        #if canImport(Darwin)
            status.st_mtimespec.tv_sec
        #else
            status.st_mtim.tv_sec
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
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
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
