import EventJSON
import EventRouter
import FunctionCalls
import RealtimeEvents
import RouterTesting
import Testing

/// The calls of a whole session, from the wire events to the messages sent to the model.
@Suite(.timeLimit(.minutes(5)))
struct RoutingTests {
    private func response(_ number: Int, calls: [(id: String, name: String, arguments: String)]) -> [String] {
        let items = calls.map { call in
            #"{"id":"item_\#(call.id)","type":"function_call","status":"completed","call_id":"\#(call.id)","name":"\#(call.name)","arguments":\#(JSONValue.string(call.arguments))}"#
        }
        let created = #"{"type":"response.created","response":{"id":"resp_\#(number)","status":"in_progress"}}"#
        let done = items.enumerated().map { index, item in
            #"{"type":"response.output_item.done","response_id":"resp_\#(number)","output_index":\#(index),"item":\#(item)}"#
        }
        let end =
            #"{"type":"response.done","response":{"id":"resp_\#(number)","status":"completed","output":[\#(items.joined(separator: ","))]}}"#
        return [created] + done + [end]
    }

    private func outbound(_ lines: [String], _ handler: FunctionCallHandler) async throws -> [String] {
        let table = try RouteTable(
            handlers: [HandlerBinding("tools", handler)], routes: [Route("tool calls", to: ["tools"])])
        let router = Router(table)
        let outbound = MemoryOutbound()
        try await router.start()
        let report = try await router.run(ScriptedSource(lines), outbound: outbound)
        await router.stop()
        #expect(report.lost == 0 && report.failure == nil)
        return outbound.events.elements.map(\.json).map { event in
            guard let item = event["item"] else { return event["type"]?.string ?? "" }
            return output(item["call_id"]?.string ?? "", item["output"]?.string ?? "")
        }
    }

    private func output(_ callID: String, _ text: String) -> String { "\(callID): \(text)" }

    @Test func routing_answersCallsAndRequestsAResponse() async throws {
        let handler: FunctionCallHandler = .functionCalls([
            "echo": try shell(#"printf %s "$1""#, "{text}"),
            "fail": try shell("exit 1"),
            "swift": swift { _ in FunctionCallResult("4") },
        ])
        let lines =
            response(1, calls: [("call_1", "echo", #"{"text":"hello"}"#)])
            + response(2, calls: [("call_2", "fail", "{}")]) + response(3, calls: [("call_3", "none", "{}")])
            + response(4, calls: [("call_4", "swift", "not json")]) + response(5, calls: [("call_5", "swift", "{}")])
        let create = "response.create"
        #expect(
            try await outbound(lines, handler) == [
                output("call_1", "hello"), create,
                output("call_2", #"{"error":"the function failed (reference call_2)"}"#), create,
                output("call_3", #"{"error":"unknown function `none` (reference call_3)"}"#), create,
                output("call_4", #"{"error":"the arguments are not a JSON object (reference call_4)"}"#), create,
                output("call_5", "4"), create,
            ])
    }

    @Test func routing_sameRecordingTwice() async throws {
        let handler: FunctionCallHandler = .functionCalls(["swift": swift { _ in FunctionCallResult("4") }])
        let lines = response(1, calls: [("call_1", "swift", "{}"), ("call_2", "swift", "{}")])
        for _ in 0..<2 {
            let events = try await outbound(lines, handler)
            #expect(Set(events.prefix(2)) == [output("call_1", "4"), output("call_2", "4")])
            #expect(events.dropFirst(2) == ["response.create"])
        }
    }

    @Test func handler_keepsTheContract() async throws {
        let watched = WatchedSession()
        let events = [watched.delivery("call_1", "echo", ["text": "hello"]), watched.delivery("call_2", "none")]
        let echo = try shell(#"printf %s "$1""#, "{text}")
        let violations = await HandlerContract.violations(events: events.map(\.event), timeout: .seconds(60)) {
            .functionCalls(["echo": echo])
        }
        #expect(violations == [])
    }
}
