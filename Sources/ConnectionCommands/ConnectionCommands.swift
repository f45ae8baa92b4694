public import ArgumentParser
public import RealtimeConnection
import RealtimeRouter
public import RouterProgram

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The commands that hold connections, for `RouterProgram.main(handlers:commands:)`.
public enum ConnectionCommands {
    /// All of them.
    public static let all: [any ProgramCommand.Type] = [ConnectCommand.self, MockCommand.self, ProxyCommand.self]
}

extension ListenAddress: ExpressibleByArgument {
    /// Reads an address from an argument; nil if it is none.
    public init?(argument: String) { self.init(argument) }
}

/// How a server that the program runs shows who it is: with a certificate, or not at all.
struct ServerTLSOptions: ParsableArguments {
    @Option(help: ArgumentHelp("For wss://: the server's certificate and its chain (PEM).", valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's private key (PEM).", valueName: "file"))
    var tlsKey: String?

    @Flag(help: "For wss://: a certificate for this machine, signed by an authority of your own.")
    var devCert = false

    func validate() throws {
        guard (tlsCert == nil) == (tlsKey == nil) else { throw ValidationError("--tls-cert and --tls-key go together") }
        if devCert, tlsCert != nil { throw ValidationError("--dev-cert is in place of --tls-cert") }
    }

    /// The certificate; one for development is made if it is missing, and the line is printed that makes clients trust it.
    func certificate() throws -> ServerCertificate? {
        if let tlsCert, let tlsKey { return ServerCertificate(certificatePath: tlsCert, keyPath: tlsKey) }
        guard devCert else { return nil }
        let development = try DevelopmentCertificate(
            variable: { getenv($0).map { String(cString: $0) } }, now: SystemClock().wallTime)
        Terminal.write(development.trustLine)
        return development.certificate
    }
}
