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
