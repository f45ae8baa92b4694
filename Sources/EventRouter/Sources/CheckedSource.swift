package import ConfigSource

/// A source that says what it needs for itself, so that the check of a routes.yml finds what does not go together.
package protocol CheckedSource: SessionSource {
    /// Whether it reads standard input.
    var readsStandardInput: Bool { get }
    /// The key of its one session, which must not be taken; nil where it has several sessions, or a taken key is changed.
    var onlySessionKey: String? { get }

    /// What of the configuration of sessions does not go with the source; nil if everything does.
    func problem(with session: SessionBlock) -> SourceProblem?
}

extension CheckedSource {
    package var readsStandardInput: Bool { false }
    package var onlySessionKey: String? { nil }

    package func problem(with session: SessionBlock) -> SourceProblem? { nil }
}

/// A key of `session` that does not go with a source.
package struct SourceProblem: Sendable, Hashable {
    /// How bad it is.
    package var severity: Diagnostic.Severity
    /// The key in `session`, such as `audio`.
    package var key: String
    /// What is wrong, without the source's name in front.
    package var message: String
    /// What to do about it.
    package var help: String

    /// A problem from its parts.
    package init(_ severity: Diagnostic.Severity, key: String, _ message: String, help: String) {
        self.severity = severity
        self.key = key
        self.message = message
        self.help = help
    }
}
