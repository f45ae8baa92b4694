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
