public import ConfigSource
import EventJSON
public import Logging
public import RealtimeEvents
import RealtimeSession

/// A client event of the router that the server refused, or that was not sent.
public struct ClientEventFailure: Sendable, Hashable {
    /// What became of the event.
    public enum Outcome: String, Sendable, Hashable {
        /// The server refused it.
        case refused
        /// It was not sent.
        case unsent
    }

    /// What became of the event.
    public var outcome: Outcome
    /// The session's key.
    public var session: String
    /// The place of the server's `error`; nil where there is none.
    public var position: EventPosition?
    /// The event's `event_id`.
    public var eventID: String?
    /// The event's type, where that is known.
    public var type: String?
    /// What it was sent for.
    public var sentBy: EventSender
    /// The handler that sent it, where that is known.
    public var handler: String?
    /// The route that gave the handler the event upon which it was sent, where that is known.
    public var route: String?
    /// The server's code, or why the event was not sent: see `UnsentReason`.
    public var code: String?
    /// The server's message, as it may be written.
    public var message: String?
    /// The parameter that the server complains about.
    public var parameter: String?
    /// Whether it is a race that every client meets, and costs nothing.
    public var isBenign: Bool
    /// What is wrong with the `session` that the event configures, at its place in the file; nil for other events.
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

    /// What is logged about an event that the server refused. The metadata has its fields, under the names that they have in the log of
    /// deliveries.
    public static let refusedMessage: Logger.Message = "the server refused a client event"
    /// What is logged about an event that was not sent.
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

/// A diagnostic in the metadata of a log, where it reads as its place: `routes.yml:12:5`.
package struct LoggedDiagnostic: CustomStringConvertible, Sendable {
    /// The diagnostic.
    package let diagnostic: Diagnostic

    init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }

    /// The place.
    package var description: String {
        let place = diagnostic.location.map { ":\($0.line):\($0.column)" } ?? ""
        return (diagnostic.file?.path ?? "session") + place
    }
}

/// How often the server refused client events that were sent for the same and got the same code.
public struct RefusalCount: Sendable, Hashable {
    /// What they were sent for.
    public var sentBy: EventSender
    /// The handler that sent them, where that is known.
    public var handler: String?
    /// The route that gave the handler the events upon which they were sent, where that is known.
    public var route: String?
    /// The server's code.
    public var code: String?
    /// The server's message about the last of them, as it may be written.
    public var message: String?
    /// How many there were.
    public var count = 0

    /// The object that stands for it in ``RunReport/json``.
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

/// Counts refusals by what they have in common; of very many kinds only the first.
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
        if let place = all.firstIndex(where: { $0.isAlike(refusal) }) {
            all[place].count += refusal.count
            all[place].message = refusal.message ?? all[place].message
        } else if all.count < Self.limit {
            all.append(refusal)
        }
    }
}
