import ConfigSource
import EventRouter
import Foundation
import MetricsServer
import RealtimeMetrics
import RouterTesting
import Synchronization
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite struct MetricsServerTests {
    private func get(_ path: String, _ port: UInt16, method: String = "GET") async throws -> (HTTPURLResponse, String) {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
        request.httpMethod = method
        let (data, response) = try await URLSession.shared.data(for: request)
        return (try #require(response as? HTTPURLResponse), String(decoding: data, as: UTF8.self))
    }

    @Test func server_answersWhileTheRouterRuns() async throws {
        let server = MetricsServer(port: 0)
        let meter = MetricsHandler(exporters: [server], clock: ManualClock())
        let table = try RouteTable(handlers: [HandlerBinding("meter", meter)], routes: [Route("all", to: ["meter"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let port = try #require(server.listeningPort)
        _ = try await router.run(
            ScriptedSource([#"{"type": "response.done", "response": {"id": "r", "status": "failed"}}"#]))

        let (response, text) = try await get("/metrics", port)
        #expect(response.statusCode == 200)
        #expect(response.value(forHTTPHeaderField: "Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            text.contains("# TYPE realtime_responses_total counter\nrealtime_responses_total{status=\"failed\"} 1\n"))
        #expect(text.contains("\nrealtime_events_total{type=\"response.done\"} 1\n"))
        for (path, method, status) in [("/", "GET", 404), ("/metrics/x", "GET", 404), ("/metrics", "POST", 405)] {
            let (refusal, _) = try await get(path, port, method: method)
            #expect(refusal.statusCode == status, "\(method) \(path)")
        }
        await router.stop()
        let closed = server.listeningPort
        #expect(closed == nil)
        let afterwards = try? await get("/metrics", port)
        #expect(afterwards == nil)
    }

    @Test("A changed handler takes over the port, and returns it if the rules are not replaced after all")
    func replacedHandler_takesOverThePort() async throws {
        let first = MetricsServer(port: 0)
        try await first.start { "" }
        let port = try #require(first.listeningPort)
        await first.stop()
        func table(_ provider: String, _ others: [HandlerBinding] = []) throws -> RouteTable {
            let meter = MetricsHandler(
                exporters: [MetricsServer(port: port)], provider: provider, clock: ManualClock())
            return try RouteTable(
                handlers: [HandlerBinding("meter", meter)] + others,
                routes: [Route("all", to: ["meter"])] + others.map { Route($0.name, to: [$0.name]) })
        }
        let router = Router(try table("old"), clock: ManualClock())
        try await router.start()
        for number in 1...5 { try await router.replace(try table("new \(number)")) }
        #expect(try await get("/metrics", port).0.statusCode == 200)
        let refused = MetricsHandler(exporters: [RefusingExporter()])
        await #expect(throws: RouterFailure.self) {
            try await router.replace(try table("newest", [HandlerBinding("refused", refused)]))
        }
        #expect(try await get("/metrics", port).0.statusCode == 200)
        await router.stop()
        let afterwards = try? await get("/metrics", port)
        #expect(afterwards == nil)
    }

    @Test func takenPort_failsTheStart() async throws {
        let first = MetricsServer(port: 0)
        try await first.start { "" }
        let port = try #require(first.listeningPort)
        let meter = MetricsHandler(exporters: [MetricsServer(port: port)])
        let table = try RouteTable(handlers: [HandlerBinding("meter", meter)], routes: [Route("all", to: ["meter"])])
        var failure: (any Error)?
        do { try await Router(table).start() } catch { failure = error }
        #expect(
            failure.map { "\($0)" }
                == "handler `meter` did not start: cannot listen on 127.0.0.1:\(port): Address already in use")
        await first.stop()
    }

    @Test("Simultaneous scrapes get the same text, and a later one gets a new text")
    func scrapes_shareTheirText() async throws {
        let made = Mutex(0)
        let server = MetricsServer(port: 0)
        try await server.start {
            made.withLock {
                $0 += 1
                return "text \($0)\n"
            }
        }
        let port = try #require(server.listeningPort)
        let began = ContinuousClock.now
        for _ in 0..<100 { _ = try await get("/metrics", port) }
        let quarters = Int((ContinuousClock.now - began) / .milliseconds(250)) + 1
        #expect((1...quarters).contains(made.withLock { $0 }))
        try await Task.sleep(for: .milliseconds(300))
        let count = made.withLock { $0 }
        let (_, text) = try await get("/metrics", port)
        #expect(text == "text \(count + 1)\n")
        await server.stop()
    }

    private static let options: [(Node, String?)] = [
        ([:], nil), (["address": "::1", "port": 9000], nil),
        (
            ["address": "localhost"],
            "`address` must be an IP address such as `127.0.0.1` or `::1`, and this is `localhost`"
        ),
        (["port": 0], "`port` must be a whole number from 1 to 65535, and this is `0`"),
        (["prot": 1], "unknown key `prot`"),
    ]

    @Test(arguments: options.indices)
    func httpOption_isValidated(_ index: Int) throws {
        let (http, mistake) = Self.options[index]
        var registry = HandlerRegistry()
        registry.registerMetricsServer()
        let diagnostics = Diagnostics()
        let section = try #require(Section(["http": http], what: "the handler `meter`", diagnostics))
        var options = HandlerOptions(name: "meter", section: section)
        let make = try #require(registry.factory("metrics"))
        let handler = make(&options)
        options.section.finish()
        #expect(handler != nil)
        #expect(diagnostics.items.map(\.message) == [mistake].compactMap { $0 })
    }
}

/// An exporter that fails to start.
private struct RefusingExporter: MetricsExporter {
    struct Refusal: Error {}
    func start(_ text: @escaping @Sendable () -> String) async throws { throw Refusal() }
    func stop() async {}
}
