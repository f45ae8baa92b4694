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
