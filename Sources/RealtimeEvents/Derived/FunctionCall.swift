public import EventJSON

/// A function call that is complete and may run: the body of `router.function_call.ready`.
///
/// Emitted once for each call, whichever wire events carry the call. A `call_id` that appears again with another
/// response and another item is another call: the next ``occurrence``. Interrupted calls, and calls that the server
/// itself executes (MCP), are never emitted.
public struct FunctionCall: DerivedPayload {
    /// `router.function_call.ready`
    public static var eventType: EventType { .routerFunctionCallReady }

    /// The fields that all derived events share.
    public var head = DerivedEventHeader()
    /// The call's `call_id`, which the output has to repeat.
    public var callID: String?
    /// How often the session has used the `call_id`, this call included; nil for the first call.
    public var occurrence: Int?
    /// The function's name; nil if no wire event named it.
    public var name: String?
    /// The arguments: an object, or the original text (a string) when it is not a JSON object.
    public var arguments: JSONValue?
    /// The call's response; nil if it is unknown.
    public var responseID: String?
    /// The call's conversation item; nil if it is unknown.
    public var itemID: String?

    /// A call without fields.
    public init() {}

    /// The reference that identifies the call in the process; nil if it has no `call_id`.
    public var reference: CallReference? {
        callID.map { CallReference(session: head.session, callID: $0, occurrence: occurrence ?? 1) }
    }

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("call_id", &callID)
        coder.field("occurrence", &occurrence)
        coder.field("name", &name)
        coder.field("arguments", &arguments)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
    }
}

/// Identifies one function call in the process.
///
/// A server may reuse a `call_id` for another call; ``occurrence`` distinguishes them.
public struct CallReference: Sendable, Hashable {
    /// The key of the session; nil matches any session.
    public var session: String?
    /// The call's `call_id`, which the output has to repeat.
    public var callID: String
    /// How often the session has used the `call_id`, this call included. Nil means the oldest call without an outcome.
    public var occurrence: Int?

    /// Creates a reference.
    public init(session: String? = nil, callID: String, occurrence: Int? = nil) {
        self.session = session
        self.callID = callID
        self.occurrence = occurrence
    }

    /// The occurrence as in records: nil for the first.
    public var laterOccurrence: Int? { occurrence.flatMap { $0 > 1 ? $0 : nil } }

    /// The call's label in ids and keys: the `call_id`, followed by `#2`, `#3` and so on for later occurrences.
    public var label: String { Self.label(callID, occurrence: occurrence) }

    /// The label of an occurrence of a `call_id`; nil means the first.
    public static func label(_ callID: String, occurrence: Int?) -> String {
        occurrence.map { $0 > 1 ? "\(callID)#\($0)" : callID } ?? callID
    }
}
