import ConfigSource
import EventRouter
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Routes of client events in live, recorded, replayed and explained sessions, and after rules are replaced.
@Suite(.timeLimit(.minutes(5))) struct ClientRouteLifeTests {
    private static func table(_ handler: MemoryHandler, _ calls: any EventHandler) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("h", handler), HandlerBinding("calls", calls)],
            routes: [
                Route(
                    "created", from: .client, match: try pattern(#"{"type": ["conversation.item.create"]}"#), to: ["h"]),
                Route(
                    "asked", from: .client, match: try pattern(#"{"type": ["response.create"]}"#), to: ["h"],
                    oncePer: .turn),
                Route("calls", to: ["calls"]),
            ])
    }

    private static func got(_ handler: MemoryHandler) -> [String] {
        handler.deliveries.elements.map {
            let id = $0.event.eventID ?? ""
            return
                "\($0.event.type) \(id) \($0.routes.joined(separator: "+")) at \($0.event.at ?? -1), number \($0.sequence)"
        }
    }

    @Test("A live session and the replay of its recording fire the same routes, not for the router's own events")
    func clientRoutes_fireEquallyInAReplay() async throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/r.jsonl"
        let (live, replayed) = (MemoryHandler(), MemoryHandler())
        let router = Router(try Self.table(live, Answering()), clock: ManualClock())
        try await router.start()
        let session = try router.session(
            key: "call-1", recording: try RecordingFile(path: path, session: "call-1"))
        session.receive(Wire.event("session.created", #""session": {"id": "s1"}"#), from: .server, at: 0)
        session.receive(#"{"type": "session.update", "event_id": "c0"}"#, from: .client, at: 0.5)
        session.receive(#"{"type": "conversation.item.create", "event_id": "c1"}"#, from: .client, at: 1)
        session.receive(#"{"type": "response.create", "event_id": "c2"}"#, from: .client, at: 1.5)
        session.receive(#"{"type": "response.create", "event_id": "c3"}"#, from: .client, at: 2)
        for (index, line) in Wire.calling(["call"], in: "r1").enumerated() {
            session.receive(line, from: .server, at: 3 + Double(index))
        }
        // The router answers the call. The agent passes the router's event back, and the router recognises it.
        let sent = Collected<String>()
        let sending = Task { for await event in session.outbound { sent.append(event.json.description) } }
        session.receive(await sent.wait(for: 1)[0], from: .client, at: 7)
        session.receive(#"{"type": "conversation.item.create", "event_id": "c4"}"#, from: .client, at: 8)
        let report = await session.finish()
        await sending.value
        await router.stop()
        let expected = [
            "conversation.item.create c1 created at 1.0, number 3",
            "response.create c2 asked at 1.5, number 4",
        ]
        #expect(Array(Self.got(live).prefix(2)) == expected)
        #expect(live.deliveries.elements.map(\.event.eventID) == ["c1", "c2", "c4"])
        #expect(report.clientEvents == 5)
        #expect(scratch.lines("r.jsonl").contains { $0.contains(#""sender":"router""#) })

        let again = Router(try Self.table(replayed, Answering()), clock: ManualClock())
        try await again.start()
        let replay = try await again.run(try RecordedSession(path: path))
        await again.stop()
        #expect(replay.clientEvents == 5)
        #expect(Self.got(replayed) == Self.got(live))
    }

    @Test("After rules are replaced, the new rules take client events, and `once_per` state is kept")
    func clientRoutes_areReplaced() async throws {
        let (old, new) = (MemoryHandler(), MemoryHandler())
        func table(_ handler: MemoryHandler, _ routes: [Route]) throws -> RouteTable {
            try RouteTable(handlers: [HandlerBinding("h", handler)], routes: routes)
        }
        let once = Route(
            "once", from: .client, match: try pattern(#"{"type": ["session.update"]}"#), to: ["h"], oncePer: .session)
        let labelled = Route(
            "labelled", from: .client,
            match: try pattern(#"{"type": ["response.create"], "labels": {"tenant": ["acme"]}}"#), to: ["h"])
        let router = Router(try table(old, [once]), clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s", labels: ["tenant": "acme"])
        session.receive(#"{"type": "session.update"}"#, from: .client, at: 1)
        _ = await old.deliveries.wait(for: 1)
        try await router.replace(try table(new, [labelled, once]))
        session.receive(#"{"type": "session.update"}"#, from: .client, at: 2)
        session.receive(#"{"type": "response.create"}"#, from: .client, at: 3)
        _ = await session.finish()
        await router.stop()
        #expect(old.types == ["session.update"] && new.types == ["response.create"])
    }

    @Test("Routes of client events to handlers that can take none are errors")
    func clientRoutes_areChecked() throws {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try RouteTable(
                handlers: [
                    HandlerBinding("calls", Answering()), HandlerBinding("made", MemoryHandler(interests: [.error])),
                ],
                routes: [
                    Route("a", from: .client, match: try pattern(#"{"type": ["session.update"]}"#), to: ["calls"]),
                    Route("b", from: .client, to: ["made"]),
                    Route("c", from: .client, match: try pattern(#"{"type": ["session.update"]}"#), to: ["made"]),
                    Route("d", from: .client, stop: true),
                ])
        }
        #expect(
            error?.diagnostics.map { "\($0.message) (\($0.help ?? ""))" } == [
                "route `a` takes events of the client, and handler `calls` takes function calls only "
                    + "(send them to another handler, or take away `direction: client`)",
                "route `b` takes events of the client, and handler `made` is made for events of the server "
                    + "(say which events it gets, for example `match: { direction: client, type: session.update }`)",
            ])
    }

    @Test("An explanation covers only events of the route's side")
    func clientRoutes_areExplained() async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [
                Route("server", match: try pattern(#"{"type": ["error"]}"#), to: ["h"]),
                Route(
                    "voice", from: .client,
                    match: try pattern(#"{"type": ["session.update"], "session": {"voice": ["marin"]}}"#), to: ["h"]),
                Route("cancels", from: .client, match: try pattern(#"{"type": ["response.cancel"]}"#), to: ["h"]),
            ])
        let update = #"{"direction": "client", "event": {"type": "session.update", "session": {"voice": "ash"}}}"#
        let received = Collected<EventExplanation>()
        let router = Router(
            table, options: RouterOptions(isDryRun: true), clock: ManualClock(),
            explaining: ExplanationRequest(.event(EventPosition(line: 2))) { received.append($0) })
        try await router.start()
        let report = try await router.run(
            ScriptedSource([Wire.event("response.cancel"), update, update.replacing("ash", with: "marin")]))
        await router.stop()
        let explanation = try #require(received.elements.first)
        #expect(explanation.side == .client && explanation.unmatchedHandler == nil)
        #expect(explanation.verdicts.map(\.outcome).first == .otherSide(takes: .server))
        #expect(report.explanations.map(\.side) == [.server, .client, .client])
        #expect(report.explanations.map(\.fired) == [0, 1, 0])
        #expect(report.explanations.map(\.missed) == [0, 1, 0])
        // The server event with that name is not a client event.
        #expect(report.explanations.map(\.absentTypes) == [["error"], [], ["response.cancel"]])
    }
}
