import ConfigSource
import LocalCommands

/// A command that prints a key, run before each attempt to connect: for keys that live for minutes.
struct KeyCommand: Sendable {
    let command: LocalCommand

    /// Runs the command.
    ///
    /// - Returns: the first line of its standard output.
    /// - Throws: ``KeyFailure`` without a word of its standard output.
    func run() async throws -> String {
        let program = command.arguments.first ?? ""
        let result = try await command.run()
        guard result.isSuccess else {
            let last = String(decoding: result.standardErrorTail, as: UTF8.self).split(separator: "\n").last ?? ""
            let end =
                switch result.ending {
                case _ where result.isTimedOut: "took too long"
                case .exited(let status): "exited with status \(status)"
                case .signalled(let signal): "was ended by signal \(signal)"
                }
            throw KeyFailure("`\(program)` \(end)" + (last.isEmpty ? "" : ": \(String(last).printable)"))
        }
        let text = String(decoding: result.standardOutput, as: UTF8.self)
        guard let key = text.split(separator: "\n").first.map(\.trimmingBlanks), !key.isEmpty else {
            throw KeyFailure("`\(program)` printed no key")
        }
        return key
    }
}

/// Why there is no key.
struct KeyFailure: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
