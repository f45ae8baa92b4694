/// Names one function call among those of a process.
///
/// A server may use a `call_id` again for another call; ``occurrence`` tells them apart.
public struct CallReference: Sendable, Hashable {
    /// The key of the session; nil if any session will do.
    public var session: String?
    /// The id under which the output is sent back.
    public var callID: String
    /// How often the session has used the `call_id`, this call included; nil for the oldest call that has no outcome.
    public var occurrence: Int?

    /// Makes a reference.
    public init(session: String? = nil, callID: String, occurrence: Int? = nil) {
        self.session = session
        self.callID = callID
        self.occurrence = occurrence
    }

    /// The occurrence as records have it: absent for the first.
    public var laterOccurrence: Int? { occurrence.flatMap { $0 > 1 ? $0 : nil } }

    /// A call's name in ids and keys: the `call_id`, followed by `#2`, `#3` and so on for its later occurrences.
    public var label: String { Self.label(callID, occurrence: occurrence) }

    /// The label of an occurrence of a `call_id`; nil counts as the first.
    public static func label(_ callID: String, occurrence: Int?) -> String {
        occurrence.map { $0 > 1 ? "\(callID)#\($0)" : callID } ?? callID
    }
}
