import Crypto
import EventJSON

/// The router's own key, which servers get in place of the clients' credentials, and the clients that it serves.
public struct OwnKey: Sendable {
    /// The fields that show the key to the server.
    let fields: [(name: String, value: String)]
    /// The clients, each with a token of its own.
    let clients: [ProxyClient]

    /// The subprotocol by which a browser shows a key, as it can set no field.
    static let keyProtocol = "openai-insecure-api-key."

    /// A key and its clients.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - authorization: how it is shown: not at all is no choice here.
    ///   - clients: whom it serves; at least one.
    public init(_ key: String, authorization: ConnectOptions.Authorization = .bearer, clients: [ProxyClient]) {
        fields = authorization == .apiKey ? [("api-key", key)] : [("authorization", "Bearer \(key)")]
        self.clients = clients
    }

    /// The client that a handshake's token belongs to; nil if it has none that is known.
    func client(of request: HandshakeRequest) -> ProxyClient? {
        let tokens = Self.tokens(in: request).map { Array(SHA256.hash(data: Array($0.utf8))) }
        return clients.first { client in tokens.contains { Self.isEqual($0, client.tokenDigest) } }
    }

    /// The tokens that a client shows.
    private static func tokens(in request: HandshakeRequest) -> [String] {
        let bearers = request.values(of: "authorization").compactMap { value -> String? in
            guard value.lowercased().hasPrefix("bearer ") else { return nil }
            return value.dropFirst(7).trimmingBlanks
        }
        return bearers + request.values(of: "api-key") + request.protocolKeys
    }

    /// Compares in a time that says nothing of where two digests differ.
    private static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension HandshakeRequest {
    /// The keys that subprotocols show.
    fileprivate var protocolKeys: [String] {
        subprotocols.filter { $0.hasPrefix(OwnKey.keyProtocol) }
            .map { String($0.dropFirst(OwnKey.keyProtocol.count)) }
    }

    /// Whatever a client shows to say who it is: keys, tokens and cookies.
    var credentials: [String] {
        let words = values(of: "authorization").flatMap { $0.split(separator: " ") }.map(String.init)
        let cookies = values(of: "cookie").flatMap { $0.split(separator: ";") }.compactMap { cookie in
            cookie.firstIndex(of: "=").map { cookie[cookie.index(after: $0)...].trimmingBlanks }
        }
        return words + values(of: "api-key") + values(of: "x-api-key") + protocolKeys + cookies
    }
}

/// A client of a proxy that has a key of its own, and what it may do.
public struct ProxyClient: Sendable {
    /// The client's name, for logs and figures.
    public let name: String
    /// The SHA-256 of its token: 32 bytes.
    let tokenDigest: [UInt8]
    /// The models that it may ask for; nil for any.
    public var models: Set<String>?
    /// The types of events that it may send; nil for any.
    public var allowedTypes: Set<String>?
    /// The most sessions at a time; nil for no limit of its own.
    public var maximumSessions: Int?
    /// The longest that a session may last; nil for no limit of its own.
    public var maximumDuration: Duration?
    /// The most that a session may cost, in US dollars; nil for no limit of its own.
    public var maximumCost: Double?

    /// A client that may do everything.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - tokenSHA256: the SHA-256 of its token, as 64 hexadecimal digits.
    /// - Returns: nil if that is no SHA-256.
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

    /// Why a client may not have the session that it asks for; nil if it may.
    func refusal(of request: HandshakeRequest) -> HandshakeAnswer? {
        guard let models else { return nil }
        let query = QueryItems(ofTarget: request.target).items
        // Of two models nobody knows which one the server takes, and a call has the model that it began with.
        let asked = query.filter { $0.name == "model" }
        guard asked.count == 1, !query.contains(where: { $0.name == "call_id" }) else {
            return .refuse(status: 403, "name one model and no call in the query: this token is for some models only")
        }
        return models.contains(asked[0].value) ? nil : .refuse(status: 403, "this token is not for that model")
    }
}
