import Synchronization

/// Whether this process takes work from others, for those who send it there: load balancers and orchestrators ask for it over HTTP.
///
/// A server enters when it begins to start, says when it listens, and says when it takes nothing new any more.
public final class Readiness: Sendable {
    /// What a server says of itself.
    public enum State: Sendable, Hashable {
        /// It does not listen yet.
        case starting
        /// It takes work.
        case ready
        /// It finishes what it has begun, and takes nothing new.
        case draining
    }

    /// The readiness of this process.
    public static let process = Readiness()

    private let servers = Mutex<[Int: (name: String, state: State)]>([:])
    private let lastNumber = Atomic<Int>(0)

    /// The readiness of nothing yet, which is ready.
    public init() {}

    /// Enters a server, which starts now.
    ///
    /// - Parameter name: what people call it.
    /// - Returns: by which it says more.
    public func enter(_ name: String) -> Entry {
        let number = lastNumber.add(1, ordering: .relaxed).newValue
        servers.withLock { $0[number] = (name, .starting) }
        return Entry(readiness: self, number: number)
    }

    /// A server that has entered.
    public struct Entry: Sendable {
        fileprivate let readiness: Readiness
        fileprivate let number: Int

        /// Says how the server is.
        public func set(_ state: State) { readiness.servers.withLock { $0[number]?.state = state } }

        /// Takes the server out.
        public func leave() { readiness.servers.withLock { $0[number] = nil } }
    }

    /// Those that do not take work, each with its reason, such as `proxy 127.0.0.1:8080 is draining`.
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

    /// `GET /healthz`, which is 200 while the process answers at all, and `GET /readyz`, which is 503 while a server does not take work.
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
