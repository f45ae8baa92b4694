public import EventJSON

/// How a function call ended: what a handler gives to the session, and the body of `router.function_call.done`.
public struct FunctionCallOutcome: DerivedPayload {
    /// `router.function_call.done`
    public static var eventType: EventType { .routerFunctionCallDone }

    /// What all derived events carry; the session fills it in.
    public var head = DerivedHead()
    /// The call.
    public var callID: String?
    /// The call's occurrence, as in ``FunctionCall/occurrence``. A handler sets it so that the outcome reaches the right
    /// call where a `call_id` is used again; nil means the oldest call that has no outcome.
    public var occurrence: Int?
    /// The function's name; the session fills it in when it is nil.
    public var name: String?
    /// The arguments, as in ``FunctionCall/arguments``; the session fills them in.
    public var arguments: JSONValue?
    /// The route that sent the call to its handler.
    public var route: String?
    /// How the call ended.
    public var state: FunctionCallState?
    /// The text for the model; nil when the model gets none.
    public var output: String?
    /// The exit status of the command, when one ran and exited.
    public var exitStatus: Int?
    /// What went wrong, for the operator.
    public var error: String?
    /// How long the call waited before it ran, in ms.
    public var queuedMs: Int?
    /// How long it ran, in ms.
    public var ranMs: Int?
    /// Whether the output is sent: false if there is one and it is not; nil otherwise.
    public var sent: Bool?
    /// Why the output is not sent.
    public var unsentReason: UnsentReason?
    /// Whether the model is to go on once it has the output; no part of the event. Where a response has several calls, one that
    /// wants it is enough.
    public var wantsResponse = true

    /// An outcome without fields.
    public init() {}

    /// The outcome of a call.
    ///
    /// - Parameters:
    ///   - callID: The call, as in ``FunctionCall/callID``.
    ///   - state: How it ended.
    ///   - output: The text for the model; nil sends nothing, and then nothing makes the model go on.
    ///   - error: What went wrong, for the operator.
    public init(callID: String, state: FunctionCallState, output: String?, error: String? = nil) {
        self.callID = callID
        self.state = state
        self.output = output
        self.error = error
    }

    /// The outcome of a call as a handler got it.
    public init(of call: FunctionCall, state: FunctionCallState, output: String?, error: String? = nil) {
        callID = call.callID
        occurrence = call.occurrence ?? 1
        head.session = call.head.session
        self.state = state
        self.output = output
        self.error = error
    }

    /// The outcome of a call.
    public init(of call: CallReference, state: FunctionCallState, output: String?, error: String? = nil) {
        self.init(callID: call.callID, state: state, output: output, error: error)
        occurrence = call.occurrence
        head.session = call.session
    }

    /// The call among those of the process; nil if it has no `call_id`.
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

    /// It ran and gave an output.
    public static let completed: FunctionCallState = "completed"
    /// It ran, or could not be started, and gave an error.
    public static let failed: FunctionCallState = "failed"
    /// It was stopped because it took too long.
    public static let timedOut: FunctionCallState = "timed_out"
    /// It was not run: the function is unknown or its arguments are not valid.
    public static let rejected: FunctionCallState = "rejected"
    /// It was not run, or stopped, because the program ends.
    public static let cancelled: FunctionCallState = "cancelled"
    /// It was not run: the recording holds its output.
    public static let replayed: FunctionCallState = "replayed"
    /// An earlier run of the program started it, and did not say how it ended.
    public static let unknown: FunctionCallState = "unknown"

    /// All of them.
    public static let known: [FunctionCallState] = [
        .completed, .failed, .timedOut, .rejected, .cancelled, .replayed, .unknown,
    ]
}

/// The outputs of function calls that the client of a recording sent.
///
/// A dictionary literal names the outputs of the first session's calls by `call_id`.
public struct RecordedOutputs: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private struct Call: Hashable {
        let session: Int
        let callID: String
        let occurrence: Int
    }

    private var outputs: [Call: String] = [:]

    /// No outputs.
    public init() {}

    /// The outputs of calls whose `call_id` the recording's first session uses once.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (callID, output) in elements { self[session: 1, callID: callID, occurrence: 1] = output }
    }

    /// The output of a call; nil if the client sent none.
    ///
    /// - Parameters:
    ///   - session: The number of the session on its source, from 1.
    ///   - callID: The call's `call_id`.
    ///   - occurrence: How often the session has used the `call_id`, this call included.
    public subscript(session session: Int, callID callID: String, occurrence occurrence: Int) -> String? {
        get { outputs[Call(session: session, callID: callID, occurrence: occurrence)] }
        set { outputs[Call(session: session, callID: callID, occurrence: occurrence)] = newValue }
    }

    /// Adds outputs; they replace those of the same calls.
    public mutating func merge(_ others: RecordedOutputs) {
        outputs.merge(others.outputs) { $1 }
    }
}
