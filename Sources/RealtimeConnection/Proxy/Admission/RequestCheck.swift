import HTTPService
import NIOCore

/// Whether a handshake may be what it says: its `Host`, its `Origin`, and fields by which one request could hide in another.
struct RequestCheck: Sendable {
    private let hosts: Set<String>
    private let origins: Set<String>

    /// - Parameters:
    ///   - hosts: the names by which the proxy may be called.
    ///   - origins: the values of `Origin` that may be sent.
    init(hosts: Set<String>, origins: Set<String>) {
        self.hosts = Set(hosts.map { $0.lowercased() })
        self.origins = Set(origins.map { $0.lowercased() })
    }

    /// Why a request is refused; nil where it may pass.
    func refusal(of request: HandshakeRequest) -> HandshakeAnswer? {
        let hosts = request.values(of: "host")
        guard hosts.count == 1, let host = Self.name(hosts[0]) else {
            return .refuse(status: 400, "the request has no valid `Host`")
        }
        guard isKnown(host) else { return .refuse(status: 421, "this proxy is not called that: see `hosts`") }
        let foreign = request.values(of: "origin").filter { !origins.contains($0.lowercased()) }
        guard foreign.isEmpty else { return .refuse(status: 403, "this `Origin` is not allowed: see `origins`") }
        guard request.fault == .noUpgrade || !hasBody(request) else {
            return .refuse(status: 400, "a handshake has no body")
        }
        let lengths = request.values(of: "content-length")
        guard lengths.count <= 1, lengths.isEmpty || request.values(of: "transfer-encoding").isEmpty else {
            return .refuse(status: 400, "the request's length is said twice")
        }
        guard request.target.hasPrefix("/"), request.target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return .refuse(status: 400, "the request's target is no path")
        }
        return nil
    }

    /// A page of another site cannot make a browser call this proxy by an address: names could be made to lead here.
    private func isKnown(_ host: String) -> Bool {
        host == "localhost" || IPAddress(host) != nil || hosts.contains(host)
    }

    private func hasBody(_ request: HandshakeRequest) -> Bool {
        !request.values(of: "transfer-encoding").isEmpty
            || request.values(of: "content-length").contains { $0 != "0" }
    }

    /// The name of a `Host`, without its port; nil if it is none.
    private static func name(_ text: String) -> String? {
        WebSocketURL("ws://\(text)/").flatMap { $0.target == "/" ? $0.host.lowercased() : nil }
    }
}

extension HandshakeRequest {
    /// The values of all fields of a name, in small letters.
    func values(of name: String) -> [String] { headers.filter { $0.name.lowercased() == name }.map(\.value) }
}
