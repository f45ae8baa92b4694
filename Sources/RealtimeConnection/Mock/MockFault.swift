/// Something that a client of a mock endpoint did wrong.
public struct MockFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of faults.
    public enum Kind: String, Sendable, Hashable {
        /// A message is not a JSON object with a known `type`.
        case message
        /// An event does not fit its definition.
        case definition
        /// The server refused an event in the session's current state.
        case refused
        /// The client did not do what the recording waits for.
        case missing
        /// The client sent something other than the script expects.
        case unexpected
    }

    /// Its kind.
    public let kind: Kind
    /// What is wrong, with the client's message and the place in the recording where there is one.
    public let message: String

    /// A fault from its parts.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
