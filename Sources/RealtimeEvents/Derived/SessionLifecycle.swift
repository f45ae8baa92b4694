public import EventJSON

/// A session began: the body of `router.session.started`, which follows the first event.
///
/// It repeats what that first event contains. On a connection that joins a running session, for example, the model is
/// unknown.
public struct SessionStarted: DerivedPayload {
    /// `router.session.started`
    public static var eventType: EventType { .routerSessionStarted }

    /// The fields that all derived events share.
    public var head = DerivedEventHeader()
    /// The session's model.
    public var model: String?
    /// `realtime`, `transcription` or `translation`; nil if the server did not send it.
    public var kind: String?
    /// The model that transcribes the user's audio; nil if there is none or the first event does not name it.
    public var inputTranscription: String?
    /// A description of the source, such as the path of a file.
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

/// The connection to the server was lost, and the session continues: the body of `router.connection.lost`.
public struct ConnectionLost: DerivedPayload {
    /// `router.connection.lost`
    public static var eventType: EventType { .routerConnectionLost }

    /// The fields that all derived events share.
    public var head = DerivedEventHeader()
    /// The reason that the source gave.
    public var reason: String?

    /// A lost connection without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("reason", &reason)
    }
}

/// The connection to the server is back: the body of `router.connection.restored`.
public struct ConnectionRestored: DerivedPayload {
    /// `router.connection.restored`
    public static var eventType: EventType { .routerConnectionRestored }

    /// The fields that all derived events share.
    public var head = DerivedEventHeader()
    /// The number of the attempt that succeeded, from 1; nil if the source does not count attempts.
    public var attempt: Int?
    /// The time from the loss of the connection to this event, in ms; nil if the events have no times or no loss was
    /// reported.
    public var gapMs: Int?
    /// True if the server has a new session, which does not know the conversation; nil if it still knows the session.
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

/// A session ended: the body of `router.session.ended`, its last event.
public struct SessionEnded: DerivedPayload {
    /// `router.session.ended`
    public static var eventType: EventType { .routerSessionEnded }

    /// The fields that all derived events share.
    public var head = DerivedEventHeader()
    /// Why the session ended.
    public var reason: SessionEndReason?
    /// The time from the session's first to its last event, in ms; nil if the source has no times.
    public var durationMs: Int?
    /// The session's counts.
    public var totals: SessionTotals?
    /// True if the user spoke and input transcription was not configured, so that the events hold none of the user's
    /// words; nil otherwise.
    public var unheard: Bool?
    /// The number of user utterances without a final transcript; nil if there were none.
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

    /// The recording or the input ended.
    public static let endOfSource: SessionEndReason = "end_of_source"
    /// The connection closed.
    public static let disconnected: SessionEndReason = "disconnected"
    /// Another session began in the same stream or connection.
    public static let replaced: SessionEndReason = "replaced"
    /// The program received a request to stop.
    public static let interrupted: SessionEndReason = "interrupted"
    /// The server said that the session has expired.
    public static let expired: SessionEndReason = "expired"

    /// The session reached the longest duration that the source allows.
    public static let maxDuration: SessionEndReason = "max_duration"
    /// The session reached the highest cost that the source allows.
    public static let maxCost: SessionEndReason = "max_cost"
    /// No event arrived for the longest time that the source allows.
    public static let idle: SessionEndReason = "idle"
    /// The call was hung up.
    public static let hungUp: SessionEndReason = "hung_up"
    /// Only in a replay: the recording was cut at its size limit.
    public static let recordingFull: SessionEndReason = "recording_full"

    /// All values.
    public static let known: [SessionEndReason] = [
        .endOfSource, .disconnected, .replaced, .interrupted, .expired, .idle, .hungUp,
        .recordingFull, .maxDuration, .maxCost,
    ]
}

/// The counts of a session.
public struct SessionTotals: WireObject {
    /// Server events.
    public var events: Int?
    /// Server events by their canonical type. Types that the router does not know count under `other`.
    public var eventsByType: JSONValue?
    /// Finished utterances.
    public var utterances: Int?
    /// Answered turns.
    public var turns: Int?
    /// Finished responses.
    public var responses: Int?
    /// Interrupted responses.
    public var interruptions: Int?
    /// Complete function calls, including replayed ones.
    public var calls: Int?
    /// Raised errors of every class.
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
