import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Synchronization
import Testing

/// Server errors are attributed to the sender of the event that they name.
@Suite(.timeLimit(.minutes(2))) struct RefusedEventTests {
    private final class FailureLog: DispatchLog {
        let failures = Collected<ClientEventFailure>()
        func record(_ record: DispatchRecord) {}
        func record(_ failure: ClientEventFailure) { failures.append(failure) }
        func reportUnwritten(to records: UnwrittenRecords) {}
    }

    private static func refusal(_ id: String, code: String = "invalid_value") -> String {
        let error: JSONObject = [
            "type": "invalid_request_error", "code": .string(code), "message": "No such value.", "param": "session.x",
            "event_id": .string(id),
        ]
        return JSONValue.object(["type": "error", "event_id": "event_9", "error": .object(error)]).description
    }

    /// The events that are derived from errors.
    private static func rows(_ handler: MemoryHandler) -> [String] {
        handler.deliveries.elements.map { delivery in
            let json = delivery.event.json
            return ["code", "client_event_id", "sent_by", "handler", "route"].map { json[$0]?.string ?? "-" }.joined(
                separator: " ")
        }
    }

    private static func table(_ errors: MemoryHandler, _ sends: any EventHandler, calls: Answering? = nil) throws
        -> RouteTable
    {
        try RouteTable(
            handlers: [HandlerBinding("sends", sends), HandlerBinding("errors", errors)]
                + (calls.map { [HandlerBinding("calls", $0)] } ?? []),
            routes: [
                Route("pings", match: try pattern(#"{"type": ["ping"]}"#), to: ["sends"]),
                Route("errors", to: ["errors"]),
            ] + (calls == nil ? [] : [Route("tool calls", to: ["calls"])]))
    }

    @Test(
        "An error about a handler's event contains the handler and the route, in the derived event, the log and the report"
    )
    func error_namesHandlerAndRoute() async throws {
        let errors = MemoryHandler(interests: [.routerErrorRaised])
        let sends = ClosureHandler { delivery in
            // Also from a child task.
            await Task { delivery.session.send(.other(["type": "note"])) }.value
        }
        let log = FailureLog()
        let router = Router(try Self.table(errors, sends), clock: ManualClock(), log: log)
        try await router.start()
        let session = try router.session(key: "s")
        var outbound = session.outbound.makeAsyncIterator()
        session.receive(Wire.event("ping"), from: .server)
        let id = try #require(await outbound.next()?.eventID)
        #expect(id == "rr_1")
        for line in [
            Self.refusal(id), Self.refusal(id, code: "response_cancel_not_active"), Self.refusal("evt_other"),
        ] { session.receive(line, from: .server) }
        let report = await session.finish()
        await router.stop()
        #expect(
            Self.rows(errors) == [
                "invalid_value rr_1 handler sends pings", "response_cancel_not_active rr_1 handler sends pings",
                "invalid_value evt_other - - -",
            ])
        #expect(
            log.failures.elements.map {
                "\($0.outcome) \($0.position?.description ?? "-") \($0.type ?? "-") \($0.isBenign)"
            }
                == ["refused 2 note false", "refused 3 note true"])
        #expect(
            report.json["refused"]
                == [
                    [
                        "sent_by": "handler", "handler": "sends", "route": "pings", "code": "invalid_value",
                        "message": "No such value.", "count": 1,
                    ],
                    [
                        "sent_by": "handler", "handler": "sends", "route": "pings",
                        "code": "response_cancel_not_active", "message": "No such value.", "count": 1,
                    ],
                ])
    }

    @Test("Outputs, their response.create and requests are attributed to their handlers, also in a replay")
    func error_namesWhatWasAnswered() async throws {
        let scratch = try ScratchFolder()
        let errors = MemoryHandler(interests: [.routerErrorRaised])
        let sends = ClosureHandler { $0.session.requestResponse() }
        let path = scratch.path + "/r.jsonl"
        let router = Router(try Self.table(errors, sends, calls: Answering()), clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s", recording: try RecordingFile(path: path, session: "s"))
        var outbound = session.outbound.makeAsyncIterator()
        for line in Wire.calling(["c1"], in: "r1") { session.receive(line, from: .server) }
        var ids: [String] = []
        for _ in 1...2 { ids.append(try #require(await outbound.next()?.eventID)) }
        for line in [Wire.responseCreated("r2"), Wire.responseDone("r2"), Wire.event("ping")] {
            session.receive(line, from: .server)
        }
        ids.append(try #require(await outbound.next()?.eventID))
        #expect(ids == ["rr_output_c1", "rr_create_r1", "rr_1"])
        for id in ids { session.receive(Self.refusal(id), from: .server) }
        await session.finish()
        await router.stop()
        let expected = [
            "invalid_value rr_output_c1 handler calls -", "invalid_value rr_create_r1 handler calls -",
            "invalid_value rr_1 handler sends pings",
        ]
        #expect(Self.rows(errors).map { $0.replacing("tool calls", with: "-") } == expected)
        let replayed = MemoryHandler(interests: [.routerErrorRaised])
        let second = Router(
            try Self.table(replayed, ClosureHandler { _ in }, calls: Answering()), clock: ManualClock())
        try await second.start()
        _ = try await second.run(try RecordedSession(path: path))
        await second.stop()
        #expect(Self.rows(replayed) == Self.rows(errors))
    }

    @Test("Errors are attributed for the last 1,024 sent events")
    func error_aboutAnOldEvent() async throws {
        let errors = MemoryHandler(interests: [.routerErrorRaised])
        let sends = ClosureHandler { delivery in
            for _ in 1...1025 { delivery.session.send(.other(["type": "note"])) }
        }
        let router = Router(
            try Self.table(errors, sends), options: RouterOptions(outboundCapacity: 2000), clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s")
        var outbound = session.outbound.makeAsyncIterator()
        session.receive(Wire.event("ping"), from: .server)
        var last: String?
        for _ in 1...1025 { last = await outbound.next()?.eventID }
        #expect(last == "rr_1025")
        for id in ["rr_1", "rr_2", "rr_1025"] { session.receive(Self.refusal(id), from: .server) }
        let report = await session.finish()
        await router.stop()
        #expect(
            Self.rows(errors) == [
                "invalid_value rr_1 - - -", "invalid_value rr_2 handler sends pings",
                "invalid_value rr_1025 handler sends pings",
            ])
        #expect(report.refusals.map(\.count) == [2])
    }
}
