public import ConfigSource
import EventJSON
public import Logging
public import RealtimeEvents
import RealtimeSession

/// A client event of the router that the server refused or that was not sent.
public struct ClientEventFailure: Sendable, Hashable {
    /// The outcome of the event.
    public enum Outcome: String, Sendable, Hashable {
        /// The server refused it.
        case refused
        /// It was not sent.
        case unsent
    }

    /// The outcome of the event.
    public var outcome: Outcome
    /// The session's key.
    public var session: String
    /// The position of the server's `error` event; nil if there is none.
    public var position: EventPosition?
    /// The event's `event_id`.
    public var eventID: String?
    /// The event's type; nil if it is not known.
    public var type: String?
    /// The part of the router that sent it.
    public var sentBy: EventPurpose
    /// The handler that sent it; nil if it is not known.
    public var handler: String?
    /// The route that delivered the event in response to which the handler sent it; nil if it is not known.
    public var route: String?
    /// The server's error code, or the reason why the event was not sent: see `UnsentReason`.
    public var code: String?
    /// The server's message, redacted.
    public var message: String?
    /// The parameter that the server's error names.
    public var parameter: String?
    /// Whether the error is a harmless race that every client can cause.
    public var isBenign: Bool
    /// The diagnostic for the `session` section of the file, if the event configured the session; nil for other events.
    public var diagnostic: Diagnostic?

    init(
        _ outcome: Outcome, session: String, position: EventPosition? = nil, eventID: String?, type: String?,
        _ origin: EventOrigin, code: String?, message: String? = nil, parameter: String? = nil, isBenign: Bool = false,
        diagnostic: Diagnostic? = nil
    ) {
        self.outcome = outcome
        self.session = session
        self.position = position
        self.eventID = eventID
        self.type = type
        sentBy = origin.sender
        handler = origin.handler
        route = origin.route
        self.code = code
        self.message = message
        self.parameter = parameter
        self.isBenign = isBenign
        self.diagnostic = diagnostic
    }

    /// The log message for an event that the server refused. The metadata has the fields of the dispatch log.
    public static let refusedMessage: Logger.Message = "the server refused a client event"
    /// The log message for an event that was not sent.
    public static let unsentMessage: Logger.Message = "a client event was not sent"

    var logMessage: Logger.Message { outcome == .refused ? Self.refusedMessage : Self.unsentMessage }

    var metadata: Logger.Metadata {
        let fields: [(name: String, value: String?)] = [
            ("session", session), ("position", position?.description), ("type", type), ("event_id", eventID),
            ("sent_by", sentBy.rawValue), ("route", route), ("handler", handler), ("code", code), ("message", message),
            ("param", parameter),
        ]
        var metadata: Logger.Metadata = [:]
        for (name, value) in fields { if let value { metadata[name] = "\(value)" } }
        if let diagnostic { metadata["place"] = .stringConvertible(LoggedDiagnostic(diagnostic)) }
        return metadata
    }
}

/// A diagnostic in log metadata. Its text is its location: `routes.yml:12:5`.
package struct LoggedDiagnostic: CustomStringConvertible, Sendable {
    /// The diagnostic.
    package let diagnostic: Diagnostic

    init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }

    /// The location.
    package var description: String {
        let suffix = diagnostic.location.map { ":\($0.line):\($0.column)" } ?? ""
        return (diagnostic.file?.path ?? "session") + suffix
    }
}

/// The number of refused client events with the same sender and the same error code.
public struct RefusalCount: Sendable, Hashable {
    /// The part of the router that sent them.
    public var sentBy: EventPurpose
    /// The handler that sent them; nil if it is not known.
    public var handler: String?
    /// The route that delivered the events in response to which the handler sent them; nil if it is not known.
    public var route: String?
    /// The server's error code.
    public var code: String?
    /// The server's message about the last of them, redacted.
    public var message: String?
    /// The number of events.
    public var count = 0

    /// The JSON object in ``RunReport/json``.
    var json: JSONObject {
        var object = JSONObject()
        object["sent_by"] = .string(sentBy.rawValue)
        object["handler"] = handler.map { .string($0) }
        object["route"] = route.map { .string($0) }
        object["code"] = code.map { .string($0) }
        object["message"] = message.map { .string($0) }
        object["count"] = .number(JSONNumber(count))
        return object
    }

    func isAlike(_ other: RefusalCount) -> Bool {
        sentBy == other.sentBy && handler == other.handler && route == other.route && code == other.code
    }
}

/// Counts refusals by sender, handler, route and code; only the first 100 different combinations of these are counted.
struct RefusalCounts: Sendable {
    private static let limit = 100

    private(set) var all: [RefusalCount]

    init(all: [RefusalCount] = []) {
        self.all = all
    }

    mutating func add(_ failure: ClientEventFailure) {
        add(
            RefusalCount(
                sentBy: failure.sentBy, handler: failure.handler, route: failure.route, code: failure.code,
                message: failure.message, count: 1))
    }

    mutating func add(_ refusal: RefusalCount) {
        if let index = all.firstIndex(where: { $0.isAlike(refusal) }) {
            all[index].count += refusal.count
            all[index].message = refusal.message ?? all[index].message
        } else if all.count < Self.limit {
            all.append(refusal)
        }
    }
}
