import ConfigSource
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

@Suite struct RoutingTests {
    @Test func everyRouteThatMatchesFiresAndAHandlerGetsAnEventOnce() async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [
                Route("first", match: try pattern(#"{"type": ["a"]}"#), to: ["h"]),
                Route("second", match: try pattern(#"{"x": [1]}"#), to: ["h"]),
                Route("third", match: try pattern(#"{"x": [2]}"#), to: ["h"]),
            ])
        let report = try await run([#"{"type": "a", "x": 1}"#, #"{"type": "b", "x": 2}"#, #"{"type": "c"}"#], table)
        #expect(handler.deliveries.elements.map(\.routes) == [["first", "second"], ["third"]])
        #expect(report.routes.map(\.matched) == [1, 1, 1])
        #expect(report.events == 3)
        #expect(report.unmatched == 1)
        #expect(report.handlers[0].counts == HandlerCounts(matched: 2, delivered: 2))
    }

    @Test func stopEndsTheEvaluationOfThatEvent() async throws {
        let first = MemoryHandler()
        let second = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("first", first), HandlerBinding("second", second)],
            routes: [
                Route("a", match: try pattern(#"{"type": ["x"]}"#), to: ["first"], stop: true),
                Route("b", match: try pattern(#"{"type": ["x", "y"]}"#), to: ["second"]),
            ])
        _ = try await run([#"{"type": "x"}"#, #"{"type": "y"}"#], table)
        #expect(first.types == ["x"])
        #expect(second.types == ["y"])
    }

    @Test func withoutAMatchARouteTakesWhatItsHandlersAreMadeFor() async throws {
        let errors = MemoryHandler(interests: [.error, "ping"])
        let limits = MemoryHandler(interests: [.rateLimitsUpdated])
        let table = try RouteTable(
            handlers: [HandlerBinding("errors", errors), HandlerBinding("limits", limits)],
            routes: [Route("both", to: ["errors", "limits"])])
        let lines = ["error", "rate_limits.updated", "ping", "pong", "error"].map { Wire.event($0) }
        let report = try await run(lines, table)
        #expect(errors.types == ["error", "ping", "error"])
        #expect(limits.types == ["rate_limits.updated"])
        #expect(report.unmatched == 1)
    }

    @Test func aMatchWithoutATypeIsHeldAgainstTheHandlersInterests() async throws {
        let errors = MemoryHandler(interests: [.error])
        let table = try RouteTable(
            handlers: [HandlerBinding("errors", errors)],
            routes: [Route("mine", match: try pattern(#"{"tenant": ["acme"]}"#), to: ["errors"])])
        let lines = [
            #"{"type": "error", "tenant": "acme"}"#, #"{"type": "ping", "tenant": "acme"}"#,
            #"{"type": "error", "tenant": "other"}"#,
        ]
        _ = try await run(lines, table)
        #expect(errors.positions == ["1"])
    }

    @Test func betaNamesAreMatchedUnderTheirCanonicalName() async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("audio", match: try pattern(#"{"type": ["response.output_audio.delta"]}"#), to: ["h"])])
        _ = try await run([Wire.event("response.audio.delta"), Wire.event("response.output_audio.delta")], table)
        #expect(handler.types == ["response.output_audio.delta", "response.output_audio.delta"])
        #expect(
            handler.deliveries.elements.map(\.event.wireType) == [
                "response.audio.delta", "response.output_audio.delta",
            ])
    }

    @Test func anEventThatNoRouteTookGoesToTheUnmatchedHandler() async throws {
        let rest = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", MemoryHandler()), HandlerBinding("rest", rest)],
            routes: [Route("a", match: try pattern(#"{"type": ["x"]}"#), to: ["h"])], unmatched: "rest")
        let report = try await run([#"{"type": "x"}"#, #"{"type": "y"}"#, #"{"no": "type"}"#, #"{"type": 5}"#], table)
        #expect(rest.positions == ["2", "3", "4"])
        #expect(rest.types == ["y", "", ""])
        #expect(rest.deliveries.elements.map(\.routes) == [[], [], []])
        #expect(report.unmatched == 3)
    }

    @Test(arguments: [
        (OncePer.session, ["1", "6"]), (OncePer.field(["item", "id"]), ["1", "3", "4", "6"]),
    ])
    func aRouteFiresOncePer(_ oncePer: OncePer, _ positions: [String]) async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("a", match: try pattern(#"{"type": ["x"]}"#), to: ["h"], oncePer: oncePer)])
        let lines = [
            #"{"type": "x", "item": {"id": "1"}}"#, #"{"type": "x", "item": {"id": "1"}}"#,
            #"{"type": "x", "item": {"id": "2"}}"#, #"{"type": "x"}"#,
            #"{"type": "session.created", "session": {"id": "s2"}}"#, #"{"type": "x", "item": {"id": "1"}}"#,
        ]
        let first = #"{"type": "session.created", "session": {"id": "s1"}}"#
        _ = try await run([first] + lines, table)
        #expect(handler.positions == positions.map { "\(Int($0)! + 1)" })
    }

    @Test func oncePerTurn() async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [
                Route("a", match: try pattern(#"{"type": ["response.created"]}"#), to: ["h"], oncePer: .turn)
            ])
        func turn(_ number: Int) -> [String] {
            [
                Wire.event("input_audio_buffer.speech_started", "\"item_id\": \"u\(number)\", \"audio_start_ms\": 0"),
                Wire.event("input_audio_buffer.speech_stopped", "\"item_id\": \"u\(number)\", \"audio_end_ms\": 9"),
                Wire.event("input_audio_buffer.committed", "\"item_id\": \"u\(number)\""),
                Wire.responseCreated("r\(number)a"), Wire.spoken(in: "r\(number)a"), Wire.responseDone("r\(number)a"),
                Wire.responseCreated("r\(number)b"), Wire.responseDone("r\(number)b"),
            ]
        }
        _ = try await run(turn(1) + turn(2), table)
        #expect(handler.positions == ["4", "12"])
    }

    @Test func everythingThatIsWrongWithATableIsSaidAtOnce() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try RouteTable(
                handlers: [
                    HandlerBinding("meter", MemoryHandler()), HandlerBinding("calls", Answering()),
                    HandlerBinding("meter", MemoryHandler(interests: [.error])),
                ],
                routes: [
                    Route("a", to: ["metre"]), Route("a", to: []), Route("b", to: ["meter"]),
                    Route("c", to: ["calls"], retry: RetryPolicy(attempts: 3)),
                ], unmatched: "nobody")
        }
        #expect(
            error?.description == """
                error: there are two handlers called `meter`
                   help: rename one of them

                error: there are two routes called `a`
                   help: rename one of them

                error: route `a`: there is no handler `metre`
                   help: did you mean `meter`?

                error: route `a` names no handler
                   help: add `to: HANDLER`, or `stop: true` to drop its events

                error: route `b` has no `match`, and handler `meter` has no events of its own
                   help: say which events it should get, for example `match: { type: response.done }`

                error: route `c` may not retry function calls of `calls`: a call runs at most once
                   help: remove `retry` from this route

                error: unmatched: there is no handler `nobody`
                   help: the handlers are meter, calls, meter
                """)
    }
}
