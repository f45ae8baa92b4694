import Foundation

/// Polls a condition until it becomes true, for the effects of other processes.
func soon(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(90)
    while ContinuousClock.now < deadline {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return condition()
}

/// Whether no process of the group is running any more; unreaped ones do not count.
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

/// Creates a folder.
func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}
