import EventRouter
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// An observer is notified of every event's routes and handlers, whether or not the event is delivered.
@Suite struct DispatchObserverTests {
    /// Collects its notifications, one text per event.
    private final class Onlooker: DispatchObserver {
        let told = Collected<String>()

        func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {
            let (event, line) = (Self.text(event), Self.text(line))
            let place = "\(dispatch.session) \(dispatch.position) \(dispatch.type)"
            let text = dispatch.position.derived > 0 ? "" : " \(event)\(event == line ? "" : " in \(line)")"
            let time = dispatch.at.map { " at \($0)" } ?? ""
            told.append("\(place)\(time) \(dispatch.routes) \(dispatch.handlers)\(text)")
        }

        func observeClient(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {
            let place = "\(dispatch.session) \(dispatch.position) \(dispatch.type) at \(dispatch.at ?? -1)"
            told.append("client: \(place) \(dispatch.routes) \(dispatch.handlers) \(Self.text(event))")
        }

        private static func text(_ span: RawSpan) -> String {
            span.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static func table() throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("a", MemoryHandler()), HandlerBinding("b", MemoryHandler())],
            routes: [
                Route("first", match: try pattern(#"{"type": ["error"]}"#), to: ["a"], oncePer: .session),
                Route(
                    "both", match: try pattern(#"{"type": ["error", "response.done"]}"#), to: ["b", "a"], stop: true),
                Route("last", match: try pattern(#"{"type": ["error", "router.error.raised"]}"#), to: ["a"]),
                Route("create", match: try pattern(#"{"type": ["response.create"]}"#), to: ["a"]),
                Route("asked", from: .client, match: try pattern(#"{"type": ["response.create"]}"#), to: ["b"]),
            ], unmatched: "b")
    }

    private static let lines = [
        #"{"type": "error", "error": {"code": "x"}}"#,
        #"{"at": 1.5, "direction": "server", "event": {"type": "error", "error": {"code": "y"}}}"#,
        #"{"at": 1.6, "direction": "client", "event": {"type": "response.create"}}"#,
        "no event",
        #"{"type": "new.thing"}"#,
    ]

    @Test(arguments: [true, false])
    func everyEventIsToldOnceInOrder(_ isDryRun: Bool) async throws {
        let onlooker = Onlooker()
        let router = Router(try Self.table(), options: RouterOptions(isDryRun: isDryRun), observer: onlooker)
        try await router.start()
        let report = try await router.run(ScriptedSource(Self.lines))
        await router.stop()
        #expect(report.events == 3 && report.undecodable == 1)
        #expect(
            onlooker.told.elements == [
                #"test 1 error [0, 1] [0, 1] {"type": "error", "error": {"code": "x"}}"#,
                "test 1.2 router.error.raised [2] [0]",
                #"test 2 error at 1.5 [1] [1, 0] {"type": "error", "error": {"code": "y"}} in "# + Self.lines[1],
                "test 2.1 router.error.raised at 1.5 [2] [0]",
                // A route of server events does not take it.
                #"client: test 3 response.create at 1.6 [4] [1] {"type": "response.create"}"#,
                #"test 5 new.thing [] [1] {"type": "new.thing"}"#,
            ])
    }

    @Test func theRoutersOwnLinesAreDerivedEventsWhereThatIsAskedFor() async throws {
        let lines = [#"{"type": "router.error.raised"}"#, #"{"type": "router.turn.done"}"#]
        for accepts in [true, false] {
            let onlooker = Onlooker()
            let router = Router(
                try Self.table(), options: RouterOptions(isDryRun: true, acceptsDerivedEvents: accepts),
                observer: onlooker)
            try await router.start()
            let report = try await router.run(SessionLines(lines, key: "s", name: "lines"))
            // Otherwise they are ordinary server events, and one that no route takes is unmatched.
            #expect(report.derived == (accepts ? 2 : 0))
            #expect(report.events == (accepts ? 0 : 2))
            #expect(report.unmatched == (accepts ? 0 : 1))
            #expect(
                onlooker.told.elements == [
                    "s 1 router.error.raised [2] [0] \(lines[0])",
                    "s 2 router.turn.done [] \(accepts ? "[]" : "[1]") \(lines[1])",
                ])
        }
    }

    @Test func linesInMemoryAnswerAsARecordingDoes() async throws {
        let lines = [
            #"{"direction": "server", "event": {"type": "error"}}"#,
            #"{"direction": "client", "event": {"type": "conversation.item.create", "item": "#
                + #"{"type": "function_call_output", "call_id": "call_1", "output": "4"}}}"#,
        ]
        let source = SessionLines(lines, key: "s", name: "lines")
        #expect(try await source.recordedOutputs() == ["call_1": "4"])
        #expect(try await source.nextBatch()?.lines.map(\.number) == [1, 2])
        #expect(try await source.nextBatch() == nil)
    }
}
