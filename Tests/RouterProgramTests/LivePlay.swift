import EventJSON
import Foundation
import Testing

/// A live session that a test plays into the program's standard input, event by event.
///
/// Commands wait for files that the test makes, and the test waits for the program's output, so nothing depends on timing.
final class LivePlay {
    let place: Workplace
    let program: RunningProgram
    private let input: NamedPipe
    private var number = 0

    static let routes = """
        version: 1
        handlers:
          tools:
            type: function_call
            journal: calls.jsonl
            functions:
              slow: { command: [./wait], timeout: 10m }
              patient: { command: [./wait], timeout: 10m, while_waiting: { after: 10ms, say: "One moment." } }
              dropped: { command: [./wait], timeout: 10m, on_interrupt: cancel }
              large: { command: [head, -c, "60000", /dev/zero], timeout: 10m }
          seen: { type: console }
        routes:
          - { name: calls, to: tools }
          - { name: seen, match: { type: [ response.created, response.done, error, rate_limits.updated ] }, to: seen }
        """

    /// Waits until the test lets it continue.
    private static let wait = """
        #!/bin/sh
        while [ ! -e go ]; do sleep 0.05; done
        echo done
        """

    /// Starts the program and the session.
    init(_ arguments: String..., output: String? = nil) async throws {
        place = try Workplace(routes: Self.routes)
        try await place.writeProgram("wait", Self.wait)
        input = try NamedPipe(in: place)
        let words =
            ["run", "-", "--live", "--session-key", "call-1", "--outbound", "-", "--log", "dispatch.jsonl"] + arguments
        let script = #"exec "$0" "$@"\#(output.map { " >'\($0)'" } ?? "")"#
        program = try place.start(
            ["/bin/sh", "-c", script, BuiltProgram.path("realtime-router")] + words, input: input.path, environment: [:]
        )
        try event("session.created", ["session": ["type": "realtime", "id": "sess_1", "model": "gpt-realtime"]])
    }

    // MARK: What the server sends

    func event(_ type: String, _ fields: JSONObject = [:]) throws {
        number += 1
        let head: JSONObject = ["type": .string(type), "event_id": .string("event_\(number)")]
        try line(.object(JSONObject(Array(head) + Array(fields))))
    }

    func line(_ value: JSONValue) throws { try input.write(value.description + "\n") }

    func created(_ response: String) throws {
        try event("response.created", ["response": ["id": .string(response), "status": "in_progress", "output": []]])
    }

    func done(_ response: String, _ output: [JSONValue] = [], status: String = "completed") throws {
        try event(
            "response.done",
            ["response": ["id": .string(response), "status": .string(status), "output": .array(output)]])
    }

    /// A whole response in which the model calls a function once or more.
    func round(_ name: String, calls: Int = 1) throws {
        try created("resp_1")
        let items = (1...calls).map { number -> JSONValue in
            [
                "id": .string("item_\(number)"), "type": "function_call", "status": "completed", "name": .string(name),
                "call_id": .string("call_\(number)"), "arguments": "{}",
            ]
        }
        for item in items { try event("response.output_item.done", ["response_id": "resp_1", "item": item]) }
        try done("resp_1", items)
    }

    /// Refuses the program's request for a response.
    func refuse(_ eventID: JSONValue) throws {
        let error: JSONValue = [
            "type": "invalid_request_error", "code": "conversation_already_has_active_response", "param": nil,
            "event_id": eventID, "message": "Conversation already has an active response in progress: resp_2.",
        ]
        try event("error", ["error": error])
    }

    func endInput() { input.end() }

    /// Lets the waiting commands continue.
    func letGo() throws { try place.write("go", "") }

    // MARK: What the program does

    /// The client events sent so far.
    var sent: [JSONValue] { lineList(program.output).compactMap { try? JSONValue(parsing: $0) } }
    var creates: [JSONValue] { sent.filter { $0["type"] == "response.create" } }
    var outputs: [String] { sent.compactMap { $0["item"]?["output"]?.string } }

    /// Waits until a number of events of a type were routed.
    func routed(_ type: String, _ count: Int) async -> Bool {
        await soon { place.lines("dispatch.jsonl").count { $0.contains(#""type":"\#(type)""#) } >= count }
    }

    /// Waits until the journal has a state.
    func journaled(_ state: String) async -> Bool {
        await soon { place.lines("calls.jsonl").contains { $0.contains(#""state":"\#(state)""#) } }
    }
}
