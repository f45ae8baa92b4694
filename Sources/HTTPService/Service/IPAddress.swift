import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IPv4 or IPv6 address of this machine to listen on, not a host name.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address that only this machine can reach: `127.0.0.1`.
    public static let loopback = IPAddress(text: "127.0.0.1", isIPv6: false)

    private let text: String
    private let isIPv6: Bool

    private init(text: String, isIPv6: Bool) {
        self.text = text
        self.isIPv6 = isIPv6
    }

    /// Parses an address such as `127.0.0.1`, `0.0.0.0` (all interfaces) or `::1`; returns nil for anything else.
    public init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(text: text, isIPv6: false)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(text: text, isIPv6: true)
        } else {
            return nil
        }
    }

    /// Whether only this machine can reach the address.
    public var isLoopback: Bool { isIPv6 ? text == "::1" : text.hasPrefix("127.") }

    /// The address as it was given; an IPv6 address is in brackets.
    public var description: String { isIPv6 ? "[\(text)]" : text }

    func socketAddress(port: UInt16) throws -> SocketAddress { try SocketAddress(ipAddress: text, port: Int(port)) }
}
