import NIOSSL

/// The certificate with which a server shows who it is.
public struct ServerCertificate: Sendable, Hashable {
    /// The PEM file of the certificate, followed by those of its signers up to the root.
    public let certificatePath: String
    /// The PEM file of its private key, without a passphrase.
    public let keyPath: String

    /// Names the files; they are read when a server starts.
    ///
    /// - Parameters:
    ///   - certificatePath: the PEM file of the certificate, followed by those of its signers up to the root.
    ///   - keyPath: the PEM file of its private key, without a passphrase.
    public init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }

    /// - Throws: ``ServerFailure`` if a file cannot be read, or they do not belong together.
    func context() throws(ServerFailure) -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificatePath) } catch {
            throw ServerFailure(
                "cannot read the certificate \(certificatePath): \(TrustRoots.reason(certificatePath, error))")
        }
        guard !chain.isEmpty else { throw ServerFailure("there is no certificate in \(certificatePath)") }
        let key: NIOSSLPrivateKey
        do { key = try NIOSSLPrivateKey(file: keyPath, format: .pem) } catch {
            throw ServerFailure("cannot read the private key \(keyPath): \(TrustRoots.reason(keyPath, error))")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw ServerFailure("the certificate \(certificatePath) and the key \(keyPath) do not belong together")
        }
    }
}
