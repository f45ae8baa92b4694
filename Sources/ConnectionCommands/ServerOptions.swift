public import ArgumentParser
public import RealtimeConnection
import RealtimeRouter
import RouterProgram

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ListenAddress: ExpressibleByArgument {
    /// Parses an address; nil if the argument is not an address.
    public init?(argument: String) { self.init(argument) }
}

/// The options for the certificate of a server that the program runs.
struct ServerTLSOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Serve wss:// with this certificate chain (PEM).", valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's private key (PEM).", valueName: "file"))
    var tlsKey: String?

    @Flag(help: "Serve wss:// with a development certificate for this machine, signed by a local authority.")
    var devCert = false

    func validate() throws {
        guard (tlsCert == nil) == (tlsKey == nil) else { throw ValidationError("--tls-cert and --tls-key go together") }
        if devCert, tlsCert != nil { throw ValidationError("--dev-cert is in place of --tls-cert") }
    }

    /// The certificate; nil for a server without TLS.
    ///
    /// For `--dev-cert`, makes the certificate if it is missing, and prints on standard error how clients can trust it.
    func certificate() throws -> ServerCertificate? {
        if let tlsCert, let tlsKey { return ServerCertificate(certificatePath: tlsCert, keyPath: tlsKey) }
        guard devCert else { return nil }
        let development = try DevelopmentCertificate(
            variable: { getenv($0).map { String(cString: $0) } }, now: SystemClock().wallTime)
        Terminal.write(development.trustLine)
        return development.certificate
    }
}
