import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Several sources that run at the same time.
@Suite(.timeLimit(.minutes(2))) struct SourceGroupTests {
    private static let ping = #"{"type": "ping"}"#

    private func router(_ handlers: [(String, any EventHandler)], clock: any RouterClock = ManualClock()) throws
        -> Router
    {
        Router(
            try RouteTable(
                handlers: handlers.map { HandlerBinding($0, $1) }, routes: handlers.map { Route($0.0, to: [$0.0]) }),
            clock: clock)
    }

    @Test(
        "A source that fails does not stop others; its error has the source's name, and variables are hidden")
    func failure_stopsNoOther() async throws {
        let router = try router([("seen", MemoryHandler(interests: [EventType("ping")]))])
        try await router.start()
        let (failing, other) = (ScriptedSource(key: "first"), ScriptedSource(key: "second"))
        let group = SourceGroup([
            SourceBinding("broken", failing, hide: { $0.replacing("secret", with: "${KEY}") }),
            SourceBinding("absent", Failing(error: RecordedFailure(description: "not there"))),
            SourceBinding("good", other),
        ])
        let running = Task { try await router.run(group) }
        failing.send(Self.ping)
        failing.end(throwing: RecordedFailure(description: "secret lost"))
        other.send(Self.ping)
        other.send(Self.ping)
        other.end()
        let report = try await running.value
        await router.stop()
        #expect(
            Set(report.failures.map { "\($0)" }) == ["source `broken`: ${KEY} lost", "source `absent`: not there"])
        #expect(Set(report.parts.map { "\($0.session ?? "") \($0.events)" }) == ["first 1", "second 2"])
        #expect(report.parts.first { $0.session == "first" }?.failures.count == 1)
        #expect(group.progress == RunProgress(ended: 2, events: 3))
    }

    @Test("Labels of the run override those of a source, and these override the session's own")
    func labels_byWhoSaysThem() async throws {
        let started = MemoryHandler(interests: [.routerSessionStarted])
        let router = try router([("started", started)])
        try await router.start()
        let source = LabelledSource(labels: [SessionLabel("a", "1"), SessionLabel("b", "1"), SessionLabel("c", "1")])
        let binding = SourceBinding("s", source, labels: [SessionLabel("b", "2"), SessionLabel("c", "2")])
        _ = try await router.run(SourceGroup([binding]), labels: [SessionLabel("c", "3")])
        await router.stop()
        let labels = try #require(started.deliveries.elements.first).session.labels
        #expect(labels.map { "\($0.name)=\($0.value)" } == ["a=1", "b=2", "c=3"])
    }

    @Test("A live session without events ends as idle after its source's limit")
    func idleSession_ends() async throws {
        let clock = ManualClock()
        let ended = MemoryHandler(interests: [.routerSessionEnded])
        let seen = MemoryHandler(interests: [EventType("ping")])
        let router = try router([("ended", ended), ("seen", seen)], clock: clock)
        try await router.start()
        let pipe = ScriptedSource(key: "pipe", isInteractive: true)
        let running = Task {
            try await router.run(SourceGroup([SourceBinding("pipe", pipe, idleLimit: .seconds(300))]))
        }
        pipe.send(#"{"session": "a", "session_id": "sess_a", "labels": {"tenant": "acme"}, "event": \#(Self.ping)}"#)
        pipe.send(#"{"session": "b", "event": \#(Self.ping)}"#)
        _ = await seen.deliveries.wait(for: 2)
        pipe.send(#"{"session": "b", "end": true}"#)
        let first = try #require(await ended.deliveries.wait(for: 1).first)
        #expect(first.session.key == "b")
        #expect(try first.event.decode(SessionEnded.self).reason == .endOfSource)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(300))
        let second = try #require(await ended.deliveries.wait(for: 2).last)
        #expect(second.session.key == "a" && second.session.sessionID == "sess_a")
        #expect(second.session.labels == [SessionLabel("tenant", "acme")])
        #expect(try second.event.decode(SessionEnded.self).reason == .idle)
        pipe.end()
        #expect(try await running.value.events == 2)
        await router.stop()
    }

    @Test("Sent events of several sources name their session; those of a single source do not", arguments: [1, 2])
    func sentEvents_nameTheSession(_ count: Int) async throws {
        let sink = NamingSink()
        let router = try router([("calls", Answering())])
        try await router.start()
        let sources = (1...count).map { ScriptedSource(Wire.calling(["c\($0)"], in: "r"), key: "s\($0)") }
        _ = try await router.run(SourceGroup(sources), outbound: sink)
        await router.stop()
        let expected = [
            ["output c1: ok", "create"], ["s1 output c1: ok", "s1 create", "s2 output c2: ok", "s2 create"],
        ]
        #expect(Set(sink.sent.elements) == Set(expected[count - 1]))
    }

    @Test("A cancelled run cancels the parts of its sources")
    func cancelledRun_endsTheParts() async throws {
        let gate = Gate()
        let router = try router([("seen", ClosureHandler(interests: [EventType("ping")]) { try await gate.handle($0) })]
        )
        try await router.start()
        let source = ScriptedSource(key: "endless", isInteractive: true)
        let running = Task { try await router.run(SourceGroup([source])) }
        source.send(Self.ping)
        _ = await gate.begun.wait(for: 1)
        running.cancel()
        await gate.open()
        #expect(try await running.value.events == 1)
        await router.stop()
    }
}

private struct RecordedFailure: Error, CustomStringConvertible {
    let description: String
}

/// Fails before it opens a session.
private struct Failing: SessionSource {
    let error: any Error
    let name = "failing"
    let isLive = false

    func run(_ context: SourceContext) async throws { throw error }
}

/// One session with its own labels.
private struct LabelledSource: SessionSource {
    let labels: [SessionLabel]
    let name = "labelled"
    let isLive = false

    func run(_ context: SourceContext) async throws {
        let session = try context.open(SessionDescription(key: "s", source: name, labels: labels))
        session.receive(#"{"type": "ping"}"#, from: .server)
    }
}

/// Collects sent events, after the session's key if there is one.
private struct NamingSink: OutboundSink {
    let sent = Collected<String>()

    func send(_ event: ClientEvent) async throws { sent.append(event.gist) }
    func send(_ event: ClientEvent, session: String) async throws { sent.append("\(session) \(event.gist)") }
}
