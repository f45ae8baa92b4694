import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A command's environment: PATH, variables inherited by name, and variables with a given value.
///
/// Unless HOME is inherited or set here, it is an empty temporary folder that is removed when the command ends. A
/// function that a model calls must not find the files of this process's user (`.netrc`, `.aws`, `.ssh`).
package struct CommandEnvironment: Sendable, Hashable {
    /// The names of the variables that the command inherits if this process has them. PATH is always inherited.
    package var inherited: [String]

    /// Variables with their values; they override inherited ones.
    package var variables: [String: String]

    /// Creates an environment. By default it has only PATH and an empty HOME.
    package init(inherited: [String] = [], variables: [String: String] = [:]) {
        self.inherited = inherited
        self.variables = variables
    }

    /// Whether a text is a valid name for a variable: letters, digits and `_`, not starting with a digit.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !isDigit(first) else { return false }
        return text.utf8.allSatisfy { byte in
            isDigit(byte) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The variables as the command sees them. HOME is among them only if it is inherited or set.
    func values(parent: (String) -> String? = Self.ownVariable) throws(LocalCommandError) -> [String: String] {
        var values: [String: String] = [:]
        for name in ["PATH"] + inherited {
            try Self.check(name)
            values[name] = parent(name)
        }
        for (name, value) in variables {
            try Self.check(name)
            guard !value.utf8.contains(0) else {
                throw LocalCommandError(.environment, "the value of the variable \(name) contains a NUL character")
            }
            values[name] = value
        }
        return values
    }

    private static func check(_ name: String) throws(LocalCommandError) {
        guard isName(name) else {
            throw LocalCommandError(
                .environment,
                "\"\(name)\" cannot be the name of a variable: letters, digits and _, not beginning with a digit")
        }
    }

    private static func ownVariable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}

/// A new folder with mode 0700 for a command's HOME. It is removed with everything in it when the command ends.
struct EmptyHome {
    let path: String

    init() throws(LocalCommandError) {
        var template = Array("\(temporaryFolder())/realtime-router-home-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
        guard made else {
            throw LocalCommandError(
                .system, "no folder for HOME in \(temporaryFolder()): \(Errno(rawValue: errno))")
        }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    /// Removes the folder.
    ///
    /// A killed child process may still create a file while the folder is being emptied, so the removal is attempted
    /// five times. Files that a process outside the command's group keeps writing remain.
    func remove() async {
        for _ in 0..<5 {
            if await isRemoved() { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Removes the folder with its present content; returns false if it is not empty afterwards.
    ///
    /// Runs on its own thread: a disk may be slow, and the threads of the concurrency pool must not block.
    private func isRemoved() async -> Bool {
        await withCheckedContinuation { done in
            DispatchQueue(label: "realtime-router-home").async {
                // Most commands leave the folder empty.
                if rmdir(path) == 0 { return done.resume(returning: true) }
                Self.empty(path)
                done.resume(returning: rmdir(path) == 0 || errno == ENOENT)
            }
        }
    }

    private static func empty(_ path: String) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if folder >= 0 { empty(folder) }
    }

    /// Removes a folder's content. Works with descriptors and does not follow links, so that it never changes anything
    /// outside the folder.
    private static func empty(_ folder: CInt) {
        // Some programs leave folders without write permission, such as module caches.
        fchmod(folder, S_IRWXU)
        guard let entries = fdopendir(folder) else {
            close(folder)
            return
        }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) + [0] }
            if name == [0x2E, 0] || name == [0x2E, 0x2E, 0] { continue }
            name.withUnsafeBytes { bytes in
                let name = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
                guard unlinkat(folder, name, 0) != 0 else { return }
                let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                if inner >= 0 { empty(inner) }
                unlinkat(folder, name, AT_REMOVEDIR)
            }
        }
    }
}
