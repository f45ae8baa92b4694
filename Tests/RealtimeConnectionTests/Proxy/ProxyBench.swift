import EventJSON
import EventRouter
import Foundation
import Logging
import NIOCore
import RawPeers
import RealtimeEvents
import RouterTesting
import Synchronization

@testable import RealtimeConnection

/// A proxy that runs in front of a server of a test's.
final class ProxyBench: Sendable {
    let port: UInt16
    let router: Router
    private let running: Task<RunReport, any Error>

    /// - Parameters:
    ///   - upstreams: the servers.
    ///   - routes: the routes, each to a handler of its own.
    ///   - change: what the test changes of the options.
    init(
        _ upstreams: [WebSocketURL], _ routes: [(name: String, handler: any EventHandler)] = [],
        _ change: (inout ProxyOptions) -> Void = { _ in }
    ) async throws {
        var options = ProxyOptions(port: 0)
        options.upstreams = upstreams.map { $0.with(target: "/") }
        options.variable = { _ in nil }
        options.limits.closeTimeout = .seconds(1)
        change(&options)
        let table = try RouteTable(
            handlers: routes.map { HandlerBinding($0.name, $0.handler) },
            routes: routes.map { Route($0.name, to: [$0.name]) })
        let router = Router(table)
        self.router = router
        try await router.start()
        let addresses = Collected<String>()
        let source = ProxySource(options) { addresses.append($0) }
        running = Task { try await router.run(source) }
        let address = await addresses.wait(for: 1)[0]
        port = UInt16(address.split(separator: ":").last ?? "") ?? 0
    }

    var url: WebSocketURL { WebSocketURL("ws://127.0.0.1:\(port)/v1/realtime?model=m")! }

    /// Opens a client's connection.
    func connect(
        _ inbox: Inbox, target: String = "/v1/realtime?model=m", headers: [(name: String, value: String)] = []
    ) async throws -> WebSocket {
        var limits = WebSocketLimits()
        limits.handshakeTimeout = .seconds(20)
        return try await WebSocketClient(threads: threads, limits: limits).connect(
            to: url.with(target: target), headers: headers, receiver: inbox)
    }

    /// Why a client gets no connection.
    func refusal(target: String = "/v1/realtime?model=m", headers: [(name: String, value: String)] = []) async
        -> HandshakeRefusal?
    {
        do {
            let socket = try await connect(Inbox(), target: target, headers: headers)
            socket.abort()
        } catch DialFailure.refused(let refusal) {
            return refusal
        } catch {}
        return nil
    }

    /// Ends the proxy, and says what the sessions came to.
    @discardableResult
    func end(within deadline: Duration = .milliseconds(100)) async throws -> RunReport {
        await router.shutDown(within: deadline)
        let report = try await running.value
        await router.stop()
        return report
    }
}

/// Text of many messages, in order.
func numbered(_ side: String, _ count: Int) -> [String] {
    (0..<count).map { #"{"type":"\#(side).test","number":\#($0)}"# }
}

extension Tool {
    /// A function without a description.
    init(function name: String) {
        self.init()
        type = .function
        self.name = name
    }
}
