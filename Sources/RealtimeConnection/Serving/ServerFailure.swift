/// Why a ``WebSocketServer`` cannot start.
public struct ServerFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason, such as `cannot listen on 127.0.0.1:80: Permission denied`.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
