import FlyingFox
import FlyingSocks
import Foundation
public import RealtimeMetrics
import Synchronization

/// Serves the figures over HTTP, for Prometheus to scrape: `GET /metrics`.
///
/// By default only this machine gets them. They hold no words of a conversation, but names of functions, routes and handlers.
public final class MetricsServer: MetricsExporter {
    /// The port that OpenTelemetry's and many other Prometheus exporters have.
    public static let defaultPort: UInt16 = 9464

    private struct Running {
        let server: HTTPServer
        let task: Task<Void, Never>
    }

    private let address: IPAddress
    private let port: UInt16
    private let running = Mutex<Running?>(nil)

    /// Makes the server; nothing is opened before ``start(_:)``.
    ///
    /// - Parameters:
    ///   - address: the address to listen on; by default the loopback interface.
    ///   - port: the port; 0 for any that is free.
    public init(address: IPAddress = .loopback, port: UInt16 = MetricsServer.defaultPort) {
        self.address = address
        self.port = port
    }

    /// The port that it listens on; nil while it does not.
    public var listeningPort: UInt16? {
        get async {
            switch await running.withLock({ $0 })?.server.listeningAddress {
            case .ip4(_, let port), .ip6(_, let port): port
            default: nil
            }
        }
    }

    /// Listens, and answers from now on.
    ///
    /// - Throws: ``MetricsServerFailure`` when the address and port cannot be had.
    public func start(_ text: @escaping @Sendable () -> String) async throws {
        let server = HTTPServer(config: .init(address: address.socketAddress(port: port), logger: .disabled))
        await server.appendRoute("GET /metrics") { _ in
            HTTPResponse(
                statusCode: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: Data(text().utf8))
        }
        // What comes first counts: that it listens, or why it cannot.
        let (outcomes, outcome) = AsyncStream<(any Error)?>.makeStream()
        let task = Task {
            do { try await server.run() } catch { outcome.yield(error) }
        }
        let waiting = Task {
            do {
                try await server.waitUntilListening(timeout: 60)
                outcome.yield(nil)
            } catch { outcome.yield(error) }
        }
        let failure = await outcomes.first { _ in true } ?? nil
        waiting.cancel()
        if let failure { throw MetricsServerFailure("cannot listen on \(address):\(port): \(Self.reason(failure))") }
        running.withLock { $0 = Running(server: server, task: task) }
    }

    /// Ends listening; answers that are under way are given.
    public func stop() async {
        let ended = running.withLock { running in
            defer { running = nil }
            return running
        }
        await ended?.server.stop(timeout: 1)
        await ended?.task.value
    }

    private static func reason(_ error: any Error) -> String {
        if case .failed(_, _, let message)? = error as? SocketError { return message }
        return "\(error)"
    }
}

/// A server that cannot be had, with the reason.
public struct MetricsServerFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address, the port, and why not.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
