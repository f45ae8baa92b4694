import Crypto
import EventJSON

/// The router's own API key, which replaces the clients' credentials, and the clients that may use it.
public struct OwnKey: Sendable {
    /// The header fields that send the key to the server.
    let fields: [(name: String, value: String)]
    /// The clients, each with its own token.
    let clients: [ProxyClient]

    /// The prefix of the subprotocol by which a browser sends a key, because it cannot set header fields.
    static let keyProtocol = "openai-insecure-api-key."

    /// A key and its clients.
    ///
    /// - Parameters:
    ///   - key: the API key.
    ///   - authorization: how the key is sent; `.none` means `.bearer` here.
    ///   - clients: the clients that may use the key; at least one.
    public init(_ key: String, authorization: ConnectOptions.Authorization = .bearer, clients: [ProxyClient]) {
        fields = authorization == .apiKey ? [("api-key", key)] : [("authorization", "Bearer \(key)")]
        self.clients = clients
    }

    /// The client whose token the handshake contains; nil if it contains no known token.
    func client(of request: HandshakeRequest) -> ProxyClient? {
        let tokens = Self.tokens(in: request).map { Array(SHA256.hash(data: Array($0.utf8))) }
        return clients.first { client in tokens.contains { Self.isEqual($0, client.tokenDigest) } }
    }

    /// The tokens in a client's handshake.
    private static func tokens(in request: HandshakeRequest) -> [String] {
        let bearers = request.values(of: "authorization").compactMap { value -> String? in
            guard value.lowercased().hasPrefix("bearer ") else { return nil }
            return value.dropFirst(7).trimmingBlanks
        }
        return bearers + request.values(of: "api-key") + request.protocolKeys
    }

    /// Compares two digests in constant time.
    private static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension HandshakeRequest {
    /// The keys in the offered subprotocols.
    fileprivate var protocolKeys: [String] {
        subprotocols.filter { $0.hasPrefix(OwnKey.keyProtocol) }
            .map { String($0.dropFirst(OwnKey.keyProtocol.count)) }
    }

    /// All credentials in the handshake: keys, tokens and cookies.
    var credentials: [String] {
        let words = values(of: "authorization").flatMap { $0.split(separator: " ") }.map(String.init)
        let cookies = values(of: "cookie").flatMap { $0.split(separator: ";") }.compactMap { cookie in
            cookie.firstIndex(of: "=").map { cookie[cookie.index(after: $0)...].trimmingBlanks }
        }
        return words + values(of: "api-key") + values(of: "x-api-key") + protocolKeys + cookies
    }
}

/// A client of a proxy with its own API key, and the client's permissions.
public struct ProxyClient: Sendable {
    /// The client's name, for logs and metrics.
    public let name: String
    /// The SHA-256 of its token: 32 bytes.
    let tokenDigest: [UInt8]
    /// The models that the client may use; nil if every model is allowed.
    public var models: Set<String>?
    /// The event types that the client may send; nil if every type is allowed.
    public var allowedTypes: Set<String>?
    /// The maximum number of concurrent sessions; nil for no limit per client.
    public var maximumSessions: Int?
    /// The maximum duration of a session; nil for no limit per client.
    public var maximumDuration: Duration?
    /// The maximum cost of a session in US dollars; nil for no limit per client.
    public var maximumCost: Double?

    /// A client without restrictions.
    ///
    /// - Parameters:
    ///   - name: the client's name.
    ///   - tokenSHA256: the SHA-256 of its token, as 64 hexadecimal digits.
    /// - Returns: nil if `tokenSHA256` is not a SHA-256.
    public init?(name: String, tokenSHA256: String) {
        let digits = Array(tokenSHA256.utf8)
        guard digits.count == 64, tokenSHA256.allSatisfy(\.isHexDigit) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        self.name = name
        tokenDigest = bytes
    }

    /// The refusal of a session for which the client has no permission; nil if it may open the session.
    func refusal(of request: HandshakeRequest) -> HandshakeAnswer? {
        guard let models else { return nil }
        let query = QueryItems(ofTarget: request.target).items
        // If two models are named, it is unknown which model the server uses. With a call id, the session has the
        // call's model.
        let asked = query.filter { $0.name == "model" }
        guard asked.count == 1, !query.contains(where: { $0.name == "call_id" }) else {
            return .refuse(status: 403, "name one model and no call in the query: this token is for some models only")
        }
        return models.contains(asked[0].value) ? nil : .refuse(status: 403, "this token is not for that model")
    }
}
