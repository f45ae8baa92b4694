/// An error from any source: the body of `router.error.raised`.
public struct ErrorRaised: DerivedPayload {
    /// `router.error.raised`
    public static var eventType: EventType { .routerErrorRaised }

    /// The fields that all derived events share.
    public var head = DerivedEventHeader()
    /// The severity of the error.
    public var errorClass: ErrorClass?
    /// Where the error came from.
    public var source: ErrorSource?
    /// The server's code, such as `session_expired`. For a function call, its state; for a response, the code or reason
    /// of its error.
    public var code: String?
    /// The error message.
    public var message: String?
    /// The server's type of error, such as `invalid_request_error`.
    public var errorType: String?
    /// The parameter named in the server's error.
    public var parameter: String?
    /// The `event_id` of the client event that caused the server's error.
    public var clientEventID: String?
    /// Why the router sent that client event; nil if the client event is not the router's.
    public var sentBy: EventPurpose?
    /// The handler that sent the client event; nil if it is unknown.
    public var handler: String?
    /// The route whose delivery made the handler send the client event; nil if it is unknown.
    public var route: String?
    /// The affected item.
    public var itemID: String?
    /// The affected response.
    public var responseID: String?
    /// The affected function call.
    public var callID: String?
    /// The call's occurrence, as in ``FunctionCall/occurrence``.
    public var occurrence: Int?

    /// The label of the affected MCP server.
    public var serverLabel: String?
    /// The called tool of the MCP server.
    public var tool: String?
    /// The MCP server's own code, such as the HTTP status 401.
    public var reasonCode: Int?

    /// An error without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("class", &errorClass)
        coder.field("source", &source)
        coder.field("code", &code, of: ErrorCode.self)
        coder.field("message", &message)
        coder.field("error_type", &errorType)
        coder.field("param", &parameter)
        coder.field("client_event_id", &clientEventID)
        coder.field("sent_by", &sentBy)
        coder.field("handler", &handler)
        coder.field("route", &route)
        coder.field("item_id", &itemID)
        coder.field("response_id", &responseID)
        coder.field("call_id", &callID)
        coder.field("occurrence", &occurrence)
        coder.field("server_label", &serverLabel)
        coder.field("tool", &tool)
        coder.field("reason_code", &reasonCode)
    }
}

/// The severity of an error.
public struct ErrorClass: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A class from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The session is unaffected: a race that every client meets, or words that the router could not assign to an item.
    public static let benign: ErrorClass = "benign"
    /// One response, transcription or call went wrong.
    public static let turn: ErrorClass = "turn"
    /// The server refused a request; the session continues.
    public static let session: ErrorClass = "session"
    /// The session is over or could not start.
    public static let fatal: ErrorClass = "fatal"

    /// All values.
    public static let known: [ErrorClass] = [.benign, .turn, .session, .fatal]
}

/// Where an error came from.
public struct ErrorSource: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A source from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// An `error` event.
    public static let server: ErrorSource = "server"
    /// A response that failed or is incomplete.
    public static let response: ErrorSource = "response"
    /// The transcription of the user's audio.
    public static let transcription: ErrorSource = "transcription"
    /// A function call, or its output.
    public static let functionCall: ErrorSource = "function_call"
    /// An MCP call or tool listing.
    public static let mcp: ErrorSource = "mcp"
    /// A client event of the router that was not sent.
    public static let outbound: ErrorSource = "outbound"

    /// All values.
    public static let known: [ErrorSource] = [.server, .response, .transcription, .functionCall, .mcp, .outbound]
}

/// Why the router sent a client event.
public struct EventPurpose: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A sender from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A handler sent the event, or the event carries the outcome of a call that a handler ran.
    public static let handler: EventPurpose = "handler"
    /// The event configures the session and may also announce functions.
    public static let session: EventPurpose = "session"
    /// The event announces functions.
    public static let tools: EventPurpose = "tools"

    /// All values.
    public static let known: [EventPurpose] = [.handler, .session, .tools]
}

/// Why a client event was not sent.
public struct UnsentReason: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A reason from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Another executor answered the call.
    public static let answeredElsewhere: UnsentReason = "answered_elsewhere"
    /// Another session began on the same source and does not know the call.
    public static let sessionReplaced: UnsentReason = "session_replaced"
    /// The connection was renewed, and the server's new session does not know the call or the item.
    public static let connectionRenewed: UnsentReason = "connection_renewed"
    /// The connection was lost before the server had confirmed the event, and the event was not sent again.
    public static let connectionLost: UnsentReason = "connection_lost"

    /// The router only observes the session.
    public static let sessionObserved: UnsentReason = "session_observed"

    /// All values.
    public static let known: [UnsentReason] = [
        .answeredElsewhere, .sessionReplaced, .connectionRenewed, .connectionLost, .sessionObserved,
    ]
}
