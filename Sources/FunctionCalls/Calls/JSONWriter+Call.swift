import EventJSON
import EventRouter
import RealtimeEvents

extension JSONWriter {
    /// Writes `session` and `labels` of a call, as programs read them: without labels an empty object.
    mutating func origin(of call: FunctionCall) {
        field("session", call.head.session)
        let labels = (call.head.labels ?? [:]).sorted { $0.key < $1.key }
        field("labels", JSONValue.object(JSONObject(labels.lazy.map { (key: $0.key, value: .string($0.value)) })))
    }
}
