import EventJSON

/// A generated session with function calls, each in a response of its own.
struct SessionScript {
    private(set) var lines = [#"{"type":"session.created","event_id":"event_0","session":{"id":"sess_1"}}"#]
    private var calls = 0
    private var responses = 0

    init() {}

    init(calling names: [String]) {
        for name in names { call(name) }
    }

    /// Adds a response that calls one function.
    mutating func call(_ name: String, _ arguments: JSONValue = [:]) { calls(name, arguments, count: 1) }

    /// Adds a response that calls one function several times.
    mutating func calls(_ name: String, _ arguments: JSONValue = [:], count: Int) {
        responses += 1
        let response = JSONValue.string("resp_\(responses)")
        let called = (1...count).map { number -> JSONValue in
            [
                "id": .string("item_\(calls + number)"), "type": "function_call", "status": "completed",
                "call_id": .string("call_\(calls + number)"), "name": .string(name),
                "arguments": .string(arguments.description),
            ]
        }
        calls += count
        var events: [JSONValue] = [
            ["type": "response.created", "response": ["id": response, "status": "in_progress"]]
        ]
        events += called.map { ["type": "response.output_item.done", "response_id": response, "item": $0] }
        events.append(
            ["type": "response.done", "response": ["id": response, "status": "completed", "output": .array(called)]])
        lines += events.map(\.description)
    }

    /// The session as JSON Lines.
    var text: String { lines.joined(separator: "\n") + "\n" }
}
