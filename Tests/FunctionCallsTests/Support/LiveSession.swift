import EventJSON
import EventPatterns
import EventRouter
import FunctionCalls
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// A live session through a router: the server's lines, and everything that is sent or written.
final class LiveSession {
    let folder: ScratchFolder
    let clock = ManualClock()
    let outbound = MemoryOutbound()
    /// Receives every event.
    let writer = MemoryHandler(interests: [])
    let letters = MemoryDeadLetters()
    private let source = ScriptedSource()
    private let router: Router
    private var running: Task<RunReport, any Error>?

    init(_ functions: [LocalFunction]) throws {
        folder = try ScratchFolder()
        let handler = FunctionCallHandler(functions, journal: "\(folder.path)/calls.jsonl", clock: clock)
        let all = try Pattern(json: #"{"type": [{"exists": true}]}"#)
        let table = try RouteTable(
            handlers: [HandlerBinding("tools", handler), HandlerBinding("writer", writer)],
            routes: [Route("tool calls", to: ["tools"]), Route("everything", match: all, to: ["writer"])],
            deadLetters: letters)
        router = Router(table, clock: clock)
    }

    func start() async throws {
        try await router.start()
        running = Task { [router, source, outbound] in try await router.run(source, outbound: outbound) }
    }

    func server(_ lines: String...) { for line in lines { source.send(line) } }

    /// Ends the session and waits for all its tasks.
    func end() async throws {
        source.end()
        _ = try await running?.value
        await router.stop()
    }

    /// Waits for a number of sent messages, and returns all of them.
    func sent(_ count: Int) async -> [String] {
        await outbound.events.wait(for: count).map { String(decoding: $0.jsonBytes, as: UTF8.self) }
    }

    var journal: [JSONValue] {
        folder.lines("calls.jsonl").compactMap { try? JSONValue(parsing: $0) }
    }
}

/// The server's messages.
enum Server {
    static func responseCreated(_ id: String) -> String { #"{"type":"response.created","response":{"id":"\#(id)"}}"# }

    static func responseDone(_ id: String, _ status: String = "completed") -> String {
        #"{"type":"response.done","response":{"id":"\#(id)","status":"\#(status)","output":[]}}"#
    }

    static let speechStarted = #"{"type":"input_audio_buffer.speech_started","item_id":"u1","audio_start_ms":1}"#

    static func call(_ id: String, _ name: String, _ arguments: JSONValue = [:], in response: String = "r1") -> String {
        let item: JSONValue = [
            "id": .string("i_\(id)"), "type": "function_call", "status": "completed", "call_id": .string(id),
            "name": .string(name), "arguments": .string(arguments.description),
        ]
        return #"{"type":"response.output_item.done","response_id":"\#(response)","item":\#(item)}"#
    }
}

/// The answer to a call, as it goes out.
func output(_ call: String, _ text: String) -> String {
    #"{"type":"conversation.item.create","event_id":"rr_output_\#(call)","item":{"type":"function_call_output","#
        + #""call_id":"\#(call)","output":\#(JSONValue.string(text))}}"#
}

/// The request for a response, as it is sent.
func create(_ id: String) -> String { #"{"type":"response.create","event_id":"\#(id)"}"# }
