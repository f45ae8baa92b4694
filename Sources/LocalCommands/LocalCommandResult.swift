/// How a command ended and what it said.
package struct LocalCommandResult: Sendable, Hashable {
    /// How a process ends.
    package enum Ending: Sendable, Hashable {
        /// It exited with this status.
        case exited(Int)
        /// This signal ended it.
        case signalled(Int)
    }

    /// How the program itself ended; what its children did is not part of it.
    package var ending: Ending

    /// The first bytes of standard output, at most `CommandLimits.maximumOutput`.
    package var standardOutput: [UInt8]

    /// All bytes that were written to standard output, kept or not.
    package var outputBytes: Int

    /// The last bytes of standard error, at most `CommandLimits.maximumStandardError`.
    package var standardErrorTail: [UInt8]

    /// It was still running at its timeout, and was ended for that.
    package var isTimedOut: Bool

    /// The time from its start to its end.
    package var duration: Duration

    /// Standard output was longer than what was kept of it.
    package var isTruncated: Bool { outputBytes > standardOutput.count }

    /// It exited with status 0, in time.
    package var isSuccess: Bool { ending == .exited(0) && !isTimedOut }
}

/// Why a command could not be started. Nothing of it ran.
///
/// The description is meant for the person who configured the command: it names paths, so it is not for a model.
package struct LocalCommandError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of reasons.
    package enum Code: Sendable, Hashable {
        /// The list of arguments is empty, or the program's name is.
        case emptyCommand
        /// There is no such program.
        case programNotFound
        /// There is something of that name, but it cannot be executed.
        case programNotExecutable
        /// The working directory does not exist, is not a folder or may not be entered.
        case workingDirectory
        /// An argument cannot be passed: it holds a NUL character, or they are too long together.
        case argument
        /// A variable's name or value cannot be passed.
        case environment
        /// The system refused for another reason: no memory, no descriptors, no room for the input.
        case system
    }

    /// The kind of reason.
    package let code: Code

    /// The reason as a sentence, with the names and paths in question.
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
