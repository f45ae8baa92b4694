import ConfigSource
import EventRouter

/// Makes the keys of the sessions that clients begin.
struct SessionKeys: Sendable {
    private static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    private static let longestKey = 200

    private let field: RequestField?
    private let clock: any RouterClock

    /// - Parameter field: the field of the handshake that has the key; nil for keys of the router's own.
    init(_ field: RequestField?, clock: any RouterClock) {
        self.field = field
        self.clock = clock
    }

    /// The key of a client's session: what the client says, unless that has a secret of its own, or the source's name, the time, and four random letters.
    func key(for request: HandshakeRequest, named source: String, _ secrets: ClientSecrets? = nil) -> String {
        if let value = field?.value(in: request)?.printable, !value.isEmpty, secrets?.isFound(in: value) != true {
            return value.cut(toUTF8Bytes: Self.longestKey)
        }
        let digits = Timestamp(unix: clock.wallTime).description.prefix(19).filter { $0.isNumber || $0 == "T" }
        return "\(source)-\(digits)-\(String((0..<4).map { _ in Self.letters.randomElement()! }))"
    }
}
