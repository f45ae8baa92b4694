import EventJSON

/// A session as a server would send it, made for a test: calls of functions, each in a response of its own.
struct SessionScript {
    private(set) var lines = [#"{"type":"session.created","event_id":"event_0","session":{"id":"sess_1"}}"#]
    private var calls = 0

    init() {}

    init(calling names: [String]) {
        for name in names { call(name) }
    }

    /// Adds a response that calls one function.
    mutating func call(_ name: String, _ arguments: JSONValue = [:]) {
        calls += 1
        let (response, item, call) = ("resp_\(calls)", "item_\(calls)", "call_\(calls)")
        let called: JSONValue = [
            "id": .string(item), "type": "function_call", "status": "completed", "call_id": .string(call),
            "name": .string(name), "arguments": .string(arguments.description),
        ]
        let events: [JSONValue] = [
            ["type": "response.created", "response": ["id": .string(response), "status": "in_progress"]],
            ["type": "response.output_item.done", "response_id": .string(response), "item": called],
            [
                "type": "response.done",
                "response": ["id": .string(response), "status": "completed", "output": [called]],
            ],
        ]
        lines += events.map(\.description)
    }

    /// The session as JSON Lines.
    var text: String { lines.joined(separator: "\n") + "\n" }
}
