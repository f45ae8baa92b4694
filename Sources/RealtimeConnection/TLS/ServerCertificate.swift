import Logging
import NIOCore
import NIOSSL
import SwiftASN1
import Synchronization
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A server's TLS certificate and private key.
public struct ServerCertificate: Sendable, Hashable {
    /// The PEM file with the certificate, followed by the intermediate certificates.
    public let certificatePath: String
    /// The PEM file of the certificate's private key, without a passphrase.
    public let keyPath: String

    /// Creates a certificate from the paths of its files. They are read when a server starts.
    ///
    /// - Parameters:
    ///   - certificatePath: the PEM file with the certificate, followed by the intermediate certificates.
    ///   - keyPath: the PEM file of the certificate's private key, without a passphrase.
    public init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }

    /// Reads the files, and returns the TLS context for a server.
    ///
    /// - Throws: ``ServerFailure`` if a file cannot be read, or the key does not belong to the certificate.
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

extension ServerCertificate {
    /// The host names that the certificate is valid for, in lowercase; empty if the certificate cannot be read.
    var names: [String] {
        guard let data = FileManager.default.contents(atPath: certificatePath),
            let certificate = try? Certificate(pemEncoded: String(decoding: data, as: UTF8.self)),
            let names = try? certificate.extensions.subjectAlternativeNames
        else { return [] }
        return names.compactMap { name in
            if case .dnsName(let text) = name { text.lowercased() } else { nil }
        }
    }
}

/// A certificate that is reloaded for new connections when its files have changed, such as after a renewal.
final class ReloadingCertificate: Sendable {
    private struct State {
        var context: NIOSSLContext
        var seen: [FileState]
        var lookedAt: NIODeadline
    }

    /// The metadata by which a changed file is recognised; zeros if the file is missing.
    private struct FileState: Hashable {
        var inode: UInt64 = 0
        var size: Int64 = 0
        var seconds = 0
        var nanoseconds = 0

        init(path: String) {
            var info = stat()
            guard stat(path, &info) == 0 else { return }
            inode = UInt64(info.st_ino)
            size = Int64(info.st_size)
            #if canImport(Darwin)
                (seconds, nanoseconds) = (info.st_mtimespec.tv_sec, info.st_mtimespec.tv_nsec)
            #else
                (seconds, nanoseconds) = (info.st_mtim.tv_sec, info.st_mtim.tv_nsec)
            #endif
        }
    }

    /// The shortest time between two checks of the files.
    private static let interval = TimeAmount.seconds(1)

    private let certificate: ServerCertificate
    private let now: @Sendable () -> NIODeadline
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameter now: returns the current time.
    /// - Throws: ``ServerFailure`` if the files cannot be used now.
    init(
        _ certificate: ServerCertificate, logger: Logger, now: @escaping @Sendable () -> NIODeadline = { .now() }
    ) throws(ServerFailure) {
        self.certificate = certificate
        self.logger = logger
        self.now = now
        // Reads the metadata before the files. If the files change in between, the next check finds the difference.
        let seen = Self.look(at: certificate)
        state = Mutex(State(context: try certificate.context(), seen: seen, lookedAt: now()))
    }

    private static func look(at certificate: ServerCertificate) -> [FileState] {
        [certificate.certificatePath, certificate.keyPath].map(FileState.init)
    }

    /// The TLS context for a new connection. If the changed files are unusable, the previous context stays in use.
    var context: NIOSSLContext {
        state.withLock { state in
            let now = self.now()
            guard now - state.lookedAt >= Self.interval else { return state.context }
            state.lookedAt = now
            let files = Self.look(at: certificate)
            guard files != state.seen else { return state.context }
            state.seen = files
            do throws(ServerFailure) {
                state.context = try certificate.context()
                logger.notice("the certificate was read again", metadata: ["file": "\(certificate.certificatePath)"])
            } catch {
                // The two files are replaced one after the other. The second change causes another reload.
                logger.warning("the certificate stays as it was: \(error)")
            }
            return state.context
        }
    }
}
