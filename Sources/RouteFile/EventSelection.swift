public import ConfigSource
public import EventPatterns
public import EventRouter
import RealtimeEvents

/// A pattern, and the side whose events it matches.
public struct EventSelection: Sendable {
    /// The pattern.
    public var pattern: Pattern
    /// The sender of the events. Derived events count as the server's.
    public var side: SessionSide

    /// Creates a selection of the events of one side that match a pattern.
    public init(_ pattern: Pattern, from side: SessionSide = .server) {
        self.pattern = pattern
        self.side = side
    }

    /// Parses the content of a `match` from a separate file, in YAML or JSON.
    ///
    /// Beta names of event types are replaced by the current names. Likely mistakes are warnings, as in a routes.yml.
    ///
    /// - Returns: the selection; nil if there is an error among the diagnostics.
    public static func read(_ file: SourceFile, _ diagnostics: Diagnostics) -> EventSelection? {
        guard let node = YAML.read(file, diagnostics), let match = MatchNode(node, diagnostics) else { return nil }
        let rest = match.patternOrAny
        let pattern = Pattern(rest, diagnostics) { EventType($0).name }
        EventTypeLint(diagnostics: diagnostics, side: match.side).check(rest, pattern)
        LabelLint(diagnostics: diagnostics).check(rest)
        if let pattern { FieldLint(diagnostics).check(rest, EventScope(pattern, interests: nil, from: match.side)) }
        guard let pattern, !diagnostics.hasErrors else { return nil }
        return EventSelection(pattern, from: match.side)
    }

    /// Reads and parses the content of a `match` from a file.
    ///
    /// - Returns: the selection; nil if there is an error among the diagnostics. If the file cannot be read, the error
    ///   has no location.
    public static func read(path: String, _ diagnostics: Diagnostics) -> EventSelection? {
        SourceFile.read(path, diagnostics).flatMap { read($0, diagnostics) }
    }
}
