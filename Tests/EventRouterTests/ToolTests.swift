import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Announcing functions to the model, and calls that no route takes.
@Suite struct ToolTests {
    /// A handler that offers functions and takes calls, which it answers.
    private struct Offering: FunctionCallHandling {
        let toolOffer: ToolOffer?
        let answering = Answering()
        var interests: [EventType] { answering.interests }

        init(_ names: String..., announced: Bool = true, answersUnrouted: Bool = false) {
            let tools = names.map { name in
                var tool = Tool()
                tool.type = .function
                tool.name = name
                return tool
            }
            toolOffer = ToolOffer(tools, isAnnounced: announced, answersUnrouted: answersUnrouted)
        }

        func handle(_ delivery: EventDelivery) async throws { try await answering.handle(delivery) }
    }

    private static func created(_ id: String, _ type: String? = "realtime") -> String {
        let type = type.map { ", \"type\": \"\($0)\"" } ?? ""
        return Wire.event("session.created", "\"session\": {\"id\": \"\(id)\"\(type)}")
    }

    private func outbound(
        _ lines: [String], _ handlers: Offering..., routed: String = "f", options: RouterOptions = RouterOptions(),
        recordedOutputs: RecordedOutputs = [:]
    ) async throws -> [String] {
        let bindings = handlers.enumerated().map { HandlerBinding("h\($0)", $1) }
        let table = try RouteTable(
            handlers: bindings,
            routes: [
                Route("calls", match: try pattern(#"{"name": ["\#(routed)"]}"#), to: bindings.map(\.name))
            ])
        let sink = MemoryOutbound()
        _ = try await run(lines, table, options: options, outbound: sink, recordedOutputs: recordedOutputs)
        return sink.events.elements.map(\.json.description)
    }

    private static let update =
        #"{"type":"session.update","event_id":"rr_tools","session":{"type":"realtime","tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}]}}"#

    @Test func oneUpdateTellsOfTheToolsOfAllHandlersOnceASession() async throws {
        let sent = try await outbound(
            [Self.created("s1"), Self.created("s1"), Wire.event("session.updated", "\"session\": {\"id\": \"s1\"}")],
            Offering("f"), Offering("x", announced: false), Offering("g", "f"))
        #expect(sent == [Self.update])
    }

    @Test func theNextSessionIsToldToo() async throws {
        let sent = try await outbound([Self.created("s1"), Self.created("s2")], Offering("f", "g"))
        #expect(sent == [Self.update, Self.update.replacing("rr_tools", with: "rr2_tools")])
    }

    @Test(arguments: [
        ("a server of the beta says nothing of the kind", created("s1", nil), [#""session":{"tools":[{"#]),
        ("a transcription calls nothing", created("s1", "transcription"), []),
        ("nothing was created", Wire.event("session.updated", "\"session\": {\"id\": \"s1\"}"), []),
    ])
    func whatTheServerSaidDecides(_ why: String, _ line: String, _ parts: [String]) async throws {
        let sent = try await outbound([line], Offering("f"))
        #expect(sent.count == parts.count, "\(why)")
        for (event, part) in zip(sent, parts) { #expect(event.contains(part), "\(why)") }
    }

    @Test func inADryRunAndInAnotherDialectNothingIsAnnounced() async throws {
        let lines = [Self.created("s1")]
        #expect(try await outbound(lines, Offering("f"), options: RouterOptions(isDryRun: true)) == [])
        #expect(try await outbound(lines, Offering("f"), options: RouterOptions(dialect: .translation)) == [])
    }

    @Test func aTableKnowsTheToolsOfAllHandlers() throws {
        let table = try RouteTable(
            handlers: [
                HandlerBinding("a", Offering("f", announced: false)), HandlerBinding("m", MemoryHandler()),
                HandlerBinding("b", Offering("f", "g")),
            ], routes: [])
        #expect(table.tools.map(\.name) == ["f", "g"])
    }

    private static let unrouted =
        #"{"type":"conversation.item.create","event_id":"rr_output_c1","item":{"type":"function_call_output","call_id":"c1","output":"{\"error\":\"the function could not be run (reference c1)\"}"}}"#
    private static let create = #"{"type":"response.create","event_id":"rr_create_r1"}"#

    @Test func aCallThatNoRouteTakesIsAnsweredWithAnError() async throws {
        let lines = Wire.calling(["c1"], in: "r1")
        let answering = Offering("f", announced: false, answersUnrouted: true)
        #expect(try await outbound(lines, answering, routed: "other") == [Self.unrouted, Self.create])
        #expect(try await outbound(lines, Offering("f", announced: false), routed: "other") == [])
        #expect(try await outbound(lines, answering, routed: "other", options: .init(isDryRun: true)) == [])
        // The client in the recording answered it.
        #expect(try await outbound(lines, answering, routed: "other", recordedOutputs: ["c1": "ok"]) == [])
    }

    @Test func theAnswerStandsBesideThoseOfTheHandlers() async throws {
        let lines =
            [Wire.responseCreated("r1"), Wire.call("c1", in: "r1", name: "g"), Wire.call("c2", in: "r1")]
            + [Wire.responseDone("r1")]
        let sent = try await outbound(lines, Offering("f", "g", announced: false, answersUnrouted: true))
        #expect(sent.count == 3 && sent.first == Self.unrouted && sent.last == Self.create)
        #expect(sent[1].contains(#""call_id":"c2","output":"ok""#))
    }

    @Test func whoWatchesCallsIsToldOfIt() async throws {
        let watcher = MemoryHandler(interests: [.routerFunctionCallDone, .routerErrorRaised])
        let table = try RouteTable(
            handlers: [
                HandlerBinding("calls", Offering("f", answersUnrouted: true)), HandlerBinding("watcher", watcher),
            ], routes: [Route("watch", to: ["watcher"])])
        _ = try await run(Wire.calling(["c1"], in: "r1"), table)
        #expect(watcher.types == ["router.function_call.done", "router.error.raised"])
        let outcome = try watcher.deliveries.elements[0].event.decode(FunctionCallOutcome.self)
        #expect(outcome.state == .rejected)
        #expect(outcome.error == "no route gives the call to a handler that answers it")
    }
}
