/// Something went wrong: the body of `router.error.raised`, from whatever channel.
public struct RaisedError: DerivedPayload {
    /// `router.error.raised`
    public static var eventType: EventType { .routerErrorRaised }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// How bad it is.
    public var errorClass: ErrorClass?
    /// Where it came from.
    public var source: ErrorSource?
    /// The server's code, such as `session_expired`; of a function call its state; of a response its error's code or reason.
    public var code: String?
    /// The message.
    public var message: String?
    /// The server's type of error, such as `invalid_request_error`.
    public var errorType: String?
    /// The parameter that the server complains about.
    public var parameter: String?
    /// The `event_id` of the client event that the server complains about.
    public var clientEventID: String?
    /// What the router sent that client event for; nil where the client event is not the router's.
    public var sentBy: EventSender?
    /// The handler that sent it, where that is known.
    public var handler: String?
    /// The route that gave the handler the event upon which it was sent, where that is known.
    public var route: String?
    /// The item that it is about.
    public var itemID: String?
    /// The response that it is about.
    public var responseID: String?
    /// The function call that it is about.
    public var callID: String?
    /// The call's occurrence, as in ``FunctionCall/occurrence``.
    public var occurrence: Int?

    /// The label of the MCP server that it is about.
    public var serverLabel: String?
    /// The tool of the MCP server that was called.
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

/// How bad an error is.
public struct ErrorClass: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A class from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The session goes on unharmed: a race that every client meets, or words that the router could not place.
    public static let benign: ErrorClass = "benign"
    /// One response, transcription or call went wrong.
    public static let turn: ErrorClass = "turn"
    /// The server refused something; the session goes on.
    public static let session: ErrorClass = "session"
    /// The session is over, or no session is possible.
    public static let fatal: ErrorClass = "fatal"

    /// All of them.
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
    /// An MCP call, or the list of an MCP server's tools.
    public static let mcp: ErrorSource = "mcp"
    /// A client event of the router that was not sent.
    public static let outbound: ErrorSource = "outbound"

    /// All of them.
    public static let known: [ErrorSource] = [.server, .response, .transcription, .functionCall, .mcp, .outbound]
}

/// What a client event of the router was sent for.
public struct EventSender: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A sender from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A handler sent it, or it has the outcome of a call that a handler ran.
    public static let handler: EventSender = "handler"
    /// It configures the session, and announces functions too if there are some.
    public static let session: EventSender = "session"
    /// It announces functions.
    public static let tools: EventSender = "tools"

    /// All of them.
    public static let known: [EventSender] = [.handler, .session, .tools]
}

/// Why a client event was not sent.
public struct UnsentReason: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A reason from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Another executor answered the call.
    public static let answeredElsewhere: UnsentReason = "answered_elsewhere"
    /// Another session began on the same source, which does not know the call.
    public static let sessionReplaced: UnsentReason = "session_replaced"
    /// The connection was renewed, and the server's new session does not know the call or the item.
    public static let connectionRenewed: UnsentReason = "connection_renewed"
    /// The connection was lost before the server had confirmed the event, and the event was not sent again.
    public static let connectionLost: UnsentReason = "connection_lost"

    /// The router only watches the session.
    public static let sessionObserved: UnsentReason = "session_observed"

    /// All of them.
    public static let known: [UnsentReason] = [
        .answeredElsewhere, .sessionReplaced, .connectionRenewed, .connectionLost, .sessionObserved,
    ]
}
