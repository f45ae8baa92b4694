internal import EventJSON

/// Which of the Realtime APIs a session speaks: a table of what the names mean there.
///
/// The same type string means different things in two dialects (`session.created`, `error`), so an event is known by its dialect
/// and its type together.
public struct Dialect: Sendable, RawRepresentable, CaseIterable {
    /// Conversations and transcription, `/v1/realtime`: both generations, beta and GA.
    public static let realtime = Dialect(
        Table(name: "realtime", serverEvent: ServerEvent.realtime, clientEvent: ClientEvent.realtime))
    /// Speech translation, `/v1/realtime/translations`.
    public static let translation = Dialect(
        Table(name: "translation", serverEvent: ServerEvent.translation, clientEvent: ClientEvent.translation))

    /// All dialects.
    public static let allCases = [realtime, translation]

    /// An object, because every event has its dialect: a copy of a reference is cheap.
    private final class Table: Sendable {
        let name: String
        let serverEvent: @Sendable (EventType.Code, JSONObject) -> ServerEvent?
        let clientEvent: @Sendable (String, JSONObject) -> ClientEvent?

        init(
            name: String, serverEvent: @escaping @Sendable (EventType.Code, JSONObject) -> ServerEvent?,
            clientEvent: @escaping @Sendable (String, JSONObject) -> ClientEvent?
        ) {
            self.name = name
            self.serverEvent = serverEvent
            self.clientEvent = clientEvent
        }
    }

    private let table: Table

    private init(_ table: Table) {
        self.table = table
    }

    /// The dialect with a name; nil if there is none.
    public init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    /// The dialect's name: in options, in recordings, and as the `type` of a session that speaks no other.
    public var rawValue: String { table.name }

    /// Decodes a server's event; nil for a type that the dialect does not have.
    func serverEvent(_ code: EventType.Code, _ object: JSONObject) -> ServerEvent? { table.serverEvent(code, object) }

    /// Decodes a client's event; nil for a type that the dialect does not have.
    func clientEvent(_ type: String, _ object: JSONObject) -> ClientEvent? { table.clientEvent(type, object) }
}

extension Dialect: Hashable, CustomStringConvertible {
    /// Whether two dialects are the same.
    public static func == (left: Dialect, right: Dialect) -> Bool { left.table === right.table }

    /// Feeds the dialect to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(table)) }

    /// The dialect's name.
    public var description: String { rawValue }
}
