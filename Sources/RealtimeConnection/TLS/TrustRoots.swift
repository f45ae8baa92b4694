import NIOCore
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The certificate authorities that a client trusts.
public enum TrustRoots: Sendable, Hashable {
    /// The authorities that this machine trusts.
    case system
    /// The authorities in a PEM file, in addition to those that this machine trusts.
    case file(path: String)

    /// The files in which Linux distributions keep their root certificates.
    private static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/pki/tls/cacert.pem", "/etc/ssl/cert.pem",
    ]

    /// A TLS configuration that trusts these authorities.
    func clientConfiguration() throws(DialFailure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        switch self {
        case .system:
            guard Self.hasSystemRoots else {
                throw .unusable(
                    """
                    this machine has no root certificates, so no server can be trusted
                       help: install the package `ca-certificates`, or give the authority's certificate with --ca FILE
                    """)
            }
        case .file(let path):
            let certificates: [NIOSSLCertificate]
            do { certificates = try NIOSSLCertificate.fromPEMFile(path) } catch {
                throw .unusable("cannot read the certificates in \(path): \(Self.reason(path, error))")
            }
            guard !certificates.isEmpty else { throw .unusable("there is no certificate in \(path)") }
            if Self.hasSystemRoots {
                configuration.additionalTrustRoots = [.certificates(certificates)]
            } else {
                configuration.trustRoots = .certificates(certificates)
            }
        }
        return configuration
    }

    private static var hasSystemRoots: Bool {
        #if os(Linux)
            return systemFiles.contains { access($0, R_OK) == 0 }
        #else
            return true
        #endif
    }

    static func reason(_ path: String, _ error: any Error) -> String {
        access(path, R_OK) == 0 ? "it is not a PEM file" : String(cString: strerror(errno))
    }
}

enum TLSClient {
    /// A TLS handler that checks that the certificate is valid for a host. For an IP address no server name is sent (RFC 6066).
    static func handler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}
