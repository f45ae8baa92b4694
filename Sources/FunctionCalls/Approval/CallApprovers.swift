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

/// Asks whoever sits at the terminal, one question after the other.
///
/// `y` or `yes` approves; any other line does not. What was typed before a question was asked is no answer to it.
package struct TerminalApprover: CallApprover {
    private let path: String
    private let redactor: ArgumentRedactor
    /// One for all: there is one person in front of it.
    private static let questions = DispatchQueue(label: "realtime-router.approval")
    private static let longest = 400

    /// Makes an approver.
    ///
    /// - Parameters:
    ///   - path: the terminal; that of this process by default.
    ///   - hidden: the names of arguments that are not shown.
    package init(path: String = "/dev/tty", hiding hidden: Set<String> = []) {
        self.path = path
        redactor = ArgumentRedactor(["": hidden])
    }

    /// The terminal.
    package var name: String { "terminal" }

    /// Asks.
    ///
    /// - Throws: an error when there is no terminal or nobody answers.
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
        // Reading from it in the background would stop this process.
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
        // Who does not see the question does not answer it either.
        _ = write(terminal, bytes, bytes.count)
    }
}

/// Set once a question has lost its sense.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}

/// Asks a program: it gets the call as JSON on standard input, and exits with 0 to approve of it.
package struct CommandApprover: CallApprover, SecretKeeping {
    private let executor: CommandExecutor

    /// Makes an approver; that the program is there shows when it runs.
    ///
    /// - Parameter executor: the program. A timeout of its own counts like that of the rule.
    package init(_ executor: CommandExecutor) {
        var executor = executor
        executor.input = .call
        self.executor = executor
    }

    /// The program.
    package var name: String { "command \(executor.template.program)" }

    /// What the program inherits and may print.
    package var secrets: SecretValues { executor.secrets }

    /// What is wrong with the program, as far as that shows before it is run.
    var concern: LocalCommand.Concern? { executor.concern }

    /// Runs the program.
    ///
    /// - Throws: an error when it did not come to an end by itself.
    package func decide(on call: FunctionCall) async throws -> CallDecision {
        let result = try await executor.command(for: call).run()
        guard !result.isTimedOut else { throw NoDecision(reason: "it took too long") }
        switch result.ending {
        case .exited(let status): return CallDecision(isApproved: status == 0)
        case .signalled(let signal): throw NoDecision(reason: "it was ended by signal \(signal)")
        }
    }
}
