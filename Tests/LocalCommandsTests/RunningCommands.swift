import Foundation
import LocalCommands
import ScratchFolders
import Testing

/// All tests that start processes run one at a time: some of them count processes, and some measure time.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RunningCommands {}

/// A shell script as the command under test; its arguments are `$1` and so on.
func shell(_ script: String, _ arguments: String..., limits: CommandLimits = CommandLimits()) -> LocalCommand {
    LocalCommand(["/bin/sh", "-c", script, "sh"] + arguments, limits: limits)
}

/// Limits that soon end a hanging command.
func impatient(timeout: Duration = .milliseconds(200), killAfter: Duration = .milliseconds(200)) -> CommandLimits {
    CommandLimits(timeout: timeout, killAfter: killAfter)
}

/// The additional time that a test may take on a busy machine.
let slack = Duration.seconds(60)

extension LocalCommandResult {
    /// Standard output as text, without the line's end.
    var text: String { String(decoding: standardOutput, as: UTF8.self).trimmingCharacters(in: .newlines) }

    /// The end of standard error as text, without the line's end.
    var errorText: String { String(decoding: standardErrorTail, as: UTF8.self).trimmingCharacters(in: .newlines) }
}

/// Polls until a condition becomes true; another process reaps orphans, and may take a while.
func soon(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + slack
    while ContinuousClock.now < deadline {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return condition()
}

/// Whether no process of the group is running any more.
func isGone(group: Int) -> Bool {
    kill(pid_t(-group), 0) == -1 && errno == ESRCH || running { $0 == group || $1 == group } == []
}

/// Whether the process is not running any more.
func isGone(process: Int) -> Bool {
    kill(pid_t(process), 0) == -1 && errno == ESRCH || running { pid, _ in pid == process } == []
}

/// The given processes that are still running, according to the system; nil if it gives no information.
///
/// Unreaped processes still answer to `kill`; where process 1 reaps nothing, they do so forever.
private func running(_ isOfInterest: (_ pid: Int, _ group: Int) -> Bool) -> [Int]? {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return nil }
    return names.compactMap(Int.init).filter { pid in
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return false }
        let fields = stat[name...].split(separator: " ").dropFirst()  // state, parent, group
        guard fields.count > 2, let group = Int(fields[fields.startIndex + 2]) else { return false }
        return isOfInterest(pid, group) && fields.first != "Z" && fields.first != "X"
    }
}

extension ScratchFolder {
    /// Fills the folder by running a script in it.
    ///
    /// This process must not do it: a program that another thread's child holds open for writing cannot be executed.
    func prepare(_ script: String) async throws {
        var command = shell(script)
        command.workingDirectory = path
        #expect(try await command.run().ending == .exited(0))
    }
}
