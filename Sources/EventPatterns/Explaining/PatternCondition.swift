public import ConfigSource

/// A condition of a pattern: what it says about one field in one place.
public struct PatternCondition: Sendable, Hashable {
    /// The names that lead to the field.
    public let path: [String]
    /// Where the field's name stands; nil for a pattern that was made in code.
    public let location: SourceLocation?
    /// The field's slot in the plan; nil if events do not have the field, because it is the session's.
    let slot: Int?

    /// Whether it is about the session and not about the event.
    public var isOnSession: Bool { slot == nil }

    /// The path with points between its names.
    public var field: String { path.joined(separator: ".") }
}
