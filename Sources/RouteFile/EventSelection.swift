public import ConfigSource
public import EventPatterns
public import EventRouter
import RealtimeEvents

/// The events of one side that match a pattern.
public struct EventSelection: Sendable {
    /// What the events look like.
    public var pattern: Pattern
    /// Who sends them; the events that the router derives count as the server's.
    public var side: SessionSide

    /// The events of one side that match a pattern.
    public init(_ pattern: Pattern, from side: SessionSide = .server) {
        self.pattern = pattern
        self.side = side
    }

    /// Reads what stands under `match` in a routes.yml from a text of its own, in YAML or JSON.
    ///
    /// Beta names of event types mean the names that came after them. What is doubtful becomes a warning, as in a routes.yml.
    ///
    /// - Returns: nil when there is an error among the diagnostics.
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

    /// Reads the same from a file.
    ///
    /// - Returns: nil when there is an error among the diagnostics; one without a file when it cannot be read at all.
    public static func read(path: String, _ diagnostics: Diagnostics) -> EventSelection? {
        SourceFile.read(path, diagnostics).flatMap { read($0, diagnostics) }
    }
}
