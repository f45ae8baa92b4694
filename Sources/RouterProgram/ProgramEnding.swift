import RealtimeRouter

/// How a command ends that does not simply return.
package struct ProgramEnding: Error {
    /// The exit code.
    package let code: CInt
    /// What to say on standard error, without `error:`; nothing when it was said already.
    let message: String?

    /// The answer is no.
    package static let no = ProgramEnding(code: 1, message: nil)

    /// The answer is no, with a reason that was not shown yet.
    static func no(_ message: String) -> ProgramEnding { ProgramEnding(code: 1, message: message) }

    /// All was done, but a file of ours lacks records, or a delivery became a dead letter; that was said already.
    package static let incomplete = ProgramEnding(code: 3, message: nil)

    /// An error met a file: the code is 3 when its device refused, as a full disk does, and 2 when the file cannot be used as it is.
    static func of(_ error: any Error, message: String?) -> ProgramEnding {
        ProgramEnding(code: (error as? FileFailure)?.isOfDevice == true ? 3 : 2, message: message)
    }

    /// The call, a file or the configuration cannot be used.
    package static func unusable(_ message: String? = nil) -> ProgramEnding { ProgramEnding(code: 2, message: message) }
}
