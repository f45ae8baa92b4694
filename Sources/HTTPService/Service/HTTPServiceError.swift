/// Why an ``HTTPService`` cannot start.
public struct HTTPServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address, the port and the reason, such as `cannot listen on 127.0.0.1:80: Permission denied`.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
