/// A method and a path, with the handler that answers their requests.
public struct HTTPRoute: Sendable {
    /// Answers a request.
    ///
    /// ## Contract
    /// * It runs on the service's handler thread, which all handlers share: never on the thread that reads and writes, and never on
    ///   Swift's cooperative pool. A handler that computes for long delays other handlers and nothing else.
    /// * At most ``HTTPServiceOptions/maximumConcurrentRequests`` run at a time; a connection has one request at a time.
    /// * Its task is cancelled when the connection is reset, after ``HTTPServiceOptions/handlerTimeout``, and when the service stops. A
    ///   client that only closes its side may still read, and gets its answer.
    ///   Until it returns it keeps its place among the concurrent ones.
    /// * When it throws, the client gets 500 without the reason, which is logged.
    public typealias Handler = @Sendable (HTTPRequest) async throws -> HTTPResponse

    let method: String
    let path: String
    let handler: Handler

    /// A route.
    ///
    /// - Parameters:
    ///   - method: the method, in capitals. `GET` answers `HEAD` too, unless `HEAD` has a route of its own.
    ///   - path: the path, percent-encoded as clients send it. One that ends in `/` stands for all paths that begin with it; the longest
    ///     path that fits wins.
    ///   - handler: answers the requests.
    public init(_ method: String, _ path: String, handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
    }
}

/// All routes of a service.
struct HTTPRoutes {
    enum Match {
        case found(HTTPRoute)
        /// The path has routes, and these are their methods.
        case otherMethods([String])
        case notFound
    }

    private let routes: [HTTPRoute]

    init(_ routes: [HTTPRoute]) {
        self.routes = routes
    }

    func match(method: String, path: String) -> Match {
        let fitting = routes.filter { $0.path == path || $0.path.hasSuffix("/") && path.hasPrefix($0.path) }
        guard let longest = fitting.map(\.path.utf8.count).max() else { return .notFound }
        let candidates = fitting.filter { $0.path.utf8.count == longest }
        if let route = candidates.first(where: { $0.method == method })
            ?? (method == "HEAD" ? candidates.first { $0.method == "GET" } : nil)
        {
            return .found(route)
        }
        var methods = candidates.map(\.method)
        if methods.contains("GET") && !methods.contains("HEAD") { methods.append("HEAD") }
        return .otherMethods(methods.sorted())
    }
}
