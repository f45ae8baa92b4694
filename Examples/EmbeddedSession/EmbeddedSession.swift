// An app that owns its connection and embeds a router. The app passes the server's messages to the router, and sends the router's
// messages to the server. A model in this process, which calls a function, replaces the WebSocket.
//
//     swift run EmbeddedSession

import RealtimeRouter

/// The server's side of a session. It sends its messages through `messages`.
actor Model {
    nonisolated let messages: AsyncStream<String>
    private let send: AsyncStream<String>.Continuation

    init() {
        (messages, send) = AsyncStream.makeStream()
        send.yield(#"{"type": "session.created", "session": {"id": "sess_1", "model": "gpt-realtime"}}"#)
        let call = #""call_id": "call_1", "name": "roll_dice", "arguments": "{}""#
        for message in Self.response("resp_1", with: #"{"id": "item_1", "type": "function_call", \#(call)}"#) {
            send.yield(message)
        }
    }

    /// Receives a message of the client. After `response.create`, the model answers and ends the session.
    func receive(_ message: String) {
        print("to the model: \(message)")
        guard message.contains(#""type":"response.create""#) else { return }
        let content = #"[{"type": "output_text", "text": "You rolled a four."}]"#
        let item = #"{"id": "item_2", "type": "message", "role": "assistant", "content": \#(content)}"#
        for message in Self.response("resp_2", with: item) { send.yield(message) }
        send.finish()
    }

    private static func response(_ id: String, with item: String) -> [String] {
        [
            #"{"type": "response.created", "response": {"id": "\#(id)"}}"#,
            #"{"type": "response.output_item.done", "response_id": "\#(id)", "item": \#(item)}"#,
            #"{"type": "response.done", "response": {"id": "\#(id)", "status": "completed", "output": [\#(item)]}}"#,
        ]
    }
}

@main
struct EmbeddedSession {
    static func main() async throws {
        var registry = HandlerRegistry.standard
        registry.function("roll_dice") { _ in FunctionCallResult("4") }
        let folder = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let configuration = try RouteConfiguration(path: folder + "/agent.yml", registry: registry)

        let router = Router(configuration)
        try await router.start()

        let model = Model()
        let session = try router.session(key: "call-7", labels: ["tenant": "acme"])
        let sending = Task {
            for await event in session.outbound { await model.receive(event.json.description) }
        }
        for await message in model.messages {
            if session.receive(message, from: .server) == .full { break }
        }
        let report = await session.finish()
        await sending.value
        await router.stop()
        print("\(report.events) events, \(report.sent) sent")
    }
}
