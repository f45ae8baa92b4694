package import RecordFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Expands paths, folders and patterns to files.
package enum FilePaths {
    /// Returns the files in the order of the paths; the files of a folder or pattern in the order of their names. Each
    /// file occurs once, even if several paths lead to it.
    ///
    /// - Parameter paths: Files, folders (their files that end in `.jsonl`), and patterns with `*`, `?` and `[…]`.
    /// - Throws: `FileFailure` with the first path that matches nothing.
    package static func files(_ paths: [String]) throws(FileFailure) -> [String] {
        var seen: Set<String> = []
        var files: [String] = []
        for path in paths {
            for file in try matches(of: path) where seen.insert(wholePath(file)).inserted { files.append(file) }
        }
        return files
    }

    /// The path without symbolic links and `..`; the path itself if no file exists there.
    private static func wholePath(_ path: String) -> String {
        guard let whole = realpath(path, nil) else { return path }
        defer { free(whole) }
        return String(cString: whole)
    }

    private static func matches(of path: String) throws(FileFailure) -> [String] {
        switch isFolder(path) {
        case .success(true):
            let files = try self.files(inFolder: path)
            guard files.isEmpty else { return files }
            throw FileFailure("cannot read", path, "no file in this folder ends in .jsonl")
        case .success(false): return [path]
        case .failure(let failure):
            guard path.utf8.contains(where: { "*?[".utf8.contains($0) }) else { throw failure }
            let files = try matches(ofPattern: path)
            guard files.isEmpty else { return files }
            throw FileFailure("cannot read", path, "no file matches this pattern")
        }
    }

    private static func isFolder(_ path: String) -> Result<Bool, FileFailure> {
        var info = stat()
        guard stat(path, &info) == 0 else { return .failure(FileFailure("cannot read", path, errno)) }
        return .success(info.st_mode & S_IFMT == S_IFDIR)
    }

    private static func files(inFolder folder: String) throws(FileFailure) -> [String] {
        guard let entries = opendir(folder) else { throw FileFailure("cannot read", folder, errno) }
        defer { closedir(entries) }
        var files: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            guard name.hasSuffix(".jsonl"), !name.hasPrefix("."), case .success(false) = isFolder(path) else {
                continue
            }
            files.append(path)
        }
        return sorted(files)
    }

    private static func matches(ofPattern pattern: String) throws(FileFailure) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, GLOB_NOSORT, nil, &result) == 0 else { return [] }
        var files: [String] = []
        for index in 0..<Int(result.gl_pathc) {
            guard let text = result.gl_pathv[index] else { continue }
            let path = String(cString: text)
            if case .success(true) = isFolder(path) {
                files += try self.files(inFolder: path)
            } else {
                files.append(path)
            }
        }
        return sorted(files)
    }

    /// Sorts by bytes, independent of the locale.
    private static func sorted(_ paths: [String]) -> [String] {
        paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
