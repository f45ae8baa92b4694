public import HTTPService

/// An address and a port to listen on: `127.0.0.1:8080`, `[::1]:0`.
public struct ListenAddress: Sendable, Hashable {
    /// The address.
    public let address: IPAddress
    /// The port; 0 for any free port.
    public let port: UInt16

    /// Parses an address; returns nil if the text is not an address with a port.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard let address = IPAddress(host) else { return nil }
        self.address = address
        self.port = port
    }
}

/// Why a ``WebSocketServer`` cannot start.
public struct ServerFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason, such as `cannot listen on 127.0.0.1:80: Permission denied`.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
