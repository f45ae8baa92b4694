import Foundation

/// A folder for one test, removed with everything in it at the end.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "function-calls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.resolvingSymlinksInPath().path()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The text of a file in the folder, nil when there is none yet.
    func text(_ name: String) -> String? {
        try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    /// The lines of a file in the folder.
    func lines(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: "\n").map(String.init)
    }

    /// The names of the files in the folder, sorted.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
}

/// Whether a condition comes true before long, for what other processes do in their own time.
func soon(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(90)
    while ContinuousClock.now < deadline {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return condition()
}

/// Whether nothing of the process group runs any more; the dead that nobody has reaped do not count.
func isGone(group: Int) -> Bool {
    if kill(pid_t(-group), 0) == -1 && errno == ESRCH { return true }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return false }
    return !names.compactMap(Int.init).contains { pid in
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return false }
        let fields = stat[name...].split(separator: " ").dropFirst()  // state, parent, group
        return fields.count > 2 && Int(fields[fields.startIndex + 2]) == group && !["Z", "X"].contains(fields.first)
    }
}

/// Makes a folder.
func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}
