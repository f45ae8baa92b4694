import Foundation
import Testing

/// A program that a test started, with its outputs in files.
///
/// It is started with posix_spawn, and a thread of its own waits for it, so that tests can run many programs at the same time.
final class RunningProgram: Sendable {
    let pid: pid_t
    private let outputs: [String]
    private let exit: Task<(status: Int32, processorTime: Duration), Never>

    /// A program that runs longer is killed, so that its test fails instead of hanging.
    private static let patience = Duration.seconds(180)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - words: the program's path and its arguments.
    ///   - place: the folder in which it runs and which stores its output.
    ///   - input: the path of its standard input.
    init(_ words: [String], in place: Workplace, input: String, environment: [String: String]) throws {
        let run = UUID().uuidString
        outputs = ["out", "err"].map { "\(place.logs)/\(run).\($0)" }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        for (descriptor, output) in zip([Int32(1), 2], outputs) {
            posix_spawn_file_actions_addopen(&actions, descriptor, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        // The shell changes the folder and becomes the program.
        let words = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, place.path] + words
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var child = pid_t()
        let code = posix_spawn(&child, words[0], &actions, nil, &arguments, &variables)
        try #require(code == 0, "a program does not start: \(String(cString: strerror(code)))")
        pid = child
        exit = Task { [child] in
            let watchdog = Task {
                try await Task.sleep(for: Self.patience)
                kill(child, SIGKILL)
            }
            defer { watchdog.cancel() }
            return await withCheckedContinuation { done in
                Thread.detachNewThread {
                    var status: Int32 = 0
                    var usage = rusage()
                    while wait4(child, &status, 0, &usage) < 0 && errno == EINTR {}
                    done.resume(returning: (status, Self.duration(usage.ru_utime) + Self.duration(usage.ru_stime)))
                }
            }
        }
    }

    /// The standard output so far.
    var output: String { text(0) }

    private func text(_ index: Int) -> String {
        String(decoding: (try? Data(contentsOf: URL(filePath: outputs[index]))) ?? Data(), as: UTF8.self)
    }

    /// Waits until the program has ended.
    func end() async -> Ending {
        let (status, processorTime) = await exit.value
        let signal = status & 0x7F
        return Ending(
            code: signal == 0 ? Int(status >> 8 & 0xFF) : 128 + Int(signal), output: text(0), error: text(1),
            processorTime: processorTime)
    }

    private static func duration(_ time: timeval) -> Duration {
        .seconds(Int(time.tv_sec)) + .microseconds(Int(time.tv_usec))
    }

    /// The exit code and outputs of a program.
    struct Ending: Sendable, Equatable {
        /// The exit code; 128 plus the signal's number if a signal ended it, as in a shell.
        var code: Int
        var output = ""
        var error = ""
        /// The processor time. The elapsed time would depend on the load of the machine.
        var processorTime = Duration.zero

        static func == (one: Ending, other: Ending) -> Bool {
            one.code == other.code && one.output == other.output && one.error == other.error
        }
    }
}

/// Whether a condition becomes true within a time limit.
func soon(_ condition: () throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(90)
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return try condition()
}
