/// Why a connection could not be opened.
public enum DialFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The server was not reached, or the connection broke before the handshake was done.
    case unreachable(String)
    /// The server's certificate was not accepted.
    case untrusted(String)
    /// The server, or somebody in front of it, answered the handshake with an HTTP status.
    case refused(HandshakeRefusal)
    /// The server's answer to the handshake breaks the WebSocket protocol.
    case violated(String)
    /// The handshake took too long; the text says what was waited for.
    case timedOut(String)
    /// What is needed on this machine is missing, and trying again does not help.
    case unusable(String)
    /// The task was cancelled.
    case cancelled

    /// The reason, for an operator.
    public var description: String {
        switch self {
        case .unreachable(let text), .untrusted(let text), .violated(let text), .timedOut(let text),
            .unusable(let text):
            text
        case .refused(let refusal): refusal.description
        case .cancelled: "the router is shutting down"
        }
    }
}

/// A server's answer to a handshake that it refused.
public struct HandshakeRefusal: Sendable, Hashable, CustomStringConvertible {
    /// The HTTP status.
    public let status: Int
    /// The server's words: the message of an API error, or the beginning of the body.
    public let message: String
    /// The API error's code, such as `invalid_api_key`.
    public let code: String?
    /// The server's id of the request (`x-request-id`).
    public let requestID: String?
    /// How many seconds the server asks to wait (`retry-after`).
    public let retryAfter: Double?
    /// The body as it came, or its beginning.
    var body: [UInt8] = []
    /// Fields of the answer that are meant for whoever asked, by their names in small letters.
    var fields: [String: String] = [:]

    /// Such as `the server answered 401: Incorrect API key provided (invalid_api_key, request req_1)`.
    public var description: String {
        let details = [code, requestID.map { "request \($0)" }].compactMap(\.self).joined(separator: ", ")
        return "the server answered \(status)" + (message.isEmpty ? "" : ": \(message)")
            + (details.isEmpty ? "" : " (\(details))")
    }
}
