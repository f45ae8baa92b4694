public import EventJSON
public import RealtimeEvents
public import RecordFiles
import Synchronization

/// The redactors of a route table: the one place through which events go on their way to whoever may write them.
public struct Redaction: Sendable {
    /// What stands where something was taken out.
    public static let mark = "***"

    /// The redactors, each of which sees what the one before it left.
    public let redactors: [any EventRedactor]

    /// What environment variables hold. Events keep it on their way to handlers; journals, dead letters and logs do not.
    public var secrets: SecretValues { known.values }

    /// The secrets, which all copies share.
    private let known: KnownSecrets

    /// Joins redactors; each sees what the one before it left.
    public init(_ redactors: [any EventRedactor] = [], secrets: SecretValues = SecretValues()) {
        self.redactors = redactors
        known = KnownSecrets(secrets)
    }

    /// Adds a secret that became known while the router runs, to this redaction and all copies of it.
    ///
    /// - Parameters:
    ///   - secret: the secret; nothing is done about one that is short.
    ///   - name: what stands for it, as `${NAME}`.
    func learn(_ secret: String, as name: String) { known.learn(secret, as: name) }

    /// Adds the secrets that became known to another redaction.
    func learn(from other: Redaction) { known.learn(from: other.known) }

    /// The event without what must not be written; the same event when there is nothing in it.
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

    /// The event as a dead letter may keep it: without the secrets too.
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

    /// A value that is no event, as it may be written: what a function was called with, what it gave.
    public func redacted(_ value: JSONValue) -> JSONValue {
        var value = secrets.hide(in: value)
        for redactor in redactors { _ = redactor.redact(&value) }
        return value
    }

    /// A text that is no event, as it may be written, such as the words of an error.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - isCut: Whether it may have broken off, as what a command says does when it is too long.
    public func redacted(_ text: String, isCut: Bool = false) -> String {
        guard !redactors.isEmpty else { return secrets.hide(in: text) }
        var written = redacted(JSONValue.string(text)).string ?? Self.mark
        if isCut {
            for redactor in redactors { _ = redactor.redactEnd(of: &written) }
        }
        return written
    }

    /// The value of a label as it may be written.
    public func redacted(label name: String, _ value: String) -> String {
        guard !redactors.isEmpty else { return secrets.hide(in: value) }
        let label = JSONValue.object(JSONObject([(key: name, value: .string(value))]))
        return redacted(label).object?.compactMap { $0.value.string }.last ?? Self.mark
    }

    /// Whether what stands under a path of events of a type is something that is taken out.
    func hides(_ path: [String], of type: EventType.Code) -> Bool { redactors.contains { $0.hides(path, of: type) } }

    /// A value of an event that is shown by itself: a text in quotes, perhaps only its beginning with `…` behind it, or a number.
    func redacted(shown value: String) -> String {
        guard value.utf8.first == UInt8(ascii: "\""), value.utf8.count > 1 else { return redacted(value) }
        let text = value.dropFirst().dropLast()
        let beginning = text.last == "…" ? text.dropLast() : text
        return "\"\(redacted(String(beginning), isCut: true))\(text.dropFirst(beginning.count))\""
    }

    /// As much of a line that is no event as may be kept.
    ///
    /// - Parameter isCut: whether the line goes on.
    func redacted(line: [UInt8], isCut: Bool) -> [UInt8] {
        redactors.contains { $0.mayBeIn(line) } ? [] : secrets.hide(in: line, isCut: isCut)
    }
}

/// What nobody may write down: what options and commands name, and what becomes known while the router runs.
final class KnownSecrets: Sendable {
    private struct State {
        var learned: [(name: String, value: String)] = []
        var values: SecretValues
    }

    /// Of keys that are renewed the last ones count.
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
