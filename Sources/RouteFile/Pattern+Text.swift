public import ConfigSource
public import EventPatterns
import RealtimeEvents

extension Pattern {
    /// Reads a pattern as `match` in a routes.yml has it, from a text of its own in YAML or JSON.
    ///
    /// Beta names of event types mean the names that came after them. What is doubtful becomes a warning, as in a routes.yml.
    ///
    /// - Returns: nil when there is an error among the diagnostics.
    public static func read(_ file: SourceFile, _ diagnostics: Diagnostics) -> Pattern? {
        guard let node = YAML.read(file, diagnostics) else { return nil }
        let pattern = Pattern(node, diagnostics) { EventType($0).name }
        EventTypeLint(diagnostics: diagnostics).check(node, pattern)
        LabelLint(diagnostics: diagnostics).check(node)
        if let pattern { FieldLint(diagnostics).check(node, EventScope(pattern, interests: nil)) }
        return diagnostics.hasErrors ? nil : pattern
    }

    /// Reads a pattern from a file, as ``read(_:_:)`` does.
    ///
    /// - Returns: nil when there is an error among the diagnostics; one without a file when it cannot be read at all.
    public static func read(path: String, _ diagnostics: Diagnostics) -> Pattern? {
        SourceFile.read(path, diagnostics).flatMap { read($0, diagnostics) }
    }
}
