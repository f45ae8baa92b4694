/// What a server gets of a client's handshake: its path, its query, its subprotocols, and the fields that are not one hop's own.
struct ForwardedRequest: Sendable {
    let target: String
    let headers: [(name: String, value: String)]
    let subprotocols: [String]

    /// - Parameters:
    ///   - request: the client's.
    ///   - key: what is shown in place of the client's credentials; nil if those are.
    init(_ request: HandshakeRequest, key: OwnKey? = nil) {
        let dropped = Self.ofHop.union(
            request.values(of: "connection").flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks.lowercased() }
        ).union(key == nil ? [] : Self.credentials)
        target = request.target
        let passed = request.headers.filter { field in
            let name = field.name.lowercased()
            return !dropped.contains(name) && !name.hasPrefix("sec-websocket-")
        }
        headers = Self.joined(passed) + (key?.fields ?? [])
        subprotocols = request.subprotocols.filter { key == nil || !$0.hasPrefix(Self.keyProtocol) }
    }

    /// The subprotocol by which a browser shows a key, as it can set no field.
    static let keyProtocol = "openai-insecure-api-key."

    /// Fields that belong to one hop, and those that say who the client of a hop is.
    private static let ofHop: Set<String> = [
        "connection", "upgrade", "host", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization",
        "te", "trailer", "transfer-encoding", "content-length", "expect", "http2-settings",
    ]

    static let credentials: Set<String> = ["authorization", "api-key", "x-api-key", "cookie"]

    /// A field that comes several times is one list.
    private static func joined(_ fields: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var joined: [(name: String, value: String)] = []
        for field in fields {
            let name = field.name.lowercased()
            if let index = joined.firstIndex(where: { $0.name.lowercased() == name }) {
                joined[index].value += (name == "cookie" ? "; " : ", ") + field.value
            } else {
                joined.append(field)
            }
        }
        return joined
    }
}
