/// What a JSON value is.
public enum JSONKind: UInt8, Sendable, Hashable {
    /// A JSON object.
    case object
    /// A JSON array.
    case array
    /// A JSON string.
    case string
    /// A JSON number.
    case number
    /// The literal `true`.
    case `true`
    /// The literal `false`.
    case `false`
    /// The literal `null`.
    case null

    /// Whether the value is neither an object nor an array.
    @inlinable
    public var isScalar: Bool { rawValue >= JSONKind.string.rawValue }
}
