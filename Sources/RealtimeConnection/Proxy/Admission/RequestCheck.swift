import HTTPService
import NIOCore

/// Checks requests for attacks: foreign `Host` (DNS rebinding), foreign `Origin`, and request smuggling.
struct RequestCheck: Sendable {
    private let hosts: Set<String>
    private let origins: Set<String>

    /// - Parameters:
    ///   - hosts: the allowed host names.
    ///   - origins: the allowed values of `Origin`.
    init(hosts: Set<String>, origins: Set<String>) {
        self.hosts = Set(hosts.map { $0.lowercased() })
        self.origins = Set(origins.map { $0.lowercased() })
    }

    /// The refusal of a request; nil if the request is allowed.
    func refusal(of request: HandshakeRequest) -> HandshakeAnswer? {
        let hosts = request.values(of: "host")
        guard hosts.count == 1, let host = Self.name(hosts[0]) else {
            return .refuse(status: 400, "the request has no valid `Host`")
        }
        guard isKnown(host) else { return .refuse(status: 421, "this proxy does not serve that host: see `hosts`") }
        let foreign = request.values(of: "origin").filter { !origins.contains($0.lowercased()) }
        guard foreign.isEmpty else { return .refuse(status: 403, "this `Origin` is not allowed: see `origins`") }
        guard request.fault == .noUpgrade || !hasBody(request) else {
            return .refuse(status: 400, "a handshake has no body")
        }
        let lengths = request.values(of: "content-length")
        guard lengths.count <= 1, lengths.isEmpty || request.values(of: "transfer-encoding").isEmpty else {
            return .refuse(status: 400, "the request has two lengths")
        }
        guard request.target.hasPrefix("/"), request.target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return .refuse(status: 400, "the request's target is not a path")
        }
        return nil
    }

    /// Whether a host name is allowed. IP addresses always are: a web page of another site can make a name resolve to this proxy, but it
    /// cannot make the browser send an address as `Host`.
    private func isKnown(_ host: String) -> Bool {
        host == "localhost" || IPAddress(host) != nil || hosts.contains(host)
    }

    private func hasBody(_ request: HandshakeRequest) -> Bool {
        !request.values(of: "transfer-encoding").isEmpty
            || request.values(of: "content-length").contains { $0 != "0" }
    }

    /// The host name of a `Host` field, without the port; nil if the field is invalid.
    private static func name(_ text: String) -> String? {
        WebSocketURL("ws://\(text)/").flatMap { $0.target == "/" ? $0.host.lowercased() : nil }
    }
}

extension HandshakeRequest {
    /// The values of all header fields with a name, which must be given in lowercase.
    func values(of name: String) -> [String] { headers.filter { $0.name.lowercased() == name }.map(\.value) }
}
