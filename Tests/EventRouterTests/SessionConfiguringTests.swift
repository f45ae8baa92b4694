import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Configuration of sessions that the router opens itself.
@Suite(.timeLimit(.minutes(2))) struct SessionConfiguringTests {
    private static let block = SessionSettings([
        "model": "gpt-realtime", "instructions": "Be brief.", "strange": ["kept": true],
        "tools": [["type": "mcp", "server_label": "rooms"]],
    ])

    private struct Offering: FunctionCallHandling {
        let interests: [EventType] = [.routerFunctionCallReady]
        let toolOffer: ToolOffer?

        init(_ names: String...) {
            let tools = names.map { name in
                var tool = Tool()
                tool.type = .function
                tool.name = name
                return tool
            }
            toolOffer = ToolOffer(tools, isAnnounced: true)
        }

        func handle(_ delivery: EventDelivery) async throws {}
    }

    /// A source that opens one session with a description, and passes it the test's messages.
    private final class Line: SessionSource {
        let name = "line"
        let isLive = true
        let opened = Collected<AttachedSession>()
        let blocks = Collected<String>()
        private let configuresImmediately: Bool
        private let over = Gate()

        init(configuresImmediately: Bool = false) { self.configuresImmediately = configuresImmediately }

        func run(_ context: SourceContext) async throws {
            var description = SessionDescription(key: "line", source: name)
            description.readsOutbound = true
            description.configuration = context.session
            description.configuresImmediately = configuresImmediately
            blocks.append(context.session?.model ?? "-")
            opened.append(try context.open(description))
            await over.pass()
        }

        func end() async { await over.open() }
    }

    private static func table(_ names: String...) throws -> RouteTable {
        let handler = names.count == 2 ? Offering(names[0], names[1]) : Offering(names.first ?? "f")
        return try RouteTable(
            handlers: names.isEmpty ? [] : [HandlerBinding("calls", handler)],
            routes: names.isEmpty ? [] : [Route("calls", to: ["calls"])])
    }

    private static func created(_ id: String, _ type: String? = "realtime") -> String {
        let type = type.map { #", "type": "\#($0)""# } ?? ""
        return Wire.event("session.created", #""session": {"id": "\#(id)"\#(type)}"#)
    }

    private static func update(
        _ id: String, _ tools: String, _ rest: String = #""instructions":"Be brief.","strange":{"kept":true},"#
    )
        -> String
    {
        #"{"type":"session.update","event_id":"\#(id)","session":{"type":"realtime",\#(rest)"tools":[{"type":"mcp","server_label":"rooms"},\#(tools)]}}"#
    }

    private static let toolF = #"{"type":"function","name":"f"}"#

    @Test(
        "One update contains the configuration and the functions; it is repeated on a new connection; changed functions are sent alone"
    )
    func configuration_isOneUpdate() async throws {
        let router = Router(try Self.table("f"), clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s", configuration: Self.block)
        var outbound = session.outbound.makeAsyncIterator()
        session.receive(Self.created("sess_1"), from: .server)
        session.receive(Self.created("sess_1"), from: .server)
        #expect(await outbound.next()?.json.description == Self.update("rr_session", Self.toolF))
        session.connectionLost()
        session.connectionRenewed()
        session.receive(Self.created("sess_2"), from: .server)
        #expect(await outbound.next()?.json.description == Self.update("rr_session_1", Self.toolF))
        try await router.replace(try Self.table("f", "g"))
        #expect(
            await outbound.next()?.json.description
                == Self.update("rr_tools_2", Self.toolF + #",{"type":"function","name":"g"}"#, ""))
        let report = await session.finish()
        await router.stop()
        #expect(report.sent == 3)
    }

    @Test(
        "The update has the session type of the configuration or the server; only conversations have functions",
        arguments: [
            (["instructions": "x"], nil, #"{"instructions":"x","tools":[\#(toolF)]}"#),
            (
                ["instructions": "x", "type": "realtime"], nil,
                #"{"type":"realtime","instructions":"x","tools":[\#(toolF)]}"#
            ),
            (
                ["type": "transcription", "audio": ["input": .null]], "transcription",
                #"{"type":"transcription","audio":{"input":null}}"#
            ),
            (
                ["type": "translation", "audio": ["output": ["language": "pt"]]], "translation",
                #"{"audio":{"output":{"language":"pt"}}}"#
            ),
            (["model": "m"], "realtime", #"{"type":"realtime","tools":[\#(toolF)]}"#),
            (["model": "m"], "transcription", nil),
        ] as [(JSONObject, String?, String?)])
    func configuration_kind(_ block: JSONObject, _ type: String?, _ expected: String?) async throws {
        let router = Router(try Self.table("f"), clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s", configuration: SessionSettings(block))
        let sent = Task {
            var updates: [String] = []
            for await event in session.outbound { updates.append(event.json["session"]?.description ?? "") }
            return updates
        }
        session.receive(Self.created("sess_1", type), from: .server)
        await session.finish()
        #expect(await sent.value == [expected].compactMap(\.self))
        await router.stop()
    }

    @Test("On a second connection to a call the update is the first event, also on a new connection")
    func configuration_atOnce() async throws {
        var options = RouterOptions()
        options.session = Self.block
        let router = Router(try Self.table("f"), options: options, clock: ManualClock())
        try await router.start()
        let line = Line(configuresImmediately: true)
        let running = Task { try await router.run(line) }
        let session = try #require(await line.opened.wait(for: 1).first)
        var outbound = session.outbound.makeAsyncIterator()
        #expect(await outbound.next()?.json.description == Self.update("rr_session", Self.toolF))
        session.receive(Self.created("sess_1"), from: .server)
        session.connectionLost()
        session.connectionRenewed()
        #expect(await outbound.next()?.json.description == Self.update("rr_session_1", Self.toolF))
        session.connectionLost()
        session.connectionRestored()
        await line.end()
        #expect(try await running.value.sent == 2)
        await router.stop()
    }

    @Test("Another configuration applies to sessions that are opened later")
    func replacement_holdsForLaterSessions() async throws {
        var options = RouterOptions()
        options.session = SessionSettings(["model": "first", "instructions": "1"])
        let router = Router(try Self.table("f"), options: options, clock: ManualClock())
        try await router.start()
        let (first, second) = (Line(), Line())
        let runningFirst = Task { try await router.run(first) }
        let early = try #require(await first.opened.wait(for: 1).first)
        options.session = SessionSettings(["model": "second", "instructions": "2"])
        try await router.replace(try Self.table("f"), options: options)
        let runningSecond = Task { try await router.run(second) }
        let late = try #require(await second.opened.wait(for: 1).first)
        #expect(first.blocks.elements == ["first"] && second.blocks.elements == ["second"])
        for (session, instructions) in [(early, "1"), (late, "2")] {
            var outbound = session.outbound.makeAsyncIterator()
            session.receive(Self.created("sess"), from: .server)
            #expect(await outbound.next()?.json["session"]?["instructions"]?.string == instructions)
        }
        await first.end()
        await second.end()
        _ = try await (runningFirst.value, runningSecond.value)
        await router.stop()
    }
}
