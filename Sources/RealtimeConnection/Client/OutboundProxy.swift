import EventJSON

/// The HTTP proxy for outgoing connections, from `HTTPS_PROXY` and `NO_PROXY`.
public struct OutboundProxy: Sendable, Hashable {
    /// The proxy's host.
    public let host: String
    /// The proxy's port.
    public let port: Int
    /// The value of `Proxy-Authorization`; nil without a user.
    let authorization: String?
    private let exceptions: [String]

    /// Reads `HTTPS_PROXY` (`http://user:password@host:port`) and `NO_PROXY` (names, `.suffix` and `*`, separated by commas). The names
    /// may be uppercase or lowercase.
    ///
    /// - Parameter variable: returns the value of an environment variable.
    /// - Returns: nil if there is no proxy.
    /// - Throws: ``DialFailure`` if `HTTPS_PROXY` is not a valid address.
    public init?(variable: (String) -> String?) throws(DialFailure) {
        guard let text = variable("HTTPS_PROXY") ?? variable("https_proxy"), !text.isEmpty else { return nil }
        var rest = Substring(text)
        if rest.lowercased().hasPrefix("http://") { rest = rest.dropFirst(7) }
        var user: Substring?
        if let at = rest.lastIndex(of: "@") {
            user = rest[..<at]
            rest = rest[rest.index(after: at)...]
        }
        guard !rest.contains("://"), let url = WebSocketURL("http://\(rest)") else {
            throw .unusable("HTTPS_PROXY must be an address such as http://proxy.example:3128")
        }
        host = url.host
        port = url.port
        authorization = user.map { "Basic " + Base64.encode(Array(String($0).percentDecoded.utf8)) }
        exceptions = (variable("NO_PROXY") ?? variable("no_proxy") ?? "").split(separator: ",")
            .map { $0.trimmingBlanks.lowercased() }.filter { !$0.isEmpty }
    }

    /// Whether connections to a server use the proxy. Connections to this machine never do.
    ///
    /// - Parameter url: the server's address.
    public func holds(for url: WebSocketURL) -> Bool {
        guard !url.isLocal else { return false }
        let host = url.host.lowercased()
        return !exceptions.contains { exception in
            let name = exception.hasPrefix(".") ? String(exception.dropFirst()) : exception
            return exception == "*" || host == name || host.hasSuffix("." + name)
        }
    }
}

extension Substring {
    /// The text without leading and trailing spaces and tabs.
    var trimmingBlanks: String {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
