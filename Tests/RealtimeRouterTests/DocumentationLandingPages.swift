import RealtimeRouter
import RouterTesting
import ScratchFolders
import Testing

/// The examples on the landing pages of the API documentation, each in one piece.
@Suite struct DocumentationLandingPages {
    private static let package = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    private let session = Self.package + "/Examples/Sessions/quickstart.jsonl"

    @Test func realtimeRouter() async throws {
        let folder = try ScratchFolder()
        let rules = try folder.write(
            """
            version: 1
            handlers: { transcript: { type: transcript, output: transcript.jsonl } }
            routes: [ { name: everything that was said, to: transcript } ]
            """, to: "routes.yml")

        let router = Router(try RouteConfiguration(path: rules, registry: .standard))
        try await router.start()
        let report = try await router.run(RecordedSession(path: session))
        await router.stop()
        print("\(report.events) events, \(report.derived) derived events")

        #expect(folder.lines("transcript.jsonl").count == 6)
    }

    @Test func eventRouter() async throws {
        struct Alarm: EventHandler {
            let interests: [EventType] = [.routerErrorRaised]

            func handle(_ delivery: EventDelivery) async throws {
                let error = try delivery.event.decode(ErrorRaised.self)
                print(delivery.session.key, error.message ?? "unknown error")
            }
        }

        let slow = try Pattern(json: #"{"type": ["router.turn.done"], "latency_ms": [{"numeric": [">", 1500]}]}"#)
        let table = try RouteTable(
            handlers: [
                HandlerBinding("alarm", Alarm()),
                HandlerBinding("printer", .events { print($0.event.type, $0.routes) }),
            ],
            routes: [
                Route("errors", to: ["alarm"]),
                Route("slow answers", match: slow, to: ["printer"]),
            ])

        let router = Router(table)
        try await router.start()
        let report = try await router.run(RecordedSession(path: session))
        await router.stop()

        #expect(report.events == 120)
    }

    @Test func routerTesting_handler() async throws {
        let event = try RealtimeEvent(json: #"{"type": "router.utterance.done", "role": "user", "text": "Hello"}"#)
        let violations = await HandlerContract.violations(events: [event]) {
            TranscriptHandler(MemoryTranscript())
        }
        #expect(violations == [])
    }

    @Test func routerTesting_rules() async throws {
        let memory = MemoryHandler(interests: [.routerResponseDone])
        let router = Router(
            try RouteTable(
                handlers: [HandlerBinding("memory", memory)], routes: [Route("responses", to: ["memory"])]),
            clock: ManualClock())
        try await router.start()
        _ = try await router.run(
            ScriptedSource([
                #"{"type": "response.created", "response": {"id": "resp_1"}}"#,
                #"{"type": "response.done", "response": {"id": "resp_1", "status": "failed"}}"#,
            ]))
        await router.stop()
        let response = try memory.deliveries.elements[0].event.decode(ResponseSummary.self)
        #expect(response.status == "failed")
    }

    @Test func functionCalls() async throws {
        let folder = try ScratchFolder()
        let rules = try folder.write(
            """
            version: 1
            handlers: { tools: { type: function_call, functions: { get_weather: { swift: get_weather } } } }
            routes: [ { name: calls, to: tools } ]
            """, to: "routes.yml")
        let outbound = MemoryOutbound()

        var registry = HandlerRegistry.standard
        registry.function("get_weather") { call in
            guard let city = call.arguments?["city"]?.string else {
                throw FunctionCallRefusal("say for which city")
            }
            return FunctionCallResult("It is sunny in \(city).")
        }
        let router = Router(try RouteConfiguration(path: rules, registry: registry))
        try await router.start()
        _ = try await router.run(
            RecordedSession(path: Self.package + "/Examples/Sessions/tool-call.jsonl"), outbound: outbound)
        await router.stop()

        #expect(outbound.events.elements.count == 2)
    }

    @Test func transcripts() async throws {
        let folder = try ScratchFolder().path

        let captions = TranscriptFile(path: folder + "/{session}.vtt", format: .vtt)
        let table = try RouteTable(
            handlers: [HandlerBinding("captions", .transcript(to: captions))],
            routes: [Route("everything that was said", to: ["captions"])])
        let router = Router(table)
        try await router.start()
        _ = try await router.run(RecordedSession(path: session))
        await router.stop()
    }

    @Test func realtimeMetrics() async throws {
        let folder = try ScratchFolder().path

        let prices = PriceTable([
            PriceTable.Row(
                model: "gpt-realtime*",
                tariffs: ["text": PriceTable.Tariff(input: 4, cached: 0.4, output: 16)])
        ])
        let meter = MetricsHandler(
            exporters: [PrometheusFile(path: folder + "/router.prom")], prices: prices,
            sessions: folder + "/sessions.jsonl")
        let table = try RouteTable(
            handlers: [HandlerBinding("meter", meter)], routes: [Route("figures", to: ["meter"])])
        let router = Router(table)
        try await router.start()
        _ = try await router.run(RecordedSession(path: session))
        await router.stop()
    }

    @Test func eventPatterns() throws {
        let patterns = [
            try Pattern(json: #"{"type": ["response.done"], "response": {"status": ["failed"]}}"#),
            try Pattern(json: #"{"type": [{"prefix": "response."}]}"#),
        ]
        let plan = FieldPlan([["type"]] + RuleSet.fieldPaths(of: patterns))
        let rules = RuleSet(
            patterns.enumerated().map { (id: $0.offset, pattern: $0.element) }, plan: plan, typeSlot: 0)

        var slots = FieldSlots(plan)
        var result = MatchResult()
        let event = Array(#"{"type": "response.done", "response": {"status": "failed"}}"#.utf8)
        try plan.scan(event.span.bytes, into: &slots)
        rules.match(&slots, event.span.bytes, into: &result)
        print(result.ids)  // [0, 1]

        #expect(result.ids == [0, 1])
    }

    @Test func sessionAudio() throws {
        let path = Self.package + "/Examples/LiveAssistant/question.wav"

        let audio = try WaveAudio(path: path)
        print("\(audio.channels) channels at \(audio.rate) Hz")
        let samples = audio.monoAtSessionRate  // one channel at 24 kHz

        #expect(!samples.isEmpty)
    }

    @Test func realtimeEvents() throws {
        let event = try RealtimeEvent(json: #"{"type": "response.text.done", "text": "It's sunny."}"#)
        print(event.type, event.wireType)  // response.output_text.done response.text.done
        if case .responseOutputTextDone(let payload) = event.payload {
            print(payload.text ?? "")
        }

        let derived = try RealtimeEvent(json: #"{"type": "router.turn.done", "turn": 1, "latency_ms": 772}"#)
        let turn = try derived.decode(Turn.self)
        print(turn.latencyMs ?? 0, "ms")

        #expect(event.type == .responseOutputTextDone && turn.latencyMs == 772)
    }

    @Test func routeFile() throws {
        let path = Self.package + "/routes.yml"

        let diagnostics = Diagnostics()
        if let configuration = RouteConfiguration.load(path: path, registry: .standard, diagnostics) {
            print("\(configuration.table.routes.count) routes")
        }
        print(diagnostics.rendered())

        #expect(!diagnostics.hasErrors)
    }
}
