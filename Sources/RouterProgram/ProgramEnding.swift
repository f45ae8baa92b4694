/// How a command ends that does not simply return.
struct ProgramEnding: Error {
    /// The exit code.
    let code: CInt
    /// What to say on standard error, without `error:`; nothing when it was said already.
    let message: String?

    /// The answer is no.
    static let no = ProgramEnding(code: 1, message: nil)

    /// The answer is no, with a reason that was not shown yet.
    static func no(_ message: String) -> ProgramEnding { ProgramEnding(code: 1, message: message) }

    /// The call, a file or the configuration cannot be used.
    static func unusable(_ message: String? = nil) -> ProgramEnding { ProgramEnding(code: 2, message: message) }
}
