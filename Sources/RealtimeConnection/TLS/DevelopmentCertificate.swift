import Crypto
import RecordFiles
import SwiftASN1
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

/// A TLS certificate for `localhost`, signed by the user's own certificate authority, for development. Clients that require `wss://`
/// accept it once they trust that authority.
///
/// The authority (valid for ten years) and the certificate for `localhost`, `127.0.0.1` and `::1` (valid for 90 days) are files in the
/// user's configuration folder, with mode 0600. Missing files are created. The certificate is renewed a week before it expires.
public struct DevelopmentCertificate: Sendable {
    /// The certificate and its key, for a server.
    public let certificate: ServerCertificate
    /// The PEM file of the authority, which clients must trust.
    public let authorityPath: String

    private static let day = 86_400.0

    /// Creates the missing files in the user's configuration folder.
    ///
    /// - Parameters:
    ///   - variable: returns the value of an environment variable. `XDG_CONFIG_HOME` or `HOME` names the folder.
    ///   - now: seconds since 1970.
    /// - Throws: ``ServerFailure`` if the environment names no folder, or the folder cannot be written.
    public init(variable: (String) -> String?, now: Double) throws(ServerFailure) {
        try self.init(folder: Self.folder(variable), now: now)
    }

    /// Creates the missing files in a folder.
    ///
    /// - Parameters:
    ///   - folder: the folder; if missing, it is created with mode 0700.
    ///   - now: seconds since 1970.
    /// - Throws: ``ServerFailure`` if the folder cannot be written.
    public init(folder: String, now: Double) throws(ServerFailure) {
        authorityPath = folder + "/ca.pem"
        certificate = ServerCertificate(
            certificatePath: folder + "/localhost.pem", keyPath: folder + "/localhost-key.pem")
        do {
            let authority = try Self.authority(folder, now)
            try makeCertificate(signedBy: authority, now)
        } catch let failure as ServerFailure {
            throw failure
        } catch {
            throw ServerFailure("cannot make a certificate in \(folder): \(error)")
        }
    }

    /// A shell command that makes Node and Python trust the certificate.
    public var trustLine: String {
        "export NODE_EXTRA_CA_CERTS='\(authorityPath)' SSL_CERT_FILE='\(authorityPath)'"
    }

    private static func folder(_ variable: (String) -> String?) throws(ServerFailure) -> String {
        if let folder = variable("XDG_CONFIG_HOME"), folder.hasPrefix("/") { return folder + "/realtime-router" }
        guard let home = variable("HOME"), home.hasPrefix("/") else {
            throw ServerFailure("--dev-cert keeps its certificate in the user's folder, and HOME names none")
        }
        return home + "/.config/realtime-router"
    }
}

// MARK: - The authority and the certificate

extension DevelopmentCertificate {
    private struct Authority {
        let name: DistinguishedName
        let key: Certificate.PrivateKey
    }

    private static func authority(_ folder: String, _ now: Double) throws -> Authority {
        let (path, keyPath) = (folder + "/ca.pem", folder + "/ca-key.pem")
        if let key = read(keyPath).flatMap({ try? Certificate.PrivateKey(pemEncoded: $0) }),
            let certificate = read(path).flatMap({ try? Certificate(pemEncoded: $0) }),
            certificate.publicKey == key.publicKey, certificate.isValid(at: now, left: 100 * day)
        {
            return Authority(name: certificate.subject, key: key)
        }
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName {
            CommonName("realtime-router development CA")
            OrganizationName(Self.machine)
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: Date(timeIntervalSince1970: now - day),
            notValidAfter: Date(timeIntervalSince1970: now + 3650 * day), issuer: name, subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key)
        try write(key.serializeAsPEM().pemString, to: keyPath)
        try write(certificate.serializeAsPEM().pemString, to: path)
        return Authority(name: name, key: key)
    }

    private func makeCertificate(signedBy authority: Authority, _ now: Double) throws {
        let (path, keyPath) = (certificate.certificatePath, certificate.keyPath)
        if let key = Self.read(keyPath).flatMap({ try? Certificate.PrivateKey(pemEncoded: $0) }),
            let known = Self.read(path).flatMap({ try? Certificate(pemEncoded: $0) }),
            known.publicKey == key.publicKey, authority.key.publicKey.isValidSignature(known.signature, for: known),
            known.isValid(at: now, left: 7 * Self.day)
        {
            return
        }
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName { CommonName("localhost") }
        let fresh = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: Date(timeIntervalSince1970: now - Self.day),
            notValidAfter: Date(timeIntervalSince1970: now + 90 * Self.day), issuer: authority.name, subject: subject,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([
                    .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                    .ipAddress(ASN1OctetString(contentBytes: ArraySlice([UInt8](repeating: 0, count: 15) + [1]))),
                ])
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: authority.key.publicKey).keyIdentifier)
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: authority.key)
        try Self.write(key.serializeAsPEM().pemString, to: keyPath)
        try Self.write(fresh.serializeAsPEM().pemString, to: path)
    }

    private static var machine: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "this machine" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func read(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) throws {
        try WholeFile(path: path).writePrivately(Array((text + "\n").utf8))
    }
}

extension Certificate {
    /// Whether the certificate is valid at a time, and for at least `left` seconds after it.
    fileprivate func isValid(at now: Double, left: Double) -> Bool {
        notValidBefore.timeIntervalSince1970 <= now && notValidAfter.timeIntervalSince1970 >= now + left
    }
}
