public import EventJSON

/// A function call that is complete and may run: the body of `router.function_call.ready`.
///
/// It comes once for a `call_id`, whatever frames carry the call. Calls that were interrupted, and calls that the server
/// itself executes (MCP), never come.
public struct FunctionCall: DerivedPayload {
    /// `router.function_call.ready`
    public static var eventType: EventType { .routerFunctionCallReady }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// The id under which the output is sent back.
    public var callID: String?
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

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("call_id", &callID)
        coder.field("name", &name)
        coder.field("arguments", &arguments)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
    }
}
