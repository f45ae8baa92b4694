import Synchronization

/// Whether this process accepts work. Load balancers and orchestrators request this over HTTP.
///
/// A server registers when it begins to start, and reports when it listens and when it accepts no new work any more.
public final class Readiness: Sendable {
    /// The state of a server.
    public enum State: Sendable, Hashable {
        /// The server does not listen yet.
        case starting
        /// The server accepts work.
        case ready
        /// The server finishes its current work, and accepts no new work.
        case draining
    }

    /// The readiness of this process.
    public static let process = Readiness()

    private let servers = Mutex<[Int: (name: String, state: State)]>([:])
    private let lastNumber = Atomic<Int>(0)

    /// Creates a readiness without servers, which counts as ready.
    public init() {}

    /// Registers a server in the state `starting`.
    ///
    /// - Parameter name: The server's name for messages.
    /// - Returns: The entry by which the server reports its state.
    public func enter(_ name: String) -> Entry {
        let number = lastNumber.add(1, ordering: .relaxed).newValue
        servers.withLock { $0[number] = (name, .starting) }
        return Entry(readiness: self, number: number)
    }

    /// A registered server.
    public struct Entry: Sendable {
        fileprivate let readiness: Readiness
        fileprivate let number: Int

        /// Sets the server's state.
        public func set(_ state: State) { readiness.servers.withLock { $0[number]?.state = state } }

        /// Removes the server.
        public func leave() { readiness.servers.withLock { $0[number] = nil } }
    }

    /// The servers that do not accept work, each with its state, such as `proxy 127.0.0.1:8080 is draining`.
    public var obstacles: [String] {
        servers.withLock { servers in
            servers.sorted { $0.key < $1.key }.compactMap { _, server in
                switch server.state {
                case .ready: nil
                case .starting: "\(server.name) is starting"
                case .draining: "\(server.name) is draining"
                }
            }
        }
    }

    /// The routes `GET /healthz`, which answers 200 as long as the process answers, and `GET /readyz`, which answers
    /// 503 while a server does not accept work.
    public var routes: [HTTPRoute] {
        [
            HTTPRoute("GET", "/healthz") { _ in HTTPResponse(text: "ok\n") },
            HTTPRoute("GET", "/readyz") { [self] _ in
                let obstacles = obstacles
                guard !obstacles.isEmpty else { return HTTPResponse(text: "ready\n") }
                return HTTPResponse(status: 503, text: obstacles.joined(separator: "\n") + "\n")
            },
        ]
    }
}
