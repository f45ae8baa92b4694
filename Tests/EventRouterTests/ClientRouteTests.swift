import EventJSON
import EventRouter
import Foundation
import RealtimeEvents
import RecordFiles
import RouterTesting
import ScratchFolders
import Testing

/// Routes that take client events.
@Suite(.timeLimit(.minutes(5))) struct ClientRouteTests {
    private static func client(_ type: String, _ rest: String = "", at: Double? = nil, isOwn: Bool = false) -> String {
        let sender = isOwn ? #""sender": "router", "# : ""
        let time = at.map { "\"at\": \($0), " } ?? ""
        return "{\(time)\(sender)\"direction\": \"client\", \"event\": \(Wire.event(type, rest))}"
    }

    private static func types(_ name: String) throws -> Pattern { try pattern(#"{"type": ["\#(name)"]}"#) }

    /// A delivery as a test reads it: position, type, side and routes.
    private func got(_ handler: MemoryHandler) -> [String] {
        handler.deliveries.elements.map {
            "\($0.event.position) \($0.event.type) \($0.side) \($0.routes.joined(separator: "+"))"
        }
    }

    @Test("A route takes only events of its own side, and none that the router sent")
    func clientRoute_takesTheEventsOfItsSide() async throws {
        let (theirs, ours) = (MemoryHandler(), MemoryHandler())
        let any = try pattern(#"{"type": [{"exists": true}]}"#)
        let table = try RouteTable(
            handlers: [HandlerBinding("theirs", theirs), HandlerBinding("ours", ours)],
            routes: [
                Route("server", match: any, to: ["ours"]), Route("client", from: .client, match: any, to: ["theirs"]),
            ])
        let report = try await run(
            [
                Wire.event("session.update"), Self.client("session.update"), Self.client("new.thing"),
                Self.client("response.create", isOwn: true), Wire.event("error"),
            ], table)
        #expect(
            got(theirs) == ["2 session.update client client", "3 new.thing client client"])
        #expect(
            got(ours).filter { !$0.contains("router.") } == ["1 session.update server server", "5 error server server"])
        #expect(report.events == 2 && report.clientEvents == 2 && report.unmatched == 0)
        #expect(report.routes.map { "\($0.name) \($0.matched)" }.last == "client 2")
        #expect(theirs.deliveries.elements.map(\.sequence) == [3, 4])
    }

    @Test("A client event that no route takes does not count as unmatched")
    func clientEvent_isNeverUnmatched() async throws {
        let (handler, rest) = (MemoryHandler(), MemoryHandler())
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler), HandlerBinding("rest", rest)],
            routes: [Route("updates", from: .client, match: try Self.types("session.update"), to: ["h"])],
            unmatched: "rest")
        let report = try await run([Self.client("response.create"), Wire.event("error")], table)
        #expect(report.unmatched == 1 && report.clientEvents == 1)
        #expect(got(rest) == ["2 error server "] && got(handler) == [])
    }

    @Test("A client event with the name of a server event is not treated as that event")
    func clientEvent_isNeverOneOfTheServers() async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("all", from: .client, match: try pattern(#"{"type": [{"exists": true}]}"#), to: ["h"])])
        _ = try await run(
            [Self.client("response.done"), Self.client("response.audio.delta"), Self.client("router.turn.done")], table)
        let events = handler.deliveries.elements.map(\.event)
        #expect(events.map(\.type.name) == ["response.done", "response.audio.delta", "router.turn.done"])
        #expect(events.allSatisfy { $0.type.code == .unknown && !$0.type.isDerived && $0.type != .responseDone })
    }

    @Test("`stop` ends the evaluation, and a route without handlers drops the event")
    func clientRoute_stops() async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [
                Route("audio", from: .client, match: try Self.types("input_audio_buffer.append"), stop: true),
                Route("server", match: try Self.types("input_audio_buffer.append"), to: ["h"]),
                Route("first", from: .client, match: try Self.types("session.update"), to: ["h"]),
                Route("second", from: .client, match: try pattern(#"{"event_id": ["e"]}"#), to: ["h"]),
            ])
        let report = try await run(
            [Self.client("input_audio_buffer.append"), Self.client("session.update"), Self.client("response.cancel")],
            table)
        #expect(got(handler) == ["2 session.update client first+second", "3 response.cancel client second"])
        #expect(report.routes.map(\.matched) == [1, 0, 1, 2])
    }

    @Test(
        "`once_per` applies to client events",
        arguments: [
            (OncePer.session, [2]), (.turn, [2]), (.field(["response", "voice"]), [2, 4]),
            (.every(.seconds(3)), [2, 5]), (.every(.seconds(3), field: ["response", "voice"]), [2, 4, 5]),
        ])
    func clientRoute_firesOncePer(_ once: OncePer, _ places: [Int]) async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("r", from: .client, match: try Self.types("response.create"), to: ["h"], oncePer: once)])
        let voices = ["x", "x", "y", "x"]
        let lines = voices.enumerated().map { index, voice in
            Self.client("response.create", #""response": {"voice": "\#(voice)"}"#, at: Double(index) + 1)
        }
        _ = try await run([Wire.event("session.created", #""session": {"id": "s"}"#)] + lines, table)
        #expect(handler.positions == places.map { "\($0)" })
    }

    @Test("Labels and schedules apply to client events as to server events")
    func clientRoute_dependsOnLabelsAndTime() async throws {
        let handler = MemoryHandler()
        let hours = try #require(RouteSchedule.Hours("22:00-06:00"))
        let night = RouteSchedule(hours: [hours], zone: .utc)
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [
                Route(
                    "acme", from: .client,
                    match: try pattern(#"{"type": ["response.create"], "labels": {"tenant": ["acme"]}}"#), to: ["h"]),
                Route(
                    "night", from: .client, match: try Self.types("response.create"), to: ["h"], schedule: night),
            ])
        for (tenant, started) in [("acme", 1_767_225_600.0), ("other", 1_767_225_600 + 12 * 3600)] {
            let router = Router(table, clock: ManualClock())
            try await router.start()
            _ = try await router.run(
                ScriptedSource([Self.client("response.create", at: 1)]), labels: [SessionLabel("tenant", tenant)],
                started: started)
            await router.stop()
        }
        #expect(got(handler) == ["1 response.create client acme+night"])
    }

    @Test("Without `type` the handler's interests in client events apply")
    func clientRoute_takesWhatHandlersAreMadeFor() async throws {
        let (made, open) = (MemoryHandler(interests: [.responseDone, "session.update"]), MemoryHandler())
        let table = try RouteTable(
            handlers: [HandlerBinding("made", made), HandlerBinding("open", open)],
            routes: [
                Route("bare", from: .client, to: ["made", "open"]),
                Route("fields", from: .client, match: try pattern(#"{"event_id": ["e"]}"#), to: ["made"]),
                Route("server", to: ["made"]),
            ])
        let report = try await run(
            [Self.client("session.update"), Self.client("response.done"), Wire.responseDone("r")], table)
        #expect(got(made) == ["1 session.update client bare+fields", "3 response.done server server"])
        #expect(got(open) == ["1 session.update client bare", "2 response.done client bare"])
        #expect(report.routes.map(\.matched) == [2, 1, 1])
    }

    @Test("A handler gets redacted client events")
    func clientEvent_isRedacted() async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("r", from: .client, match: try pattern(#"{"type": [{"exists": true}]}"#), to: ["h"])])
        let tools = #"{"tools": [{"type": "mcp", "authorization": "s3cret", "headers": {"X": "s3cret"}}]}"#
        _ = try await run(
            [
                Self.client("session.update", #""session": \#(tools)"#),
                Self.client("response.create", #""response": \#(tools)"#),
            ], table)
        let written = handler.deliveries.elements.map { String(decoding: $0.event.bytes, as: UTF8.self) }
        #expect(written.count == 2 && written.allSatisfy { !$0.contains("s3cret") && $0.contains(#""***""#) })
    }

    @Test("A handler of client audio gets an event once, with the routes that took it")
    func clientAudio_comesOnceWithItsRoutes() async throws {
        final class Listener: ClientAudioHandling {
            let got = Collected<String>()
            func handle(_ delivery: EventDelivery) async throws {
                got.append("\(delivery.event.position) \(delivery.side) \(delivery.routes)")
            }
        }
        let listener = Listener()
        let table = try RouteTable(
            handlers: [HandlerBinding("listener", listener)],
            routes: [
                Route("first", from: .client, match: try pattern(#"{"event_id": ["first"]}"#), to: ["listener"])
            ])
        let append = Wire.event("input_audio_buffer.append")
        _ = try await run(
            [
                #"{"direction": "client", "event": \#(append)}"#,
                #"{"direction": "client", "event": \#(append.replacing("\"e\"", with: "\"first\""))}"#,
            ], table)
        #expect(listener.got.elements == ["1 client []", #"2 client ["first"]"#])
    }

    // MARK: - Failures and logs

    private struct Failing: EventHandler {
        func handle(_ delivery: EventDelivery) async throws { throw DeliveryFailure.permanent("no") }
    }

    @Test("Log and dead letters state that an event is the client's")
    func clientEvent_isMarkedInLogAndDeadLetters() async throws {
        let scratch = try ScratchFolder()
        let letters = DeadLetterFile(path: scratch.path + "/dead.jsonl", clock: ManualClock())
        let table = try RouteTable(
            handlers: [HandlerBinding("h", MemoryHandler()), HandlerBinding("fails", Failing())],
            routes: [Route("r", from: .client, match: try Self.types("response.create"), to: ["h", "fails"])],
            deadLetters: letters)
        let log = try DispatchLogFile(path: scratch.path + "/log.jsonl")
        let router = Router(table, clock: ManualClock(), log: log)
        try await router.start()
        _ = try await router.run(ScriptedSource([Self.client("response.create")]))
        await router.stop()
        log.close()
        let head = #"{"session":"test","position":"1","type":"response.create","direction":"client","route":"r","#
        #expect(
            scratch.lines("log.jsonl").sorted() == [
                head + #""handler":"fails","outcome":"dead_letter","attempts":1,"ms":0.0}"#,
                head + #""handler":"h","outcome":"delivered","attempts":1,"ms":0.0}"#,
            ])
        #expect(
            scratch.lines("dead.jsonl") == [
                #"{"session":"test","time":"2026-01-01T00:00:00.000Z","reason":"failed","route":"r","handler":"fails","#
                    + #""attempts":1,"error":"no","line":1,"length":44,"direction":"client","#
                    + #""event":{"type":"response.create","event_id":"e"}}"#
            ])
    }

    @Test("Batches contain client events too")
    func clientEvent_goesIntoBatches() async throws {
        struct Batches: BatchEventHandler {
            let batching = BatchPolicy(limit: 100, interval: .zero)
            let sizes = Collected<String>()
            func handle(_ batch: [EventDelivery]) async throws {
                for delivery in batch { sizes.append("\(delivery.event.position) \(delivery.side)") }
            }
        }
        let batches = Batches()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", batches)],
            routes: [
                Route("client", from: .client, match: try Self.types("response.create"), to: ["h"]),
                Route("server", match: try Self.types("error"), to: ["h"]),
            ])
        _ = try await run([Wire.event("error"), Self.client("response.create"), Wire.event("error")], table)
        #expect(batches.sizes.elements == ["1 server", "2 client", "3 server"])
    }
}
