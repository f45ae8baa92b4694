/// Why a connection could not be opened.
public enum DialFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The server could not be reached, or the connection was lost during the handshake.
    case unreachable(String)
    /// The server's certificate was not accepted.
    case untrusted(String)
    /// The server, or a proxy in front of it, answered the handshake with an HTTP status.
    case refused(HandshakeRefusal)
    /// The server's handshake response breaks the WebSocket protocol.
    case violated(String)
    /// The handshake took too long; the text names the step that did not finish.
    case timedOut(String)
    /// Something is missing or wrong on this machine, such as the key or root certificates. Trying again does not help.
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

/// A server's response to a handshake that it refused.
public struct HandshakeRefusal: Sendable, Hashable, CustomStringConvertible {
    /// The HTTP status.
    public let status: Int
    /// The message of the API error, or the first line of the body.
    public let message: String
    /// The API error's code, such as `invalid_api_key`.
    public let code: String?
    /// The server's request id (`x-request-id`).
    public let requestID: String?
    /// The number of seconds that the server asks to wait (`retry-after`).
    public let retryAfter: Double?
    /// The unchanged body, or its beginning.
    var body: [UInt8] = []
    /// The header fields that a proxy passes on to its client, by their lowercase names.
    var fields: [String: String] = [:]

    /// A description such as `the server answered 401: Incorrect API key provided (invalid_api_key, request req_1)`.
    public var description: String {
        let details = [code, requestID.map { "request \($0)" }].compactMap(\.self).joined(separator: ", ")
        return "the server answered \(status)" + (message.isEmpty ? "" : ": \(message)")
            + (details.isEmpty ? "" : " (\(details))")
    }
}
