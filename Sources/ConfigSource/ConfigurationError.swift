/// A configuration cannot be used; its diagnostics say why, warnings included.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Everything that was found, sorted by place.
    public let diagnostics: [Diagnostic]

    /// An error from diagnostics, at least one of which should be an error.
    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// All diagnostics for people, with an empty line between two.
    public var description: String { diagnostics.map { $0.rendered() }.joined(separator: "\n\n") }
}
