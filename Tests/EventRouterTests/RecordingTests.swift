import EventJSON
import EventPatterns
import EventRouter
import Foundation
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Recordings of both directions, and their replay.
@Suite(.timeLimit(.minutes(5))) struct RecordingTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// Yields its lines one by one, 120 ms apart on the clock.
    private final class SteppingSource: EventSource {
        let key: String
        let name = "live"
        let isInteractive = true
        private let lines: ScriptedSource
        private let clock: ManualClock
        private let rest: Collected<String>
        private let all: [String]

        init(_ lines: [String], key: String, _ clock: ManualClock) {
            self.key = key
            self.clock = clock
            all = lines
            rest = Collected()
            self.lines = ScriptedSource(key: key)
        }

        func nextBatch() async throws -> EventBatch? {
            let number = rest.elements.count
            guard number < all.count else { return nil }
            rest.append(all[number])
            clock.advance(by: .milliseconds(120))
            lines.send(all[number])
            return try await lines.nextBatch()
        }
    }

    private static func everyDerived(_ heard: MemoryHandler, redactors: [any EventRedactor] = []) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("heard", heard)],
            routes: [Route("derived", match: try pattern(#"{"type": [{"prefix": "router."}]}"#), to: ["heard"])],
            redactors: redactors)
    }

    /// The derived events, without their origin.
    private static func derived(_ heard: MemoryHandler) -> [JSONValue] {
        heard.deliveries.elements.map { delivery in
            guard var object = delivery.event.json.object else { return .null }
            object["source"] = nil
            // Without an id, the cause is a line number, and a recording has one more line.
            if object["cause"]?.int != nil { object["cause"] = nil }
            let at = delivery.event.at.map { JSONValue.number(JSONNumber($0)) }
            return [
                "at": at ?? .null, "event": .object(object),
                "place": .number(JSONNumber(delivery.event.position.derived)),
            ]
        }
    }

    @Test("A recording contains both directions with their times, is private, and has no audio")
    func recording_holdsBothDirections() async throws {
        let clock = ManualClock()
        let path = scratch.path + "/{session}.jsonl"
        let answers = Answering { FunctionCallOutcome(done: $0, "sunny") }
        let table = try RouteTable(
            handlers: [HandlerBinding("answers", answers)], routes: [Route("calls", to: ["answers"])])
        let file = try RecordingFile(path: path, session: "call 7", router: "1.2.3")
        #expect(file.path == scratch.path + "/\(SafeFileName("call 7")).jsonl")
        let delta = #""response_id":"r1","item_id":"a1","delta":"AAAA""#
        let append = #"{"type":"input_audio_buffer.append","audio":"AAAAAAA="}"#
        let source = SteppingSource(
            [
                #"{"type":"session.created","event_id":"e","session":{"id":"s1","audio":{"output":{"voice":"x"}}}}"#,
                #"{"direction":"client","event":\#(append)}"#,
                Wire.event("response.output_audio.delta", delta),
            ] + Wire.calling(["c1"], in: "r1"), key: "call 7", clock)
        let router = Router(table, clock: clock)
        try await router.start()
        let report = try await router.run(source, labels: [SessionLabel("tenant", "acme")], record: { _ in file })
        await router.stop()
        file.close()
        #expect(report.sent == 2)
        let name = "\(SafeFileName("call 7")).jsonl"
        #expect(try scratch.mode(name) == 0o600)
        let lines = scratch.lines(name)
        #expect(
            lines[0]
                == #"{"recording":1,"session":"call 7","started":"2026-01-01T00:00:00.000Z","labels":{"tenant":"acme"},"#
                + #""dialect":"realtime","live":true,"router":"1.2.3"}"#)
        #expect(
            Array(lines[1...3]) == [
                #"{"at":0.12,"direction":"server","event":{"type":"session.created","event_id":"e","session":{"id":"s1","audio":{"output":{"voice":"x"}}}}}"#,
                #"{"at":0.24,"direction":"client","event":{"type":"input_audio_buffer.append","audio":5}}"#,
                #"{"at":0.36,"direction":"server","event":{"type":"response.output_audio.delta","event_id":"e","response_id":"r1","item_id":"a1","delta":3}}"#,
            ])
        #expect(lines.last == #"{"session":"call 7","at":0.72,"end":true,"reason":"end_of_source"}"#)
        // The position of a sent event depends on the handler.
        let sent = lines.filter { $0.contains(#""direction":"client""#) && !$0.contains("append") }
        #expect(
            sent.map { line in
                (try? JSONValue(parsing: line))?["event"]?["type"]?.string
            } == ["conversation.item.create", "response.create"])
        #expect(lines.count == 10)
    }

    @Test("Audio is recorded on request")
    func recording_keepsAudio() async throws {
        let path = scratch.path + "/r.jsonl"
        let file = try RecordingFile(path: path, session: "s", keepsAudio: true)
        let router = Router(try Self.everyDerived(MemoryHandler()))
        try await router.start()
        let delta = Wire.event("response.output_audio.delta", #""item_id": "a1", "delta": "AAAA""#)
        _ = try await router.run(ScriptedSource([delta], key: "s"), record: { _ in file })
        await router.stop()
        file.close()
        #expect(
            scratch.lines("r.jsonl") == [
                #"{"recording":1,"session":"s","dialect":"realtime"}"#,
                #"{"direction":"server","event":\#(delta)}"#,
                #"{"session":"s","end":true,"reason":"end_of_source"}"#,
            ])
    }

    @Test("An existing file is renamed; recordings are deleted by session and by age")
    func recordings_areKeptAndForgotten() async throws {
        let path = scratch.path + "/r.jsonl"
        let router = Router(try Self.everyDerived(MemoryHandler()))
        try await router.start()
        for key in ["a", "b", "a#2"] {
            let file = try RecordingFile(path: path, session: key)
            _ = try await router.run(ScriptedSource([Wire.event("ping")], key: key), record: { _ in file })
            file.close()
        }
        await router.stop()
        #expect(scratch.names == ["r.jsonl", "r.jsonl.1", "r.jsonl.2"])
        try scratch.write("{}\n", to: "r.jsonl.3")
        let keeper = RecordingKeeper(path: path)
        #expect(try keeper.forget(session: "none") == 0)
        #expect(try keeper.forget(session: "a") == 2)
        #expect(scratch.names == ["r.jsonl.2", "r.jsonl.3"])
        #expect(try keeper.forget(before: 1_000_000) == 0)
        #expect(try keeper.forget(before: 1e11) == 1)
        #expect(scratch.names == ["r.jsonl.3"])
    }

    @Test("Recordings contain no secrets")
    func recording_isRedacted() async throws {
        let path = scratch.path + "/r.jsonl"
        let file = try RecordingFile(path: path, session: "s")
        let redactor = PrivacyRedactor(patterns: [try TextPattern(regexp: "[0-9]{4}")], fields: ["pin"])
        let router = Router(try Self.everyDerived(MemoryHandler(), redactors: [redactor]))
        try await router.start()
        let item = #"{"type":"message","role":"user","content":[{"type":"input_text","text":"it is 1234"}]}"#
        let lines = [
            #"{"type":"response.output_audio_transcript.done","item_id":"a1","transcript":"1234, thanks"}"#,
            #"{"direction":"client","event":{"type":"conversation.item.create","item":\#(item),"pin":7}}"#,
        ]
        _ = try await router.run(ScriptedSource(lines, key: "s"), record: { _ in file })
        await router.stop()
        file.close()
        let text = scratch.text("r.jsonl") ?? ""
        #expect(!text.contains("1234") && !text.contains("7}"), "\(text)")
        #expect(text.components(separatedBy: "***").count == 4, "\(text)")
    }

    private static let samples = [
        "answered-tool-call", "beta-names", "failed-response", "interruption", "late-transcripts",
        "parallel-tool-calls", "quickstart", "spoken-turn", "tool-call", "transcription-only",
    ]

    @Test("A recording of a live session yields the same derived events, at the same times", arguments: samples)
    func liveRecording_replaysAlike(_ name: String) async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples/Sessions")
        let text = try String(contentsOf: folder.appending(path: "\(name).jsonl"), encoding: .utf8)
        // As from a socket: without times.
        let lines = text.split(separator: "\n").compactMap { line -> String? in
            guard let value = try? JSONValue(parsing: String(line)) else { return nil }
            return value["event"].map { event in
                value["direction"]?.string == "client"
                    ? #"{"direction":"client","event":\#(event)}"# : event.description
            } ?? value.description
        }
        let clock = ManualClock()
        let live = MemoryHandler()
        let path = scratch.path + "/r.jsonl"
        let router = Router(try Self.everyDerived(live), clock: clock)
        try await router.start()
        let file = try RecordingFile(path: path, session: name)
        let report = try await router.run(SteppingSource(lines, key: name, clock), record: { _ in file })
        await router.stop()
        file.close()
        let replayed = MemoryHandler()
        let second = Router(try Self.everyDerived(replayed), clock: ManualClock())
        try await second.start()
        let source = try RecordedSession(path: path)
        #expect(source.key == name)
        let again = try await second.run(source)
        await second.stop()
        #expect(again.events == report.events)
        #expect(again.eventsByType.map { "\($0)" } == report.eventsByType.map { "\($0)" })
        // A call that the client answered runs in a live session, and is replayed from a recording.
        let calls: Set<String> = ["router.function_call.ready", "router.function_call.done"]
        let isOfCall = { (value: JSONValue) in calls.contains(value["event"]?["type"]?.string ?? "") }
        let (one, other) = (
            Self.derived(live).filter { !isOfCall($0) }, Self.derived(replayed).filter { !isOfCall($0) }
        )
        #expect(one.count > 3)
        #expect(one == other)
    }

    /// The derived events without the fields that only running a call sets.
    private static func replayable(_ heard: MemoryHandler) -> [JSONValue] {
        derived(heard).map { value in
            guard var entry = value.object, var event = entry["event"]?.object,
                event["type"] == "router.function_call.done"
            else { return value }
            event["state"] = nil
            entry["event"] = .object(event)
            return .object(entry)
        }
    }

    private func calling(_ answers: Answering, _ heard: MemoryHandler) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("calls", answers), HandlerBinding("heard", heard)],
            routes: [
                Route("calls", to: ["calls"]),
                Route("derived", match: try pattern(#"{"type": [{"prefix": "router."}]}"#), to: ["heard"]),
            ])
    }

    /// Records a live session with two calls, the second of which is answered after the last event of the server.
    ///
    /// - Parameter returned: Makes the lines that the agent passes back for an event that it was given to send.
    private func recordLiveCalls(
        to path: String, _ live: MemoryHandler, returning returned: (ClientEvent) -> [String] = { _ in [] }
    ) async throws -> RunReport {
        let clock = ManualClock()
        let (first, second) = (Gate(), Gate())
        let answers = Answering { call in
            await (call.callID == "c1" ? first : second).pass()
            return FunctionCallOutcome(done: call)
        }
        let outbound = MemoryOutbound()
        let router = Router(try calling(answers, live), clock: clock)
        try await router.start()
        let source = ScriptedSource(key: "call", isInteractive: true)
        let file = try RecordingFile(path: path, session: "call", router: "1.0")
        let running = Task { try await router.run(source, outbound: outbound, record: { _ in file }) }
        source.send(Wire.event("session.created", #""session": {"id": "s1"}"#))
        for (call, gate) in [("c1", first), ("c2", second)] {
            let number = call == "c1" ? 1 : 2
            for line in Wire.calling([call], in: "r\(number)") { source.send(line) }
            _ = await live.deliveries.wait(for: number == 1 ? 3 : 6)
            clock.advance(by: .milliseconds(2250))
            await gate.open()
            _ = await outbound.events.wait(for: 2 * number)
            for event in outbound.events.elements.suffix(2) { for line in returned(event) { source.send(line) } }
            _ = await live.deliveries.wait(for: number == 1 ? 4 : 7)
            clock.advance(by: .milliseconds(1250))
        }
        source.end()
        let report = try await running.value
        await router.stop()
        return report
    }

    @Test("A recorded call becomes ready and done as in the live session, and is not run")
    func liveCalls_replayAlike() async throws {
        let path = scratch.path + "/r.jsonl"
        let live = MemoryHandler()
        let report = try await recordLiveCalls(to: path, live)
        let (replayed, calls) = (MemoryHandler(), Answering())
        let outbound = MemoryOutbound()
        let router = Router(try calling(calls, replayed), clock: ManualClock())
        try await router.start()
        let again = try await router.run(try RecordedSession(path: path), outbound: outbound)
        await router.stop()
        #expect(
            live.types == [
                "router.session.started", "router.function_call.ready", "router.response.done",
                "router.function_call.done", "router.function_call.ready", "router.response.done",
                "router.function_call.done", "router.session.ended",
            ])
        #expect(Self.replayable(live) == Self.replayable(replayed))
        let ended = try #require(live.deliveries.elements.last).event.decode(SessionEnded.self)
        #expect(ended.durationMs == 3500)
        let outcomes = try [live, replayed].map { heard in
            try heard.deliveries.elements.filter { $0.event.type == .routerFunctionCallDone }.map {
                try $0.event.decode(FunctionCallOutcome.self).state
            }
        }
        #expect(outcomes == [[.completed, .completed], [.replayed, .replayed]])
        #expect(calls.taken.elements.isEmpty && outbound.events.elements.isEmpty)
        #expect(again.routes.map { "\($0)" } == report.routes.map { "\($0)" })
        #expect(again.clientEvents == report.clientEvents)
    }

    @Test(
        "The router's events that the agent passes back are recorded once, and do not advance time",
        arguments: ["as they are", "in envelopes"])
    func returnedEvents_areRecordedOnce(_ way: String) async throws {
        let path = scratch.path + "/r.jsonl"
        let live = MemoryHandler()
        let report = try await recordLiveCalls(to: path, live) { event in
            way == "as they are"
                ? [event.json.description] : [#"{"direction": "client", "event": \#(event.json)}"#]
        }
        let sent = scratch.lines("r.jsonl").filter { $0.contains(#""sender":"router""#) }
        #expect(sent.count == 4)
        #expect(scratch.lines("r.jsonl").count { $0.contains(#""direction":"client""#) } == 4)
        #expect(report.events == 7 && report.clientEvents == 0)
        let replayed = MemoryHandler()
        let router = Router(try calling(Answering(), replayed), clock: ManualClock())
        try await router.start()
        _ = try await router.run(try RecordedSession(path: path))
        await router.stop()
        #expect(Self.replayable(live) == Self.replayable(replayed))
    }

    @Test("A recording of a recording still marks the router's messages")
    func recordingOfARecording_replaysAlike() async throws {
        let (path, copy) = (scratch.path + "/r.jsonl", scratch.path + "/copy.jsonl")
        _ = try await recordLiveCalls(to: path, MemoryHandler())
        let file = try RecordingFile(path: copy, session: "call", router: "1.0")
        let router = Router(try calling(Answering(), MemoryHandler()), clock: ManualClock())
        try await router.start()
        _ = try await router.run(try RecordedSession(path: path), record: { _ in file })
        await router.stop()
        // Except the last line, because a recording's end has no time.
        #expect(scratch.lines("copy.jsonl").dropLast() == scratch.lines("r.jsonl").dropLast())
    }

    @Test("Silence at the end of a live session is silence in its recording too")
    func silenceAtTheEnd_isReplayed() async throws {
        let clock = ManualClock()
        let live = MemoryHandler(interests: [.routerTurnStalled, .routerSessionEnded])
        let path = scratch.path + "/r.jsonl"
        let file = try RecordingFile(path: path, session: "s")
        func table(_ heard: MemoryHandler) throws -> RouteTable {
            try RouteTable(handlers: [HandlerBinding("heard", heard)], routes: [Route("all", to: ["heard"])])
        }
        let source = ScriptedSource(key: "s", isInteractive: true)
        let router = Router(try table(live), clock: clock)
        try await router.start()
        let running = Task { try await router.run(source, record: { _ in file }) }
        source.send(Wire.event("input_audio_buffer.speech_started", #""item_id": "u1""#))
        source.send(Wire.event("input_audio_buffer.speech_stopped", #""item_id": "u1""#))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(15))
        _ = await live.deliveries.wait(for: 1)
        let stopping = Task { await router.shutDown(within: .seconds(1)) }
        _ = try await running.value
        await stopping.value
        await router.stop()
        file.close()
        let replayed = MemoryHandler(interests: live.interests)
        let second = Router(try table(replayed), clock: ManualClock())
        try await second.start()
        _ = try await second.run(try RecordedSession(path: path))
        await second.stop()
        #expect(live.types == ["router.turn.stalled", "router.session.ended"])
        #expect(Self.derived(live) == Self.derived(replayed))
        let ended = try #require(replayed.deliveries.elements.last)
        #expect(try ended.event.decode(SessionEnded.self).reason == .interrupted)
    }

    @Test("Timeouts between the events of a live session fire at the same times in its recording")
    func silenceInBetween_isReplayed() async throws {
        let clock = ManualClock()
        let (live, replayed) = (MemoryHandler(), MemoryHandler())
        let path = scratch.path + "/r.jsonl"
        let file = try RecordingFile(path: path, session: "s")
        let source = ScriptedSource(key: "s", isInteractive: true)
        let router = Router(try Self.everyDerived(live), clock: clock)
        try await router.start()
        let running = Task { try await router.run(source, record: { _ in file }) }
        source.send(Wire.event("session.created", #""session": {"id": "s1"}"#))
        source.send(Wire.event("input_audio_buffer.speech_started", #""item_id": "u1""#))
        source.send(Wire.event("input_audio_buffer.speech_stopped", #""item_id": "u1""#))
        _ = await live.deliveries.wait(for: 1)
        await clock.waitForSleepers()
        // The clock is not read in between, so the timeout fires late.
        clock.advance(by: .milliseconds(12_345))
        _ = await live.deliveries.wait(for: 2)
        for line in Wire.calling(["c1"], in: "r1") { source.send(line) }
        source.end()
        _ = try await running.value
        await router.stop()
        let second = Router(try Self.everyDerived(replayed), clock: ManualClock())
        try await second.start()
        _ = try await second.run(try RecordedSession(path: path))
        await second.stop()
        #expect(
            live.types == [
                "router.session.started", "router.turn.stalled", "router.function_call.ready", "router.response.done",
                "router.session.ended",
            ])
        #expect(try live.deliveries.elements[1].event.decode(TurnStalled.self).waitedMs == 10000)
        #expect(Self.derived(live) == Self.derived(replayed))
    }

    @Test("An object with an event and no direction is an envelope of the server")
    func envelope_isTheServersByDefault() async throws {
        let heard = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("heard", heard)],
            routes: [Route("pings", match: try pattern(#"{"type": ["ping"]}"#), to: ["heard"])])
        let report = try await run(
            [
                #"{"at": 2, "event": {"type": "ping"}}"#, #"{"event": {"type": "ping"}, "direction": "client"}"#,
                #"{"event": 5}"#, #"{"type": "x", "event": {"type": "ping"}}"#,
                #"{"session": "s", "renewed": true}"#,
            ], table)
        #expect(heard.positions == ["1"])
        #expect(heard.deliveries.elements[0].event.at == 2)
        #expect(report.events == 3)
    }
}
