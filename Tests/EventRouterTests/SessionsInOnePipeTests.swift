import EventRouter
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// Several sessions in one source: envelopes that name their session, and control lines.
@Suite(.timeLimit(.minutes(2))) struct SessionsInOnePipeTests {
    private static func line(_ session: String, _ event: String, _ more: String = "") -> String {
        #"{"session": "\#(session)", \#(more)"direction": "server", "event": \#(event)}"#
    }

    private static func created(_ id: String) -> String {
        #"{"type": "session.created", "session": {"id": "\#(id)"}}"#
    }

    private static func calling(_ session: String, _ call: String) -> [String] {
        Wire.calling([call], in: "r").map { line(session, $0) }
    }

    private func router(_ handlers: [(String, any EventHandler)], clock: any RouterClock = ManualClock()) throws
        -> Router
    {
        Router(
            try RouteTable(
                handlers: handlers.map { HandlerBinding($0, $1) }, routes: handlers.map { Route($0.0, to: [$0.0]) }),
            clock: clock)
    }

    @Test("Each session of a file has its own events, labels, ids and report")
    func sessionsOfAFile() async throws {
        let started = MemoryHandler(interests: [.routerSessionStarted])
        let ended = MemoryHandler(interests: [.routerSessionEnded])
        let router = try router([("started", started), ("ended", ended)])
        try await router.start()
        let lines = [
            Self.line("a", Self.created("sess_a"), #""session_id": "sess_a", "labels": {"tenant": "acme"}, "#),
            Self.line("b", #"{"type": "ping"}"#, #""session_id": "sess_b", "#),
            #"{"type": "ping"}"#, Self.line("a", #"{"type": "ping"}"#), #"{"session": "a", "end": true}"#,
            Self.line("b", #"{"type": "ping"}"#),
        ]
        let report = try await router.run(ScriptedSource(lines, key: "file"), labels: [SessionLabel("night", "1")])
        await router.stop()
        #expect(report.events == 5 && report.sessions == 3 && report.undecodable == 0)
        let parts = report.parts.map { "\($0.session ?? "") \($0.events)" }
        #expect(Set(parts) == ["a 2", "b 2", "file 1"])
        let first = try #require(started.deliveries.elements.first { $0.session.key == "a" })
        #expect(Set(first.session.labels.map { "\($0.name)=\($0.value)" }) == ["tenant=acme", "night=1"])
        #expect(first.session.sessionID == "sess_a")
        #expect(started.deliveries.elements.first { $0.session.key == "b" }?.session.sessionID == "sess_b")
        #expect(Set(ended.deliveries.elements.map(\.session.key)) == ["a", "b", "file"])
    }

    @Test("A session whose name occurs again after its end is another one")
    func endedSession_comesAgain() async throws {
        let started = MemoryHandler(interests: [.routerSessionStarted])
        let router = try router([("started", started)])
        try await router.start()
        let source = ScriptedSource(key: "pipe")
        let running = Task { try await router.run(source) }
        source.send(Self.line("a", Self.created("s1")))
        _ = await started.deliveries.wait(for: 1)
        source.send(#"{"session": "a", "end": true}"#)
        source.send(Self.line("a", Self.created("s2")))
        _ = await started.deliveries.wait(for: 2)
        source.end()
        let report = try await running.value
        await router.stop()
        #expect(report.sessions == 2)
        #expect(started.deliveries.elements.map { $0.session.sessionID } == ["s1", "s2"])
    }

    @Test("A session of a live pipe that is silent for too long ends as idle, and the others continue")
    func idleSession_endsAlone() async throws {
        let clock = ManualClock()
        let ended = MemoryHandler(interests: [.routerSessionEnded])
        let seen = MemoryHandler(interests: [.sessionCreated, EventType("ping")])
        let router = try router([("ended", ended), ("seen", seen)], clock: clock)
        try await router.start()
        let source = IdlePipe(limit: .seconds(300))
        let running = Task { try await router.run(source) }
        source.lines.send(Self.line("a", Self.created("s1")))
        source.lines.send(Self.line("b", Self.created("s2")))
        _ = await seen.deliveries.wait(for: 2)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(299))
        source.lines.send(Self.line("b", #"{"type": "ping"}"#))
        _ = await seen.deliveries.wait(for: 3)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        let delivery = try #require(await ended.deliveries.wait(for: 1).first)
        #expect(delivery.session.key == "a")
        #expect(try delivery.event.decode(SessionEnded.self).reason == .idle)
        // Later lines begin the session again.
        source.lines.send(Self.line("a", #"{"type": "ping"}"#))
        source.lines.end()
        let report = try await running.value
        await router.stop()
        #expect(report.events == 4 && report.sessions == 3)
    }

    @Test("Sent events name the session, and can be read again as client events")
    func sentEvents_nameTheSession() async throws {
        let sink = SessionSink()
        let router = try router([("calls", Answering())])
        try await router.start()
        let lines = Self.calling("a", "c1") + Self.calling("b", "c1") + Wire.calling(["c1"], in: "r")
        _ = try await router.run(ScriptedSource(lines, key: "own"), outbound: sink)
        await router.stop()
        let sent = sink.sent.elements
        #expect(sent.filter { $0.hasPrefix("a ") } == ["a output c1: ok", "a create"])
        #expect(sent.filter { $0.hasPrefix("b ") } == ["b output c1: ok", "b create"])
        #expect(sent.filter { $0.hasPrefix("- ") } == ["- output c1: ok", "- create"])
    }

    @Test("Recorded outputs are found by session")
    func recordedAnswers_areFoundBySession() async throws {
        let done = MemoryHandler(interests: [.routerFunctionCallDone])
        let calls = Answering()
        let router = try router([("calls", calls), ("done", done)])
        try await router.start()
        let output =
            #"{"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "c1", "output": "12"}}"#
        let lines =
            Self.calling("a", "c1") + [#"{"session": "a", "direction": "client", "event": \#(output)}"#]
            + Self.calling("b", "c1")
        _ = try await router.run(SessionLines(lines, key: "own", name: "lines"))
        await router.stop()
        #expect(calls.taken.elements == ["c1"])
        let states = try done.deliveries.elements.map {
            "\($0.session.key) \(try $0.event.decode(FunctionCallOutcome.self).state?.rawValue ?? "")"
        }
        #expect(Set(states) == ["a replayed", "b completed"])
    }

    @Test("A control line of a session that is not running does not affect the pipe's own session")
    func unknownSession_hasNoEffect() async throws {
        let started = MemoryHandler(interests: [.routerSessionStarted])
        let router = try router([("started", started)])
        try await router.start()
        let source = ScriptedSource(key: "own")
        let running = Task { try await router.run(source) }
        source.send(Self.created("s1"))
        source.send(#"{"session": "a", "end": true}"#)
        source.send(#"{"session": "a", "lost": true}"#)
        source.send(#"{"type": "ping"}"#)
        source.end()
        let report = try await running.value
        await router.stop()
        #expect(report.events == 2 && report.sessions == 1)
        #expect(started.deliveries.elements.map(\.session.key) == ["own"])
    }

    @Test("Sessions of one name get numbered keys, whenever the previous one ends; sent events have the name")
    func reopenedSessions_areNumbered() async throws {
        let started = MemoryHandler(interests: [.routerSessionStarted])
        let sink = SessionSink()
        let router = try router([("calls", Answering()), ("started", started)])
        try await router.start()
        let lines = (1...3).flatMap { _ in Self.calling("a", "c1") + [#"{"session": "a", "end": true}"#] }
        _ = try await router.run(ScriptedSource(lines, key: "own"), outbound: sink)
        await router.stop()
        #expect(started.deliveries.elements.map(\.session.key).sorted() == ["a", "a#2", "a#3"])
        #expect(sink.sent.elements.allSatisfy { $0.hasPrefix("a ") } && sink.sent.elements.count == 6)
    }

    @Test(
        "A key may be a number, anywhere in its line; the own session's first envelope sets its labels and id")
    func keysAndLabels_wherever() async throws {
        let started = MemoryHandler(interests: [.routerSessionStarted])
        let router = try router([("started", started)])
        try await router.start()
        let padding = String(repeating: "x", count: 2000)
        let lines = [
            #"{"direction": "server", "event": {"type": "ping", "pad": "\#(padding)"}, "session": 5, "pad": "\#(padding)"}"#,
            Self.line("own", #"{"type": "ping"}"#, #""session_id": "sess_1", "labels": {"tenant": "acme"}, "#),
        ]
        _ = try await router.run(ScriptedSource(lines, key: "own"))
        await router.stop()
        let sessions = started.deliveries.elements.map(\.session).sorted { $0.key < $1.key }
        #expect(sessions.map(\.key) == ["5", "own"])
        #expect(sessions.last?.sessionID == "sess_1")
        #expect(sessions.last?.labels == [SessionLabel("tenant", "acme")])
    }

    @Test("An envelope with an invalid direction becomes a dead letter; null means the server")
    func unknownDirection_isADeadLetter() async throws {
        let letters = MemoryDeadLetters()
        let seen = MemoryHandler(interests: [EventType("ping")])
        let table = try RouteTable(
            handlers: [HandlerBinding("seen", seen)], routes: [Route("seen", to: ["seen"])], deadLetters: letters)
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let lines = [#""sever""#, "7", "null", #""server""#, #""client""#].map {
            #"{"session": "a", "direction": \#($0), "event": {"type": "ping"}}"#
        }
        let report = try await router.run(ScriptedSource(lines, key: "own"))
        await router.stop()
        let error = "the `direction` is neither `server` nor `client`"
        #expect(
            letters.letters.elements.map { "\($0.line) \($0.session) \($0.error)" } == ["1 a \(error)", "2 a \(error)"])
        #expect(letters.letters.elements.map { String(decoding: $0.bytes, as: UTF8.self) } == Array(lines[..<2]))
        #expect(seen.positions == ["3", "4"])
        #expect(report.undecodable == 2 && report.events == 2 && report.clientEvents == 1)
    }

    @Test("A file of several recordings has one session and its outputs for each, also with equal keys")
    func severalRecordings_haveTheirSessions() async throws {
        let done = MemoryHandler(interests: [.routerFunctionCallDone])
        let started = MemoryHandler(interests: [.routerSessionStarted])
        let calls = Answering()
        let router = try router([("calls", calls), ("done", done), ("started", started)])
        try await router.start()
        let lines = ["one", "two", "three"].flatMap { output in
            let answer =
                #"{"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "c1", "output": "\#(output)"}}"#
            let key = output == "three" ? "b" : "a"
            return [
                #"{"recording": 1, "session": "\#(key)", "labels": {"number": "\#(output)"}, "router": "1.0"}"#,
                #"{"direction": "server", "event": \#(Self.created("sess_\(output)"))}"#,
            ] + Wire.calling(["c1"], in: "r").map { #"{"direction": "server", "event": \#($0)}"# } + [
                #"{"direction": "client", "sender": "router", "event": \#(answer)}"#,
                #"{"session": "\#(key)", "end": true, "reason": "end_of_source"}"#,
            ]
        }
        let report = try await router.run(SessionLines(lines, key: "a", name: "lines"))
        await router.stop()
        #expect(Set(report.parts.map { "\($0.session ?? "") \($0.events)" }) == ["a 4", "a#2 4", "b 4"])
        let sessions = started.deliveries.elements.map { "\($0.session.key) \($0.session.labels.map(\.value))" }
        #expect(Set(sessions) == [#"a ["one"]"#, #"a#2 ["two"]"#, #"b ["three"]"#])
        let outputs = try done.deliveries.elements.map {
            "\($0.session.key) \(try $0.event.decode(FunctionCallOutcome.self).output ?? "")"
        }
        #expect(Set(outputs) == ["a one", "a#2 two", "b three"] && outputs.count == 3)
        #expect(calls.taken.elements.isEmpty)
    }

    @Test("A repeated name gets another key, however many sessions a pipe has had")
    func manySessions_haveKeysOfTheirOwn() async throws {
        let started = MemoryHandler(interests: [.routerSessionStarted])
        let router = try router([("started", started)])
        try await router.start()
        let names = (0..<4200).map { "call-\($0)" } + ["call-0", "call-4199", "new", "call-0"]
        let lines = names.flatMap { [Self.line($0, #"{"type": "ping"}"#), #"{"session": "\#($0)", "end": true}"#] }
        _ = try await router.run(ScriptedSource(lines, key: "own"))
        await router.stop()
        let keys = Set(started.deliveries.elements.map(\.session.key))
        #expect(keys.count == names.count)
        #expect(keys.isSuperset(of: ["call-0", "call-0#2", "call-0#3", "call-4199#2", "new"]))
    }

    @Test(
        "A call without an output in a router's recording is not run again, unless requested",
        arguments: [false, true])
    func recordedByARouter_isNotRunAgain(isRerun: Bool) async throws {
        let calls = Answering()
        let router = Router(
            try RouteTable(handlers: [HandlerBinding("calls", calls)], routes: [Route("calls", to: ["calls"])]),
            options: RouterOptions(rerunsCalls: isRerun), clock: ManualClock())
        try await router.start()
        let header = #"{"recording": 1, "session": "s", "router": "1.0"}"#
        _ = try await router.run(SessionLines([header] + Wire.calling(["c1"], in: "r1"), key: "s", name: "lines"))
        await router.stop()
        #expect(calls.taken.elements == (isRerun ? ["c1"] : []))
    }
}

/// A live pipe whose sessions have an idle limit.
private struct IdlePipe: EventSource {
    let lines = ScriptedSource(key: "pipe")
    let limit: Duration

    init(limit: Duration) { self.limit = limit }

    var key: String { lines.key }
    var name: String { lines.name }
    var isInteractive: Bool { true }
    var idleLimit: Duration? { limit }
    func nextBatch() async throws -> EventBatch? { try await lines.nextBatch() }
}

/// Collects sent events, after the session's key if there is one.
private struct SessionSink: OutboundSink {
    let sent = Collected<String>()

    func send(_ event: ClientEvent) async throws { sent.append("- \(event.gist)") }
    func send(_ event: ClientEvent, session: String) async throws { sent.append("\(session) \(event.gist)") }
}
