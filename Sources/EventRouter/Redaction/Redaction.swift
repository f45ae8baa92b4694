public import EventJSON
public import RealtimeEvents
public import RecordFiles
import Synchronization

/// The redactors and secrets of a route table. All events pass through it before they reach anything that may write
/// them.
public struct Redaction: Sendable {
    /// Replaces removed data.
    public static let mark = "***"

    /// The redactors, applied in this order.
    public let redactors: [any EventRedactor]

    /// The values of environment variables. Journals, dead letters and logs hide them; events that go to handlers keep
    /// them.
    public var secrets: SecretValues { known.values }

    /// The secrets, shared by all copies.
    private let known: KnownSecrets

    /// Creates a redaction that applies redactors in their order.
    public init(_ redactors: [any EventRedactor] = [], secrets: SecretValues = SecretValues()) {
        self.redactors = redactors
        known = KnownSecrets(secrets)
    }

    /// Adds a secret that became known while the router runs, to this redaction and all its copies.
    ///
    /// - Parameters:
    ///   - secret: The secret; a short one is ignored.
    ///   - name: The name that replaces it, as `${NAME}`.
    func learn(_ secret: String, as name: String) { known.learn(secret, as: name) }

    /// Adds the secrets that another redaction learned.
    func learn(from other: Redaction) { known.learn(from: other.known) }

    /// Returns the redacted event; the same event if there is nothing to remove.
    public func redacted(_ event: RealtimeEvent) -> RealtimeEvent {
        var written: JSONObject?
        var isChanged = false
        for redactor in redactors where redactor.concerns(event) {
            guard var object = written ?? event.json.object else { return event }
            if redactor.redact(&object, event.type.code) { isChanged = true }
            written = object
        }
        guard isChanged, let written else { return event }
        return RealtimeEvent(
            bytes: Array(JSONValue.object(written).description.utf8), type: event.type, wireType: event.wireType,
            position: event.position, at: event.at, dialect: event.dialect)
    }

    /// Returns the event for a dead letter or a recording: redacted, and without secrets.
    func written(_ event: RealtimeEvent) -> RealtimeEvent {
        let event = redacted(event)
        let secrets = secrets
        guard !secrets.isEmpty else { return event }
        let (json, hidden) = (event.json, secrets.hide(in: event.json))
        guard json != hidden else { return event }
        return RealtimeEvent(
            bytes: Array(hidden.description.utf8), type: event.type, wireType: event.wireType, position: event.position,
            at: event.at, dialect: event.dialect)
    }

    /// Redacts a value that is not an event, such as a function's arguments or output.
    public func redacted(_ value: JSONValue) -> JSONValue {
        var value = secrets.hide(in: value)
        for redactor in redactors { _ = redactor.redact(&value) }
        return value
    }

    /// Redacts a text that is not an event, such as an error's message.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - isCut: Whether the text may be truncated, such as the output of a command.
    public func redacted(_ text: String, isCut: Bool = false) -> String {
        guard !redactors.isEmpty else { return secrets.hide(in: text) }
        var written = redacted(JSONValue.string(text)).string ?? Self.mark
        if isCut {
            for redactor in redactors { _ = redactor.redactEnd(of: &written) }
        }
        return written
    }

    /// Redacts the value of a label.
    public func redacted(label name: String, _ value: String) -> String {
        guard !redactors.isEmpty else { return secrets.hide(in: value) }
        let label = JSONValue.object(JSONObject([(key: name, value: .string(value))]))
        return redacted(label).object?.compactMap { $0.value.string }.last ?? Self.mark
    }

    /// Whether a redactor removes the value at a path in events of a type.
    func hides(_ path: [String], of type: EventType.Code) -> Bool { redactors.contains { $0.hides(path, of: type) } }

    /// Redacts a single value that an explanation shows: a number, or a quoted text that may be shortened and end in
    /// `…`.
    func redacted(shown value: String) -> String {
        guard value.utf8.first == UInt8(ascii: "\""), value.utf8.count > 1 else { return redacted(value) }
        let text = value.dropFirst().dropLast()
        let beginning = text.last == "…" ? text.dropLast() : text
        return "\"\(redacted(String(beginning), isCut: true))\(text.dropFirst(beginning.count))\""
    }

    /// Redacts a line that is not an event; returns no bytes if the line may hold sensitive data.
    ///
    /// - Parameter isCut: Whether the line is truncated.
    func redacted(line: [UInt8], isCut: Bool) -> [UInt8] {
        redactors.contains { $0.mayBeIn(line) } ? [] : secrets.hide(in: line, isCut: isCut)
    }
}

/// The secrets of a table: those that are known from the start, and those that the router learns while it runs.
final class KnownSecrets: Sendable {
    private struct State {
        var learned: [(name: String, value: String)] = []
        var values: SecretValues
    }

    /// The largest number of learned secrets. Older ones are forgotten.
    private static let limit = 64

    private let given: SecretValues
    private let state: Mutex<State>

    init(_ given: SecretValues) {
        self.given = given
        state = Mutex(State(values: given))
    }

    var values: SecretValues { state.withLock { $0.values } }

    func learn(_ value: String, as name: String) { add([(name, value)]) }

    func learn(from other: KnownSecrets) {
        if other !== self { add(other.state.withLock { $0.learned }) }
    }

    private func add(_ secrets: [(name: String, value: String)]) {
        state.withLock { state in
            let new = secrets.filter { secret in !state.learned.contains { $0 == secret } }
            guard !new.isEmpty else { return }
            state.learned = Array((state.learned + new).suffix(Self.limit))
            state.values = SecretValues(joining: [given, SecretValues(state.learned)])
        }
    }
}
