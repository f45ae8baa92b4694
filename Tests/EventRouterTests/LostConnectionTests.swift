import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Events that are derived from losses of a session's connection.
@Suite(.timeLimit(.minutes(2))) struct LostConnectionTests {
    private static let created = Wire.event("session.created", #""session": {"id": "sess_1"}"#)

    /// A derived event as a test reads it: type, id, time and body.
    private static func rows(_ handler: MemoryHandler) -> [String] {
        handler.deliveries.elements.map { delivery in
            let json = delivery.event.json
            let fields = ["reason", "attempt", "gap_ms", "renewed"].compactMap { name in
                json[name].map { "\(name)=\($0)" }
            }
            let at = delivery.event.at.map { " at \($0)" } ?? ""
            return "\(delivery.event.position) \(json["event_id"]?.string ?? "")\(at) \(fields.joined(separator: " "))"
        }
    }

    private static func router(_ handler: MemoryHandler, clock: ManualClock = ManualClock()) async throws -> Router {
        let table = try RouteTable(
            handlers: [HandlerBinding("connection", handler)], routes: [Route("connection", to: ["connection"])])
        let router = Router(table, clock: clock)
        try await router.start()
        return router
    }

    private static func watcher() -> MemoryHandler {
        MemoryHandler(interests: [.routerConnectionLost, .routerConnectionRestored, .routerSessionEnded])
    }

    @Test("A lost event has the reason, a restored event the attempt and the gap; a recording yields the same")
    func connection_lostAndRestored() async throws {
        let scratch = try ScratchFolder()
        let clock = ManualClock()
        let live = Self.watcher()
        let router = try await Self.router(live, clock: clock)
        let path = scratch.path + "/r.jsonl"
        let session = try router.session(key: "s", recording: try RecordingFile(path: path, session: "s"))
        session.receive(Self.created, from: .server)
        clock.advance(by: .milliseconds(250))
        session.connectionLost(reason: "reset by peer")
        session.connectionLost(reason: "still lost")
        clock.advance(by: .milliseconds(1500))
        session.connectionRestored(attempt: 3)
        session.connectionRestored(attempt: 4)
        clock.advance(by: .seconds(1))
        session.connectionLost()
        clock.advance(by: .seconds(2))
        session.connectionRenewed(attempt: 1)
        session.receive(Self.created.replacing("sess_1", with: "sess_2"), from: .server)
        session.connectionRenewed()
        await session.finish(reason: .hungUp)
        await router.stop()
        #expect(
            Self.rows(live) == [
                "1.2 s/connection.lost/1 at 0.25 reason=\"reset by peer\"",
                "1.3 s/connection.restored/1 at 1.75 attempt=3 gap_ms=1500",
                "1.4 s/connection.lost/2 at 2.75 ",
                "1.5 s/connection.restored/2 at 4.75 attempt=1 gap_ms=2000 renewed=true",
                "2.1 s/connection.restored/3 at 4.75 renewed=true",
                "2.2 s/session.ended at 4.75 reason=\"hung_up\"",
            ])
        let replayed = Self.watcher()
        let second = try await Self.router(replayed)
        let report = try await second.run(try RecordedSession(path: path))
        await second.stop()
        #expect(report.sessions == 1)
        // The recording's first line is its header, and its control lines count too.
        let withoutLine = { (row: String) in row.replacing(/^[0-9]+/, with: "") }
        #expect(Self.rows(replayed).map(withoutLine) == Self.rows(live).map(withoutLine))
        #expect(
            scratch.lines("r.jsonl").filter { !$0.contains("event") && !$0.contains("recording") } == [
                #"{"session":"s","at":0.25,"lost":true,"reason":"reset by peer"}"#,
                #"{"session":"s","at":0.25,"lost":true,"reason":"still lost"}"#,
                #"{"session":"s","at":1.75,"restored":true,"attempt":3}"#,
                #"{"session":"s","at":1.75,"restored":true,"attempt":4}"#,
                #"{"session":"s","at":2.75,"lost":true}"#,
                #"{"session":"s","at":4.75,"renewed":true,"attempt":1}"#,
                #"{"session":"s","at":4.75,"renewed":true}"#,
                #"{"session":"s","at":4.75,"end":true,"reason":"hung_up"}"#,
            ])
    }

    @Test("Nothing is derived before the session's first event, and without times there is no gap")
    func connection_withoutTimes() async throws {
        let heard = Self.watcher()
        let router = try await Self.router(heard)
        let lines = [
            #"{"session": "test", "lost": true}"#, #"{"session": "test", "restored": true}"#, Self.created,
            #"{"session": "test", "lost": true, "reason": "idle"}"#, #"{"session": "test", "restored": true}"#,
        ]
        _ = try await router.run(ScriptedSource(lines))
        await router.stop()
        #expect(
            Self.rows(heard) == [
                "3.2 test/connection.lost/1 reason=\"idle\"", "3.3 test/connection.restored/1 ",
                "3.4 test/session.ended reason=\"end_of_source\"",
            ])
    }

    @Test("A source ends a session with its own reason; a session that the server let expire ends as `expired`")
    func finish_reason() async throws {
        struct Refused: Error {}
        let heard = MemoryHandler(interests: [.routerSessionEnded])
        let router = try await Self.router(heard)
        let expired = Wire.event("error", #""error": {"type": "x", "code": "session_expired", "message": "over"}"#)
        for (key, lines, reason, failure) in [
            ("a", [Self.created], SessionEndReason.disconnected, nil as (any Error)?),
            ("b", [Self.created, expired], .disconnected, nil), ("c", [Self.created, expired], .hungUp, nil),
            ("d", [Self.created], .idle, Refused()),
        ] {
            let session = try router.session(key: key)
            for line in lines { session.receive(line, from: .server) }
            let report = await session.finish(throwing: failure, reason: reason)
            #expect((report.failure != nil) == (failure != nil))
        }
        let failed = try router.session(key: "e")
        failed.receive(Self.created, from: .server)
        await failed.finish(throwing: Refused())
        await router.stop()
        #expect(
            heard.deliveries.elements.map { "\($0.session.key) \($0.event.json["reason"]?.string ?? "")" } == [
                "a disconnected", "b expired", "c hung_up", "d idle", "e disconnected",
            ])
    }
}
