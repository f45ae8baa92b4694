import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents

/// The messages between the router and a worker: one JSON object per line.
enum WorkerMessage {
    /// The line for a call:
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

    /// A worker's answer to a call.
    enum Answer: Sendable, Hashable {
        /// `{"id":1,"output":…}`: a string unchanged, any other value as JSON.
        case output(String)
        /// `{"id":1,"error":"…"}`: an error text for the model.
        case error(String)
        /// Neither `output` nor `error`.
        case neither
    }

    /// Parses a worker's line: the number of the call, and the answer. Returns nil if the line is not an answer.
    static func answer(_ line: [UInt8]) -> (id: Int, answer: Answer)? {
        guard let object = (try? JSONValue(parsing: line))?.object, case .number(let number)? = object["id"],
            let id = number.int
        else { return nil }
        if let error = object["error"], !error.isNull { return (id, .error(text(error))) }
        return (id, object["output"].map { .output(text($0)) } ?? .neither)
    }

    private static func text(_ value: JSONValue) -> String { value.string ?? value.description }
}

/// Collects what a worker writes besides answers: standard error, and lines that are not answers. Keeps the end.
struct WorkerDiagnostics {
    private static let limit = 4 * 1024
    private let secrets: SecretValues
    private var bytes: [UInt8] = []

    /// - Parameter secrets: the values to hide.
    init(hiding secrets: SecretValues) {
        self.secrets = secrets
    }

    mutating func append(_ more: [UInt8]) {
        // Keeps enough extra bytes to recognise a secret that starts before the kept part.
        let limit = Self.limit + secrets.longest
        bytes += more.suffix(limit)
        // Truncates only when the buffer is twice the limit, so that each byte is moved at most once.
        if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
    }

    /// Adds a line of the router.
    mutating func note(_ text: String) {
        // If the bytes end with the start of a secret, the rest of the secret will follow, so the line is inserted
        // before it.
        let begun = Array(bytes.suffix(secrets.unfinished(in: bytes)))
        bytes.removeLast(begun.count)
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
        append(Array("router: the worker wrote \(text)\n".utf8) + begun)
    }

    mutating func note(notAnAnswer line: [UInt8]) {
        let shown = secrets.hide(in: line).prefix(256)
        note("a line that is no answer: \(quoted(String(decoding: shown, as: UTF8.self).cut(to: 60)))")
    }

    /// Removes and returns the text, without surrounding white space; nil if there is none. The start of a secret whose
    /// rest has not arrived is kept.
    mutating func drain() -> String? {
        let rest = secrets.unfinished(in: bytes)
        defer { bytes = Array(bytes.suffix(rest)) }
        let text = CommandExecutor.trimmed(secrets.lastBytes(Self.limit, of: Array(bytes.dropLast(rest))))
        return text.isEmpty ? nil : text
    }
}
