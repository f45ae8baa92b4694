package import EventJSON

extension JSONWriter {
    /// Writes `session` and `labels` as commands and workers read them: without labels an empty object.
    package mutating func origin(session: String?, labels: [String: String]) {
        field("session", session)
        let labels = labels.sorted { $0.key < $1.key }
        field("labels", JSONValue.object(JSONObject(labels.lazy.map { (key: $0.key, value: .string($0.value)) })))
    }
}
