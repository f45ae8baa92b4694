import ConfigSource
import Dispatch
import EventJSON
package import EventRouter
import LocalCommands
package import RealtimeEvents
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Asks the person at the terminal, one question at a time.
///
/// `y` or `yes` approves; any other line rejects. Input typed before the question is discarded.
package struct TerminalApprover: CallApprover {
    private let path: String
    private let redactor: ArgumentRedactor
    /// Shared by all approvers: there is only one person at the terminal.
    private static let questions = DispatchQueue(label: "realtime-router.approval")
    private static let longest = 400

    /// Creates an approver.
    ///
    /// - Parameters:
    ///   - path: the terminal's path; by default this process's terminal.
    ///   - hidden: the names of the arguments that the question does not show.
    package init(path: String = "/dev/tty", hiding hidden: Set<String> = []) {
        self.path = path
        redactor = ArgumentRedactor(["": hidden])
    }

    /// The name in the journal: `terminal`.
    package var name: String { "terminal" }

    /// Asks for approval of a call.
    ///
    /// - Throws: an error if there is no terminal, or the user does not answer.
    package func decide(on call: FunctionCall) async throws -> CallDecision {
        let isOver = Flag()
        let answer: Result<Bool, NoDecision> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Self.questions.async { continuation.resume(returning: ask(question(about: call), isOver)) }
            }
        } onCancel: {
            isOver.set()
        }
        return CallDecision(isApproved: try answer.get())
    }

    private func question(about call: FunctionCall) -> String {
        let arguments = redactor.redacted(call.arguments, of: nil) ?? call.arguments ?? .null
        let text = "\(call.name ?? "") \(arguments)   [\(call.head.session ?? "")]"
        return "Run \(PrintableText(text, longest: Self.longest))? [y/N] "
    }

    private func ask(_ question: String, _ isOver: Flag) -> Result<Bool, NoDecision> {
        guard !isOver.isSet else { return .failure(NoDecision(reason: "the question was not asked in time")) }
        let terminal = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return .failure(NoDecision(reason: "there is no terminal to ask at")) }
        defer { close(terminal) }
        // Reading from the terminal in the background would stop this process.
        let owner = tcgetpgrp(terminal)
        guard owner <= 0 || owner == getpgrp() else {
            return .failure(NoDecision(reason: "another program has the terminal"))
        }
        tcflush(terminal, TCIFLUSH)
        say(question, terminal)
        var line: [UInt8] = []
        while !isOver.isSet {
            var waiting = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 50) > 0 else { continue }
            var byte: UInt8 = 0
            guard read(terminal, &byte, 1) == 1 else {
                return .failure(NoDecision(reason: "the terminal was closed"))
            }
            if byte == 0x0A || byte == 0x0D {
                return .success(["y", "yes"].contains(String(decoding: line, as: UTF8.self).lowercased()))
            }
            if line.count < 64 { line.append(byte) }
        }
        say("too late\n", terminal)
        return .failure(NoDecision(reason: "nobody answered in time"))
    }

    private func say(_ text: String, _ terminal: CInt) {
        let bytes = Array(text.utf8)
        // A failed write needs no handling: a question that nobody sees gets no answer.
        _ = write(terminal, bytes, bytes.count)
    }
}

/// Set when the question is no longer relevant.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}

/// Asks a program: it gets the call as JSON on standard input, and approves it by exiting with status 0.
package struct CommandApprover: CallApprover, SecretKeeping {
    private let executor: CommandExecutor

    /// Creates an approver. A missing program is noticed only when it runs.
    ///
    /// - Parameter executor: the program. Its own timeout applies in addition to the rule's.
    package init(_ executor: CommandExecutor) {
        var executor = executor
        executor.input = .call
        self.executor = executor
    }

    /// The name in the journal: `command` and the program.
    package var name: String { "command \(executor.template.program)" }

    /// The values of the inherited environment variables, which the program may print.
    package var secrets: SecretValues { executor.secrets }

    /// A warning about the program, based on checks that do not run it.
    var concern: LocalCommand.Concern? { executor.concern }

    /// Runs the program for a call.
    ///
    /// - Throws: an error if it did not exit by itself.
    package func decide(on call: FunctionCall) async throws -> CallDecision {
        let result = try await executor.command(for: call).run()
        guard !result.isTimedOut else { throw NoDecision(reason: "it took too long") }
        switch result.ending {
        case .exited(let status): return CallDecision(isApproved: status == 0)
        case .signalled(let signal): throw NoDecision(reason: "it was ended by signal \(signal)")
        }
    }
}
