public import EventJSON

/// A session began: the body of `router.session.started`, behind the first event.
///
/// It says what that first event says: a connection that joined a running session knows no model.
public struct SessionStarted: DerivedPayload {
    /// `router.session.started`
    public static var eventType: EventType { .routerSessionStarted }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// The model.
    public var model: String?
    /// `realtime`, `transcription` or `translation`, when the server said it.
    public var kind: String?
    /// The model that transcribes the user's audio; nil when there is none or the first event does not say.
    public var inputTranscription: String?
    /// Where the events come from, as the caller named it.
    public var source: String?

    /// A start without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("model", &model)
        coder.field("kind", &kind, of: SessionType.self)
        coder.field("input_transcription", &inputTranscription)
        coder.field("source", &source)
    }
}

/// The connection to the server was lost, and the session goes on: the body of `router.connection.lost`.
public struct LostConnection: DerivedPayload {
    /// `router.connection.lost`
    public static var eventType: EventType { .routerConnectionLost }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// Why it was lost, as the source says it.
    public var reason: String?

    /// A lost connection without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("reason", &reason)
    }
}

/// There is a connection to the server again: the body of `router.connection.restored`.
public struct RestoredConnection: DerivedPayload {
    /// `router.connection.restored`
    public static var eventType: EventType { .routerConnectionRestored }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// The number of the attempt that succeeded, from 1; nil where the source does not count them.
    public var attempt: Int?
    /// The time from the loss of the connection to this event, in ms; nil where the events have no times, or no loss was reported.
    public var gapMs: Int?
    /// Whether the server has a new session, which knows nothing of the conversation; nil where it knows the session.
    public var renewed: Bool?

    /// A restored connection without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("attempt", &attempt)
        coder.field("gap_ms", &gapMs)
        coder.field("renewed", &renewed)
    }
}

/// A session ended: the body of `router.session.ended`, last of all.
public struct SessionEnded: DerivedPayload {
    /// `router.session.ended`
    public static var eventType: EventType { .routerSessionEnded }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// Why it ended.
    public var reason: SessionEndReason?
    /// The time from its first to its last event, in ms; nil where the source has no times.
    public var durationMs: Int?
    /// What happened in it.
    public var totals: SessionTotals?
    /// Whether the user spoke and the server was not told to transcribe it, so that there are none of the user's words; nil
    /// where there are, or nobody spoke.
    public var unheard: Bool?
    /// How many utterances of the user had begun or were committed, and had no final transcript; nil where there was none.
    public var wordsPending: Int?

    /// An end without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("reason", &reason)
        coder.field("duration_ms", &durationMs)
        coder.field("totals", &totals)
        coder.field("unheard", &unheard)
        coder.field("words_pending", &wordsPending)
    }
}

/// Why a session ended.
public struct SessionEndReason: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A reason from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The recording or the input is at its end.
    public static let endOfSource: SessionEndReason = "end_of_source"
    /// The connection closed.
    public static let disconnected: SessionEndReason = "disconnected"
    /// Another session began on the same source.
    public static let replaced: SessionEndReason = "replaced"
    /// The program was told to stop.
    public static let interrupted: SessionEndReason = "interrupted"
    /// The server said that the session has expired.
    public static let expired: SessionEndReason = "expired"

    /// The session lasted as long as the source allows.
    public static let maxDuration: SessionEndReason = "max_duration"
    /// The session cost as much as the source allows.
    public static let maxCost: SessionEndReason = "max_cost"
    /// Nothing came for as long as the source allows.
    public static let idle: SessionEndReason = "idle"
    /// The call was hung up.
    public static let hungUp: SessionEndReason = "hung_up"
    /// The recording ends here because it reached its largest size; the session went on.
    public static let recordingFull: SessionEndReason = "recording_full"

    /// All of them.
    public static let known: [SessionEndReason] = [
        .endOfSource, .disconnected, .replaced, .interrupted, .expired, .idle, .hungUp,
        .recordingFull, .maxDuration, .maxCost,
    ]
}

/// How much happened in a session.
public struct SessionTotals: WireObject {
    /// Server events.
    public var events: Int?
    /// Server events by their canonical type; those of a type that the router does not know stand under `other`.
    public var eventsByType: JSONValue?
    /// Utterances that were done.
    public var utterances: Int?
    /// Turns that were answered.
    public var turns: Int?
    /// Responses that ended.
    public var responses: Int?
    /// Responses that were interrupted.
    public var interruptions: Int?
    /// Function calls that were complete, replayed ones included.
    public var calls: Int?
    /// Errors that were raised, of every class.
    public var errors: Int?

    /// Totals without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("events", &events)
        coder.field("events_by_type", &eventsByType)
        coder.field("utterances", &utterances)
        coder.field("turns", &turns)
        coder.field("responses", &responses)
        coder.field("interruptions", &interruptions)
        coder.field("calls", &calls)
        coder.field("errors", &errors)
    }
}
