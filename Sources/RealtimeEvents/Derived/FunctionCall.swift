public import EventJSON

/// A function call that is complete and may run: the body of `router.function_call.ready`.
///
/// It comes once for a call, whatever frames carry it. A `call_id` that comes with another response and another item is
/// another call: its next ``occurrence``. Calls that were interrupted, and calls that the server itself executes (MCP),
/// never come.
public struct FunctionCall: DerivedPayload {
    /// `router.function_call.ready`
    public static var eventType: EventType { .routerFunctionCallReady }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// The id under which the output is sent back.
    public var callID: String?
    /// How often the session has used the `call_id`, this call included; absent for the first.
    public var occurrence: Int?
    /// The function's name; nil when no frame of the call named it.
    public var name: String?
    /// The arguments: an object, or the text as it came (a string) when it is not the text of a JSON object.
    public var arguments: JSONValue?
    /// The response that the call belongs to, when it is known.
    public var responseID: String?
    /// The conversation item of the call, when it is known.
    public var itemID: String?

    /// A call without fields.
    public init() {}

    /// The call among those of the process; nil if it has no `call_id`.
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
