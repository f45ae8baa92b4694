public import EventJSON

/// The outcome of a function call: what a handler returns to the session, and the body of `router.function_call.done`.
public struct FunctionCallOutcome: DerivedPayload {
    /// `router.function_call.done`
    public static var eventType: EventType { .routerFunctionCallDone }

    /// The fields that all derived events share; the session fills them in.
    public var head = DerivedEventHeader()
    /// The call's `call_id`.
    public var callID: String?
    /// The call's occurrence, as in ``FunctionCall/occurrence``. A handler sets it so that the outcome reaches the
    /// right call when a `call_id` is reused; nil means the oldest call without an outcome.
    public var occurrence: Int?
    /// The function's name; the session fills in a nil name.
    public var name: String?
    /// The arguments, as in ``FunctionCall/arguments``; the session fills them in.
    public var arguments: JSONValue?
    /// The route that sent the call to its handler.
    public var route: String?
    /// How the call ended.
    public var state: FunctionCallState?
    /// The text for the model; nil sends none.
    public var output: String?
    /// The exit status of the command; nil if no command ran and exited.
    public var exitStatus: Int?
    /// What went wrong, for the operator.
    public var error: String?
    /// How long the call waited before it ran, in ms.
    public var queuedMs: Int?
    /// How long the call ran, in ms.
    public var ranMs: Int?
    /// False if there is an output and it is not sent; nil otherwise.
    public var sent: Bool?
    /// Why the output is not sent.
    public var unsentReason: UnsentReason?
    /// Whether the model must continue once it has the output. Not part of the event. If a response has several calls,
    /// one such outcome is enough.
    public var wantsResponse = true

    /// An outcome without fields.
    public init() {}

    /// Creates the outcome of a call.
    ///
    /// - Parameters:
    ///   - callID: The call's `call_id`, as in ``FunctionCall/callID``.
    ///   - state: How the call ended.
    ///   - output: The text for the model. Nil sends nothing, and then no response follows.
    ///   - error: What went wrong, for the operator.
    public init(callID: String, state: FunctionCallState, output: String?, error: String? = nil) {
        self.callID = callID
        self.state = state
        self.output = output
        self.error = error
    }

    /// Creates the outcome of a call that a handler received.
    public init(of call: FunctionCall, state: FunctionCallState, output: String?, error: String? = nil) {
        callID = call.callID
        occurrence = call.occurrence ?? 1
        head.session = call.head.session
        self.state = state
        self.output = output
        self.error = error
    }

    /// Creates the outcome of a call.
    public init(of call: CallReference, state: FunctionCallState, output: String?, error: String? = nil) {
        self.init(callID: call.callID, state: state, output: output, error: error)
        occurrence = call.occurrence
        head.session = call.session
    }

    /// The reference that identifies the call in the process; nil if it has no `call_id`.
    public var reference: CallReference? {
        callID.map { CallReference(session: head.session, callID: $0, occurrence: occurrence) }
    }

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("call_id", &callID)
        coder.field("occurrence", &occurrence)
        coder.field("name", &name)
        coder.field("arguments", &arguments)
        coder.field("route", &route)
        coder.field("state", &state)
        coder.field("output", &output)
        coder.field("exit_status", &exitStatus)
        coder.field("error", &error)
        coder.field("queued_ms", &queuedMs)
        coder.field("ran_ms", &ranMs)
        coder.field("sent", &sent)
        coder.field("unsent_reason", &unsentReason)
    }
}

/// How a function call ended.
public struct FunctionCallState: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A state from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The call ran and returned an output.
    public static let completed: FunctionCallState = "completed"
    /// The call ran and failed, or could not be started.
    public static let failed: FunctionCallState = "failed"
    /// The call was stopped because it took too long.
    public static let timedOut: FunctionCallState = "timed_out"
    /// The call was not run: the function is unknown or the arguments are invalid.
    public static let rejected: FunctionCallState = "rejected"
    /// The call was not run, or was stopped, because the program ends.
    public static let cancelled: FunctionCallState = "cancelled"
    /// The call was not run: the recording holds its output.
    public static let replayed: FunctionCallState = "replayed"
    /// An earlier run of the program started the call and did not record how it ended.
    public static let unknown: FunctionCallState = "unknown"

    /// All values.
    public static let known: [FunctionCallState] = [
        .completed, .failed, .timedOut, .rejected, .cancelled, .replayed, .unknown,
    ]
}

/// The outputs of function calls that a recording's client sent.
///
/// A dictionary literal maps the `call_id`s of the first session's calls to their outputs.
public struct RecordedOutputs: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private struct Call: Hashable {
        let session: Int
        let callID: String
        let occurrence: Int
    }

    private var outputs: [Call: String] = [:]

    /// No outputs.
    public init() {}

    /// Creates the outputs of calls whose `call_id` the recording's first session uses once.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (callID, output) in elements { self[session: 1, callID: callID, occurrence: 1] = output }
    }

    /// The output of a call; nil if the client sent none.
    ///
    /// - Parameters:
    ///   - session: The number of the session in its source, from 1.
    ///   - callID: The call's `call_id`.
    ///   - occurrence: How often the session has used the `call_id`, this call included.
    public subscript(session session: Int, callID callID: String, occurrence occurrence: Int) -> String? {
        get { outputs[Call(session: session, callID: callID, occurrence: occurrence)] }
        set { outputs[Call(session: session, callID: callID, occurrence: occurrence)] = newValue }
    }

    /// Adds outputs, replacing those of the same calls.
    public mutating func merge(_ others: RecordedOutputs) {
        outputs.merge(others.outputs) { $1 }
    }
}
