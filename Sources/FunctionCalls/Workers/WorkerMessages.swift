import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents

/// What a worker and the router tell each other, a JSON object a line.
enum WorkerMessage {
    /// A call, as the worker reads it:
    /// `{"id":1,"name":…,"arguments":{…},"call_id":…,"key":…,"session":…,"labels":{…}}`.
    static func line(_ id: Int, for call: FunctionCall, _ arguments: JSONObject) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("id", id)
        writer.field("name", call.name)
        writer.field("arguments", JSONValue.object(arguments))
        writer.field("call_id", call.callID)
        writer.field("occurrence", call.occurrence)
        writer.field("key", CallVariables.variables(for: call)["ROUTER_CALL_KEY"])
        writer.origin(session: call.head.session, labels: call.head.labels ?? [:])
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    /// What a worker answered to a call.
    enum Answer: Sendable, Hashable {
        /// `{"id":1,"output":…}`: text as it is, anything else as JSON.
        case output(String)
        /// `{"id":1,"error":"…"}`: words for the model.
        case error(String)
        /// Neither of them.
        case neither
    }

    /// A line of a worker: which call it answers, and how; nil when it is no answer.
    static func answer(_ line: [UInt8]) -> (id: Int, answer: Answer)? {
        guard let object = (try? JSONValue(parsing: line))?.object, case .number(let number)? = object["id"],
            let id = number.int
        else { return nil }
        if let error = object["error"], !error.isNull { return (id, .error(text(error))) }
        return (id, object["output"].map { .output(text($0)) } ?? .neither)
    }

    private static func text(_ value: JSONValue) -> String { value.string ?? value.description }
}

/// What a worker says beside its answers: standard error, and lines that answer nothing. The end of it is kept.
struct WorkerTrouble {
    private static let limit = 4 * 1024
    private let secrets: SecretValues
    private var bytes: [UInt8] = []

    /// - Parameter secrets: what is replaced in it.
    init(hiding secrets: SecretValues) {
        self.secrets = secrets
    }

    mutating func append(_ more: [UInt8]) {
        // So much that a value that begins before what is kept can be told.
        let limit = Self.limit + secrets.longest
        bytes += more.suffix(limit)
        // Cut only now and then: every byte is moved at most once more.
        if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
    }

    /// A line of the router's own.
    mutating func note(_ text: String) {
        // The rest of a value that has begun comes after it, not after this line.
        let begun = Array(bytes.suffix(secrets.unfinished(in: bytes)))
        bytes.removeLast(begun.count)
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
        append(Array("router: the worker wrote \(text)\n".utf8) + begun)
    }

    mutating func note(notAnAnswer line: [UInt8]) {
        let shown = secrets.hide(in: line).prefix(256)
        note("a line that is no answer: \(quoted(String(decoding: shown, as: UTF8.self).cut(to: 60)))")
    }

    /// All of it, without white space around it; nil when there is nothing. From now on it is empty, but for the beginning of a value
    /// whose rest has not come yet.
    mutating func take() -> String? {
        let rest = secrets.unfinished(in: bytes)
        defer { bytes = Array(bytes.suffix(rest)) }
        let text = CommandExecutor.trimmed(secrets.lastBytes(Self.limit, of: Array(bytes.dropLast(rest))))
        return text.isEmpty ? nil : text
    }
}
