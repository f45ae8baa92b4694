import EventRouter
import Logging
import RealtimeEvents
import RawPeers
import RouterTesting
import Synchronization
import Testing

@testable import RealtimeConnection

/// Ends that come while a session of our own has no connection, or no session.
@Suite(.timeLimit(.minutes(1)))
struct ReconnectingSessionTests {
    /// Holds back the answer to a handshake until the test lets it go.
    private actor Held {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func pass() async {
            if !isOpen { await withCheckedContinuation { waiting.append($0) } }
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    /// Runs another source, and keeps its figures.
    private struct Watched: SessionSource {
        let source: ConnectSource
        let figures = Collected<SourceMetrics>()
        var name: String { source.name }
        var isLive: Bool { true }

        func run(_ context: SourceContext) async throws {
            figures.append(context.figures)
            try await source.run(context)
        }
    }

    @Test("A session that ends while its connection is made again ends its source, once there is a connection")
    func sessionEnds_whileReconnecting() async throws {
        let held = Held()
        let requests = Collected<Int>()
        let server = WebSocketServer(
            port: 0, threads: threads, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { request in
            requests.append(requests.elements.count + 1)
            let number = requests.elements.count
            if number > 1 { await held.pass() }
            return .accept(
                subprotocol: nil,
                receiver: RealtimePeer.Connection(request) { connection in
                    await connection.send(Wire.created())
                    if number == 1 { connection.close(1011) }
                })
        }
        try await server.start()
        let clock = ManualClock()
        let port = try #require(server.listeningPort)
        var options = ConnectOptions { nil }
        options.url = try #require(WebSocketURL("ws://127.0.0.1:\(port)/"))
        options.variable = { _ in nil }
        let told = MemoryHandler(interests: [.routerConnectionLost, .routerSessionEnded])
        let router = Router(
            try RouteTable(handlers: [HandlerBinding("told", told)], routes: [Route("all", to: ["told"])]), clock: clock
        )
        try await router.start()
        let source = Watched(source: ConnectSource(options))
        let group = SourceGroup([SourceBinding("own", source, idleLimit: .seconds(300))])
        let running = Task { try await router.run(group) }
        _ = await told.deliveries.wait(for: 1)
        while requests.elements.count < 2 {
            clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        clock.advance(by: .seconds(300))
        let ended = try #require(await told.deliveries.wait(for: 2).last)
        #expect(try ended.event.decode(SessionEnded.self).reason == .idle)
        while group.progress.ended == 0 { await Task.yield() }
        await held.open()
        let report = try await running.value
        #expect(report.failures.isEmpty && report.events == 1)
        #expect(source.figures.elements.map { $0.counter("reconnects_total").value } == [1])
        await router.stop()
        await server.stop()
    }

    @Test("A session that has reached a limit of its source closes its connection at once")
    func limit_closesTheConnection() async throws {
        let ends = Collected<String>()
        let server = WebSocketServer(
            port: 0, threads: threads, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { request in
            .accept(
                subprotocol: nil,
                receiver: RealtimePeer.Connection(request) { connection in
                    await connection.send(Wire.created())
                    while await connection.event() != nil {}
                    ends.append("closed")
                })
        }
        try await server.start()
        let clock = ManualClock()
        var options = ConnectOptions { nil }
        let port = try #require(server.listeningPort)
        options.url = try #require(WebSocketURL("ws://127.0.0.1:\(port)/"))
        options.variable = { _ in nil }
        let told = MemoryHandler(interests: [.routerSessionStarted, .routerSessionEnded])
        let router = Router(
            try RouteTable(handlers: [HandlerBinding("told", told)], routes: [Route("all", to: ["told"])]), clock: clock
        )
        try await router.start()
        let limits = SessionLimits(maxDuration: .seconds(60))
        let group = SourceGroup([SourceBinding("own", ConnectSource(options), limits: limits)])
        let running = Task { try await router.run(group) }
        _ = await told.deliveries.wait(for: 1)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(60))
        let ended = try #require(await told.deliveries.wait(for: 2).last)
        #expect(try ended.event.decode(SessionEnded.self).reason == .maxDuration)
        #expect(try await running.value.failures.isEmpty)
        _ = await ends.wait(for: 1)
        await router.stop()
        await server.stop()
    }

    @Test("A connection for which no session began ends, whatever the server has sent")
    func abandonedConnection_ends() async throws {
        let server = try RawServer()
        let served = Task {
            try await blocking {
                let client = server.accept()
                client.send(client.accepted() + frame(Wire.created()) + frame(Wire.text("1")))
                while client.receive() != nil {}
            }
        }
        var limits = WebSocketLimits()
        limits.closeTimeout = .milliseconds(100)
        let line = ServerConnection(isSideband: false)
        let socket = try await WebSocketClient(threads: threads, limits: limits).connect(
            to: server.url, receiver: line)
        line.discardMessages()
        socket.close()
        await line.waitForEnd()
        #expect(line.endReason == "closed here with 1000")
        try await served.value
    }
}
