/// A method and a path, with the handler for their requests.
public struct HTTPRoute: Sendable {
    /// Answers a request.
    ///
    /// ## Contract
    /// * It runs on the service's handler thread, which all handlers share, and never on the network thread or on
    ///   Swift's cooperative pool. A handler that computes for a long time delays other handlers and nothing else.
    /// * At most ``HTTPServiceOptions/maximumConcurrentRequests`` handlers run at the same time. A connection has at
    ///   most one request at a time.
    /// * Its task is cancelled when the connection is reset, after ``HTTPServiceOptions/handlerTimeout``, and when the
    ///   service stops. If the client only closes its sending side, the handler continues, and the client gets the
    ///   answer. A cancelled handler counts as running until it returns.
    /// * If it throws, the client gets status 500 without the reason, and the service logs the reason.
    public typealias Handler = @Sendable (HTTPRequest) async throws -> HTTPResponse

    let method: String
    let path: String
    let handler: Handler

    /// Creates a route.
    ///
    /// - Parameters:
    ///   - method: The method in capitals. A route for `GET` also answers `HEAD`, unless `HEAD` has its own route.
    ///   - path: The path, percent-encoded as clients send it. A path that ends in `/` matches all paths that begin
    ///     with it; the longest matching path wins.
    ///   - handler: Answers the requests.
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
        /// The path has routes, but only for these methods.
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
