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

/// What a command finds in its environment: PATH, the variables that are let through by name, and those that are set.
///
/// HOME is an empty temporary folder that goes when the command does, unless it is let through or set here: a
/// program's own files (`.netrc`, `.aws`, `.ssh`) are not for whoever makes a model call it.
package struct CommandEnvironment: Sendable, Hashable {
    /// The names of the variables that are passed on from this process, where it has them; PATH always is.
    package var inherited: [String]

    /// Variables that are set; they win over inherited ones.
    package var variables: [String: String]

    /// An environment with nothing but PATH and an empty HOME, unless more is named.
    package init(inherited: [String] = [], variables: [String: String] = [:]) {
        self.inherited = inherited
        self.variables = variables
    }

    /// Whether a text can name a variable: letters, digits and `_`, not beginning with a digit.
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

    /// The variables as the command will see them, HOME only where it is let through or set.
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

/// A fresh folder, 0700, that a command has as its HOME and that goes with everything in it afterwards.
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
    /// Killed children die in their own time, and one may still add a file while the folder is being emptied: hence
    /// the few attempts. What a process outside the command's group goes on to write there stays.
    func remove() async {
        for _ in 0..<5 {
            if await isRemoved() { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Removes the folder as it is now; false when something came in meanwhile.
    ///
    /// On a thread of its own: a disk may take its time for it, and the few threads that tasks have are not there to wait.
    private func isRemoved() async -> Bool {
        await withCheckedContinuation { done in
            DispatchQueue(label: "realtime-router-home").async {
                // Most commands leave it empty.
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

    /// Removes what is in a folder, by descriptors and without following links: nothing outside is ever touched.
    private static func empty(_ folder: CInt) {
        // Programs leave folders in which nothing may be removed: module caches, for one.
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
