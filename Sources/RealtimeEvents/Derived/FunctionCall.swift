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
