import EventJSON

/// The ids that replace those of a recording, because the client chose its own.
struct MockIDs {
    private var replacements: [String: JSONValue] = [:]

    /// From now on an id of the recording is replaced; by null if the client has none.
    mutating func replace(_ recorded: String, by id: String?) {
        replacements[recorded] = id.map { .string($0) } ?? .null
    }

    /// An event with its ids replaced.
    func applied(to event: JSONObject) -> JSONObject {
        replacements.isEmpty ? event : object(event)
    }

    private func object(_ object: JSONObject) -> JSONObject {
        JSONObject(
            object.map { name, value in
                if let text = value.string {
                    let isID = name == "id" || name.hasSuffix("_id")
                    return (key: name, value: isID ? replacements[text] ?? value : value)
                }
                return (key: name, value: self.value(value))
            })
    }

    private func value(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(object(members))
        case .array(let elements): .array(elements.map { self.value($0) })
        default: value
        }
    }
}
