/// How a command ended, and its output.
package struct LocalCommandResult: Sendable, Hashable {
    /// How a process ended.
    package enum Ending: Sendable, Hashable {
        /// It exited with this status.
        case exited(Int)
        /// This signal ended it.
        case signalled(Int)
    }

    /// How the program itself ended; its child processes do not count.
    package var ending: Ending

    /// The start of standard output, at most `CommandLimits.maximumOutput` bytes.
    package var standardOutput: [UInt8]

    /// The number of bytes written to standard output, kept or not.
    package var outputBytes: Int

    /// The end of standard error, at most `CommandLimits.maximumStandardError` bytes.
    package var standardErrorTail: [UInt8]

    /// Whether the program was ended because it ran longer than its timeout.
    package var isTimedOut: Bool

    /// The time from the program's start to its end.
    package var duration: Duration

    /// Whether standard output had more bytes than were kept.
    package var isTruncated: Bool { outputBytes > standardOutput.count }

    /// Whether the program exited with status 0 within its timeout.
    package var isSuccess: Bool { ending == .exited(0) && !isTimedOut }
}

/// Why a command could not be started. Nothing of it has run.
///
/// The description is for the person who configured the command. It names paths, so it must not be sent to a model.
package struct LocalCommandError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of errors.
    package enum Code: Sendable, Hashable {
        /// The command has no words, or the program's name is empty.
        case emptyCommand
        /// There is no such program.
        case programNotFound
        /// The file exists but cannot be executed.
        case programNotExecutable
        /// The working directory does not exist, is not a folder or may not be entered.
        case workingDirectory
        /// An argument cannot be passed: it contains a NUL character, or the arguments are too long together.
        case argument
        /// A variable's name or value cannot be passed.
        case environment
        /// The system refused for another reason: it lacks memory, descriptors or room for the input.
        case system
    }

    /// The kind of error.
    package let code: Code

    /// A sentence that names the reason and the paths involved.
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
