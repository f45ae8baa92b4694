import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting
import ScratchFolders
import SeededNumbers
import Synchronization
import Testing

@testable import RealtimeConnection

/// What a test changes of the options.
struct Change: Sendable {
    let apply: @Sendable (inout ConnectOptions) -> Void

    init(_ apply: @escaping @Sendable (inout ConnectOptions) -> Void) { self.apply = apply }
}

/// Sessions of our own and sidebands, over real sockets, against a server of the test's.
@Suite(.timeLimit(.minutes(1)))
struct ConnectSourceTests {
    /// Options for a server, with waits that cost a test nothing.
    private func options(
        _ peer: RealtimePeer, key: String? = "sk-test", _ change: (inout ConnectOptions) -> Void = { _ in }
    ) -> ConnectOptions {
        var options = ConnectOptions { key }
        options.url = peer.url
        options.model = "m"
        options.variable = { _ in nil }
        options.reconnect.initialDelay = .milliseconds(2)
        options.reconnect.maximumDelay = .milliseconds(4)
        change(&options)
        return options
    }

    private func run(
        _ options: ConnectOptions, _ routes: [(name: String, handler: any EventHandler)] = [],
        clock: any RouterClock = .system
    ) async throws -> RunReport {
        let table = try RouteTable(
            handlers: routes.map { HandlerBinding($0.name, $0.handler) },
            routes: routes.map { Route($0.name, to: [$0.name]) })
        let router = Router(table, clock: clock)
        try await router.start()
        do {
            let report = try await router.run(ConnectSource(options))
            await router.stop()
            return report
        } catch {
            await router.stop()
            throw error
        }
    }

    @Test("A session is dialled with model and key, routed, answered, and ends with the server's close")
    func ownSession() async throws {
        let outputs = Collected<String>()
        let peer = try await RealtimePeer { _, connection in
            await connection.send(Wire.created())
            for event in Wire.call("c1") { await connection.send(event) }
            let create = await connection.event("conversation.item.create")
            outputs.append(create?["item"]?["output"]?.string ?? "")
            _ = await connection.event("response.create")
            await connection.send(Wire.text("done"))
            connection.close()
        }
        let all = MemoryHandler(interests: [.sessionCreated, .responseOutputTextDelta, .routerSessionEnded])
        let report = try await run(
            options(peer), [("all", all), ("calls", Answers())])
        #expect(outputs.elements == ["answer to c1"])
        #expect(
            all.deliveries.elements.map(\.event.type) == [
                .sessionCreated, .responseOutputTextDelta, .routerSessionEnded,
            ])
        #expect(report.failure == nil && report.sent == 2 && report.events == 5)
        let request = try #require(peer.requests.first)
        #expect(request.target == "/v1/realtime?model=m")
        #expect(request.header("authorization") == "Bearer sk-test")
        await peer.stop()
    }

    @Test(
        "The address and the fields are those of the server's kind",
        arguments: [
            (Change { $0.model = nil }, "wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1", "authorization"),
            (
                Change { $0.intent = .transcription }, "wss://api.openai.com/v1/realtime?intent=transcription",
                "authorization"
            ),
            (
                Change { $0.intent = .translation }, "wss://api.openai.com/v1/realtime/translations?model=gpt-x",
                "authorization"
            ),
            (Change { $0.callID = "rtc_1" }, "wss://api.openai.com/v1/realtime?call_id=rtc_1", "authorization"),
            (
                Change { $0.url = WebSocketURL("wss://me.openai.azure.com/openai/v1/realtime?deployment=d")! },
                "wss://me.openai.azure.com/openai/v1/realtime?deployment=d", "api-key"
            ),
            (
                Change { $0.url = WebSocketURL("ws://localhost:1/x?model=y")! }, "ws://localhost:1/x?model=y",
                "authorization"
            ),
        ] as [(Change, String, String)])
    func addresses(change: Change, address: String, field: String) {
        var options = ConnectOptions { nil }
        options.model = "gpt-x"
        change.apply(&options)
        #expect(options.address.description == address)
        #expect(options.credentials("k").map(\.name) == [field])
        #expect(options.credentials(nil).isEmpty)
    }

    @Test(
        "A field of the user's own that shows a key is not replaced by the key",
        arguments: ["Authorization", "API-Key"])
    func ownCredentials(field: String) async throws {
        let peer = try await RealtimePeer { _, connection in connection.close() }
        _ = try await run(options(peer) { $0.headers = [(field, "Bearer own")] })
        let shown = peer.requests.flatMap(\.headers).filter {
            ["authorization", "api-key"].contains($0.name.lowercased())
        }
        #expect(shown.map(\.value) == ["Bearer own"])
        await peer.stop()
    }

    @Test("A lost connection is made again, and the session goes on")
    func reconnect() async throws {
        let peer = try await RealtimePeer { number, connection in
            await connection.send(Wire.created("sess_\(number)"))
            await connection.send(Wire.text("\(number)"))
            if number < 3 { connection.close(number == 1 ? 1011 : 1012) } else { connection.close() }
        }
        let all = MemoryHandler(interests: [
            .responseOutputTextDelta, .routerConnectionLost, .routerConnectionRestored, .routerSessionStarted,
        ])
        let report = try await run(options(peer), [("all", all)])
        let types = all.deliveries.elements.map(\.event.type)
        #expect(
            types == [
                .routerSessionStarted, .responseOutputTextDelta, .routerConnectionLost, .routerConnectionRestored,
                .responseOutputTextDelta, .routerConnectionLost, .routerConnectionRestored, .responseOutputTextDelta,
            ])
        #expect(report.failure == nil && report.sessions == 1)
        await peer.stop()
    }

    @Test("A server that cannot be reached again ends the session with an error that says why")
    func reconnect_givesUp() async throws {
        let peer = try await RealtimePeer { number, _ in
            number == 1 ? nil : .refuse(status: 503, "busy")
        } serve: { _, connection in
            await connection.send(Wire.created())
            connection.close(1011, "oops")
        }
        let report = try await run(options(peer) { $0.reconnect.attempts = 3 })
        #expect(
            report.failure.map { "\($0)" }
                == "\(peer.url): gave up after 3 attempts to connect one after the other: the server answered 503: busy"
        )
        #expect(peer.requests.count == 4)
        await peer.stop()
    }

    @Test("The server's words stand in the error when the key, the quota or the model is refused")
    func fatalErrors() async throws {
        let peer = try await RealtimePeer { _, connection in
            await connection.send(Wire.error("insufficient_quota", "You exceeded your current quota"))
            connection.close(1000)
        }
        let report = try await run(options(peer))
        #expect(
            report.failure.map { "\($0)" }
                == "\(peer.url): the server refuses the session: You exceeded your current quota (insufficient_quota)")
        #expect(peer.requests.count == 1)
        await peer.stop()

        let refusing = try await RealtimePeer { _, _ in
            .refuse(
                status: 401, headers: [("x-request-id", "req_9")],
                body: Array(#"{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}"#.utf8))
        } serve: { _, _ in
        }
        await #expect(throws: (any Error).self) { try await run(options(refusing)) }
        do {
            _ = try await run(options(refusing))
        } catch {
            #expect(
                "\(error)"
                    == "\(refusing.url): the server answered 401: Incorrect API key provided (invalid_api_key, request req_9)"
            )
        }
        await refusing.stop()
    }

    @Test("A key does not cross a network in the clear, and a server that gives it back is not quoted with it")
    func keyStaysSecret() async throws {
        var remote = ConnectOptions { "sk-test" }
        remote.url = try #require(WebSocketURL("ws://192.0.2.1/v1/realtime"))
        remote.variable = { _ in nil }
        let words = """
            ws://192.0.2.1/v1/realtime: the key would cross the network in the clear
               help: use `wss://`, or allow it with `authorization: bearer` in a source of routes.yml, or `none` to send no key
            """
        do {
            _ = try await run(remote)
            Issue.record("it connected")
        } catch {
            #expect("\(error)" == words)
        }
        let peer = try await RealtimePeer { _, _ in
            .refuse(status: 401, "who is sk-test?")
        } serve: { _, _ in
        }
        do {
            _ = try await run(options(peer))
            Issue.record("it connected")
        } catch {
            #expect("\(error)" == "\(peer.url): the server answered 401: who is ***?")
        }
        await peer.stop()
    }

    @Test("A key that the server quotes in an event is in no recording")
    func quotedKey_isNotRecorded() async throws {
        let peer = try await RealtimePeer { _, connection in
            await connection.send(Wire.created())
            await connection.send(Wire.error("odd", "what is sk-secret-key?"))
            connection.close()
        }
        let folder = try ScratchFolder()
        let router = Router(try RouteTable(handlers: [], routes: []))
        try await router.start()
        let path = folder.path + "/call.jsonl"
        _ = try await router.run(ConnectSource(options(peer, key: "sk-secret-key"))) { key in
            try RecordingFile(path: path, session: key)
        }
        await router.stop()
        await peer.stop()
        let text = try folder.read("call.jsonl")
        #expect(text.contains("what is ${OPENAI_API_KEY}?") && !text.contains("sk-secret-key"))
    }

    @Test("A server that drops each connection right after our configuration ends the session")
    func droppedConfiguration_endsTheSession() async throws {
        let peer = try await RealtimePeer { _, connection in
            await connection.send(Wire.created())
            _ = await connection.event("session.update")
            connection.drop()
        }
        var settings = RouterOptions()
        settings.session = SessionSettings(["instructions": "be odd"])
        let router = Router(try RouteTable(handlers: [], routes: []), options: settings)
        try await router.start()
        let url = peer.url
        let report = try await router.run(ConnectSource(options(peer)))
        await router.stop()
        await peer.stop()
        #expect(peer.requests.count == 3)
        #expect(
            report.failure.map { "\($0)" }
                == """
                \(url): the server dropped the connection 3 times in a row right after our `session.update`; the last time the connection was lost without a close frame: the peer closed the connection
                   help: the server seems to reject the configuration: check `session` in routes.yml, and the announced functions
                """)
    }

    @Test("A key that cannot be had ends the source without a connection")
    func missingKey() async throws {
        let peer = try await RealtimePeer { _, _ in }
        var options = options(peer)
        options.key = { throw KeyFailure("`vault` exited with status 2: sealed") }
        do {
            _ = try await run(options)
            Issue.record("it connected")
        } catch {
            #expect("\(error)" == "\(peer.url): there is no key: `vault` exited with status 2: sealed")
        }
        #expect(peer.requests.isEmpty)
        await peer.stop()
    }

    @Test("A sideband waits for its call, attaches again after a close, and ends when the call was hung up")
    func sideband() async throws {
        let clock = ManualClock()
        let peer = try await RealtimePeer { number, _ in
            number == 1 || number == 4 ? .refuse(status: 404, "no such call") : nil
        } serve: { number, connection in
            await connection.send(Wire.text("\(number)"))
            connection.close()
        }
        let all = MemoryHandler(interests: [.responseOutputTextDelta, .routerSessionEnded])
        let options = options(peer) { $0.callID = "rtc_1" }
        async let running = run(options, [("all", all)], clock: clock)
        while peer.requests.count < 4 {
            clock.advance(by: .milliseconds(500))
            await Task.yield()
        }
        let report = try await running
        #expect(report.failure == nil && report.session == "rtc_1")
        #expect(peer.requests.map(\.target) == Array(repeating: "/v1/realtime?call_id=rtc_1", count: 4))
        #expect(
            all.deliveries.elements.map(\.event.type) == [
                .responseOutputTextDelta, .responseOutputTextDelta, .routerSessionEnded,
            ])
        let ended = try all.deliveries.elements.last?.event.decode(SessionEnded.self)
        #expect(ended?.reason == .hungUp)
        await peer.stop()
    }

    @Test("A silent sideband looks whether its call is still there")
    func sideband_silence() async throws {
        let peer = try await RealtimePeer { number, _ in
            number == 1 ? nil : .refuse(status: 404, "no such call")
        } serve: { _, connection in
            await connection.send(Wire.text("1"))
            _ = await connection.event()
        }
        let report = try await run(
            options(peer) { options in
                options.callID = "rtc_1"
                options.silence = .milliseconds(50)
            })
        #expect(report.failure == nil && peer.requests.count == 2)
        await peer.stop()
    }

    @Test("Shutting down answers running calls, then closes the connection")
    func shutdown() async throws {
        let gate = CallGate()
        let sawClose = Collected<String>()
        let peer = try await RealtimePeer { _, connection in
            await connection.send(Wire.created())
            for event in Wire.call("c1") { await connection.send(event) }
            let output = await connection.event("conversation.item.create")
            sawClose.append(output?["item"]?["output"]?.string ?? "none")
            while await connection.event() != nil {}
            sawClose.append("closed")
        }
        let table = try RouteTable(
            handlers: [HandlerBinding("calls", gate)], routes: [Route("calls", to: ["calls"])])
        let router = Router(table)
        try await router.start()
        let options = options(peer)
        let running = Task { try await router.run(ConnectSource(options)) }
        await gate.waitForCall()
        let down = Task { await router.shutDown(within: .seconds(30)) }
        await gate.open()
        await down.value
        let report = try await running.value
        #expect(report.wasInterrupted && report.failure == nil)
        #expect(await sawClose.wait(for: 2) == ["answer to c1", "closed"])
        await router.stop()
        await peer.stop()
    }

    @Test(
        "Of a server that drops the connection at random moments no word is lost that arrived, and every call is answered at most once"
    )
    func randomDrops() async throws {
        let drops = 100
        let sent = Collected<String>()
        let answered = Collected<String>()
        let peer = try await RealtimePeer { number, connection in
            var numbers = SplitMix(seed: UInt64(number))
            await connection.send(Wire.created("sess_\(number)"))
            let answers = Task {
                while let event = await connection.event("conversation.item.create") {
                    answered.append(event["item"]?["call_id"]?.string ?? "")
                }
            }
            let steps = number > drops ? 30 : numbers.below(30)
            for step in 0..<steps {
                if numbers.below(6) == 0 {
                    for event in Wire.call("c\(number)_\(step)") { await connection.send(event) }
                } else {
                    sent.append("\(number)_\(step)")
                    await connection.send(Wire.text("\(number)_\(step)"))
                }
                if numbers.below(4) == 0 { await Task.yield() }
            }
            if number > drops { connection.close() } else { connection.drop() }
            await answers.value
        }
        let words = MemoryHandler(interests: [.responseOutputTextDelta])
        let calls = MemoryHandler(interests: [.routerFunctionCallDone])
        let report = try await run(
            options(peer) { $0.reconnect.maximumConsecutiveAttempts = drops },
            [("words", words), ("calls", Answers()), ("done", calls)])
        #expect(report.failure == nil && report.sessions == 1)
        #expect(peer.requests.count == drops + 1)
        // What was on its way when the connection was reset never arrived: of each connection a beginning did, in order.
        let arrived = words.deliveries.elements.compactMap { try? $0.event.decode(OutputDelta.self).delta }
        let order = arrived.map { Int($0.prefix { $0 != "_" }) ?? 0 }
        for number in 1...(drops + 1) {
            let mine = arrived.filter { $0.hasPrefix("\(number)_") }
            let all = sent.elements.filter { $0.hasPrefix("\(number)_") }
            #expect(mine == Array(all.prefix(mine.count)))
            if number > drops { #expect(mine == all) }
        }
        #expect(order == order.sorted())
        #expect(Set(answered.elements).count == answered.elements.count)
        await peer.stop()
    }
}

/// Answers each call.
private struct Answers: FunctionCallHandling {
    let interests: [EventType] = [.routerFunctionCallReady]

    func handle(_ delivery: EventDelivery) async throws { try delivery.answer() }
}

/// Answers calls when the test lets it.
private actor CallGate: FunctionCallHandling {
    nonisolated let interests: [EventType] = [.routerFunctionCallReady]
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private let begun = Collected<Int>()

    func handle(_ delivery: EventDelivery) async throws {
        begun.append(1)
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
        try delivery.answer()
    }

    func waitForCall() async { _ = await begun.wait(for: 1) }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

extension EventDelivery {
    /// Answers the call of a `router.function_call.ready`.
    fileprivate func answer() throws {
        let callID = try event.decode(FunctionCall.self).callID ?? ""
        session.complete(FunctionCallOutcome(callID: callID, state: .completed, output: "answer to \(callID)"))
    }
}
