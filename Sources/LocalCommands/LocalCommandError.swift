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
