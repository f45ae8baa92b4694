import EventPatterns
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// A handler that answers calls.
private struct CallTaker: FunctionCallHandling {
    func handle(_ delivery: EventDelivery) async throws {}
}

/// Explanations of routing, from the pipeline of a dry run.
@Suite struct ExplainingTests {
    private func report(
        _ lines: [String], _ table: RouteTable, _ scope: ExplanationRequest.Scope = .fired,
        to received: Collected<EventExplanation> = Collected()
    ) async throws -> RunReport {
        let router = Router(
            table, options: RouterOptions(isDryRun: true), clock: ManualClock(),
            explaining: ExplanationRequest(scope) { received.append($0) })
        try await router.start()
        let report = try await router.run(ScriptedSource(lines))
        await router.stop()
        return report
    }

    private func table(_ routes: [Route], _ handlers: [String: any EventHandler] = [:]) throws -> RouteTable {
        let names = Set(routes.flatMap(\.handlers)).sorted()
        return try RouteTable(
            handlers: names.map { HandlerBinding($0, handlers[$0] ?? MemoryHandler()) }, routes: routes)
    }

    /// A verdict as a test reads it.
    private func words(_ verdict: RouteVerdict) -> String {
        switch verdict.outcome {
        case .fired(let handlers): "\(verdict.route) -> \(handlers.joined(separator: ", "))"
        case .discarded: "\(verdict.route) -> nobody"
        case .alreadyFired: "\(verdict.route): already fired"
        case .outsideSchedule(let time): "\(verdict.route): outside its schedule at \(time ?? "an unknown time")"
        case .stopped(let name): "\(verdict.route): stopped by \(name)"
        case .notMadeFor: "\(verdict.route): not made for it"
        case .otherSide(let side): "\(verdict.route): takes events of the \(side)"
        case .failed(let failed):
            "\(verdict.route): \(failed.condition.field) is \(failed.values), \(failed.held) of \(failed.total)"
        }
    }

    @Test func everyRouteSaysWhatBecameOfAnEvent() async throws {
        let table = try table(
            [
                Route("fires", match: try pattern(#"{"type": ["a"], "x": [1]}"#), to: ["one", "two"]),
                Route("fails", match: try pattern(#"{"type": ["a"], "x": [2]}"#), to: ["one"]),
                Route("other type", match: try pattern(#"{"type": ["b"]}"#), to: ["one"]),
                Route("once", match: try pattern(#"{"type": ["a"]}"#), to: ["one"], oncePer: .session),
                Route("bare", to: ["errors"]),
                Route("interests", match: try pattern(#"{"x": [1]}"#), to: ["errors"]),
                Route("stops", match: try pattern(#"{"type": ["a"]}"#), to: ["two"], stop: true),
                Route("later", match: try pattern(#"{"x": [1]}"#), to: ["one"]),
                Route("later fails", match: try pattern(#"{"x": [2]}"#), to: ["one"]),
            ], ["errors": MemoryHandler(interests: [.error])])
        let received = Collected<EventExplanation>()
        let line = #"{"type": "a", "x": 1}"#
        _ = try await report([line, line], table, .event(EventPosition(line: 2)), to: received)
        #expect(
            received.elements.map { $0.verdicts.map(words) } == [
                [
                    "fires -> one, two", "fails: x is 1, 1 of 2", #"other type: type is "a", 0 of 1"#,
                    "once: already fired", "bare: not made for it", "interests: not made for it", "stops -> two",
                    "later: stopped by stops", "later fails: x is 1, 0 of 1",
                ]
            ])
    }

    @Test func theSummaryCountsWhereEventsFailed() async throws {
        let table = try table([
            Route("r", match: try pattern(#"{"type": ["a"], "x": [1], "y": [1]}"#), to: ["h"]),
            Route("absent", match: try pattern(#"{"type": ["response.done"]}"#), to: ["h"]),
        ])
        let report = try await report(
            [
                #"{"type": "a", "x": 0}"#, #"{"type": "a", "x": 1, "y": 2}"#, #"{"type": "a", "x": 3}"#,
                #"{"type": "a", "x": 1, "y": 3}"#, #"{"type": "a", "x": 4}"#, #"{"type": "a", "x": 1, "y": 1}"#,
                #"{"type": "b", "x": 1, "y": 1}"#,
            ], table)
        let explanation = try #require(report.explanations.first)
        #expect(explanation.fired == 1)
        #expect(explanation.missed == 5)
        #expect(explanation.misses.map { "\($0.condition.condition.field) \($0.count)" } == ["x 3", "y 2"])
        #expect(explanation.closest?.position == EventPosition(line: 2))
        #expect(explanation.closest?.condition.values.description == "2")
        #expect(report.explanations[1].absentTypes == ["response.done"])
    }

    @Test func derivedEventsAreExplainedToo() async throws {
        let table = try table([
            Route("calls", match: try pattern(#"{"type": ["router.function_call.ready"], "name": ["x"]}"#), to: ["h"])
        ])
        let lines = [
            Wire.event("response.created", #""response": {"id": "r", "status": "in_progress"}"#),
            Wire.event(
                "response.output_item.done",
                #""response_id": "r", "item": {"id": "i", "type": "function_call", "status": "completed", "#
                    + #""call_id": "c", "name": "y", "arguments": "{}"}"#),
        ]
        let received = Collected<EventExplanation>()
        let report = try await report(lines, table, .route("calls"), to: received)
        #expect(received.elements.flatMap { $0.verdicts.map(words) }.last == #"calls: name is "y", 1 of 2"#)
        #expect(report.explanations[0].closest?.position == EventPosition(line: 2, derived: 1))
    }

    @Test func aRouteThatIsNotMadeForAnEventWasNotStoppedFromIt() async throws {
        let table = try table(
            [
                Route("stops", match: try pattern(#"{"type": ["a"]}"#), to: ["one"], stop: true),
                Route("interests", match: try pattern(#"{"x": [1]}"#), to: ["errors"]),
            ], ["errors": MemoryHandler(interests: [.error])])
        let received = Collected<EventExplanation>()
        let line = #"{"type": "a", "x": 1}"#
        let report = try await report([line], table, .event(EventPosition(line: 1)), to: received)
        #expect(received.elements.map { $0.verdicts.map(words) } == [["stops -> one", "interests: not made for it"]])
        #expect(report.explanations[1].stopped.isEmpty)
    }

    @Test func ofARouteOnlyEventsOfItsTypesAreExplained() async throws {
        let table = try table([
            Route("named", match: try pattern(#"{"type": ["a", "response.done"], "x": [1]}"#), to: ["h"]),
            Route("any", match: try pattern(#"{"x": [1]}"#), to: ["h"]),
            Route("unknown", match: try pattern(#"{"type": ["c"]}"#), to: ["h"]),
        ])
        let lines = ["a", "b", "response.done", "error"].map { #"{"type": "\#($0)", "x": 0}"# }
        for (route, positions) in [("named", [1, 3]), ("any", [1, 2, 3, 4]), ("unknown", [])] {
            let received = Collected<EventExplanation>()
            let report = try await report(lines, table, .route(route), to: received)
            #expect(received.elements.map(\.event.position).filter { $0.derived == 0 }.map(\.line) == positions)
            #expect(report.explanations.map(\.absentTypes) == [[], [], ["c"]])
        }
    }

    /// Calls are not run in a dry run, so routes of their outcomes get no events.
    @Test func callsThatNobodyRanAreCounted() async throws {
        let routes = [
            Route("calls", match: try pattern(#"{"type": ["router.function_call.ready"], "name": ["x"]}"#), to: ["f"]),
            Route("outcomes", match: try pattern(#"{"type": [{"prefix": "router.function_call."}]}"#), to: ["h"]),
        ]
        let table = try table(routes, ["f": CallTaker()])
        let lines = ["x", "y"].flatMap { name in
            [
                Wire.event("response.created", #""response": {"id": "r\#(name)", "status": "in_progress"}"#),
                Wire.event(
                    "response.output_item.done",
                    #""response_id": "r\#(name)", "item": {"id": "i\#(name)", "type": "function_call", "#
                        + #""status": "completed", "call_id": "c\#(name)", "name": "\#(name)", "arguments": "{}"}"#),
                Wire.event("response.done", #""response": {"id": "r\#(name)", "status": "completed"}"#),
            ]
        }
        let report = try await report(lines, table)
        #expect(report.explanations.map(\.fired) == [1, 2])
        #expect(report.explanations.map(\.callsNotRun) == [0, 1])
    }

    @Test func credentialsAreNotShown() async throws {
        let table = try table([
            Route("r", match: try pattern(#"{"tools": {"authorization": ["x"]}, "headers": ["y"]}"#), to: ["h"])
        ])
        let received = Collected<EventExplanation>()
        let lines = [#"{"type": "a", "tools": [{"authorization": "Bearer sk-1"}]}"#, #"{"type": "a"}"#]
        _ = try await report(lines, table, .route("r"), to: received)
        #expect(
            received.elements.prefix(2).flatMap { $0.verdicts.map(words) } == [
                "r: tools.authorization is ***, 0 of 2", "r: tools.authorization is absent, 0 of 2",
            ])
    }

    /// An event that the handlers are not made for must not count as the one firing.
    @Test func oncePerCountsOnlyWhatItsHandlersAreMadeFor() async throws {
        let handler = MemoryHandler(interests: [.error])
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("r", match: try pattern(#"{"x": [1]}"#), to: ["h"], oncePer: .session)])
        _ = try await run([#"{"type": "a", "x": 1}"#, #"{"type": "error", "x": 1}"#], table)
        #expect(handler.positions == ["2"])
    }
}
