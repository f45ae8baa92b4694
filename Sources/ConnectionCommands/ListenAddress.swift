import ArgumentParser
import HTTPService

/// An address to listen on: `127.0.0.1:8080`, `[::1]:0`.
struct ListenAddress: ExpressibleByArgument {
    let address: IPAddress
    let port: UInt16

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...])
        else { return nil }
        var host = String(argument[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard let address = IPAddress(host) else { return nil }
        self.address = address
        self.port = port
    }
}
