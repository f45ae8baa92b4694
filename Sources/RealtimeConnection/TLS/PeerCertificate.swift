import ConfigSource
import NIOCore
import NIOSSL
import SwiftASN1
import X509

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds out why a server's certificate was rejected, by opening a second connection that only reads the certificate.
enum PeerCertificate {
    /// What is wrong with the certificate, for an operator; nil if the reason is unknown.
    static func fault(
        of url: WebSocketURL, _ loop: any EventLoop, _ proxy: OutboundProxy?, _ limits: WebSocketLimits
    ) async -> String? {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        guard let context = try? NIOSSLContext(configuration: configuration) else { return nil }
        let dial = Dial(url: url, proxy: proxy, limits: limits, loop: loop)
        let certificate = try? await dial.open { (channel, seen: EventLoopPromise<NIOSSLCertificate>) in
            let handler = try NIOSSLClientHandler(context: context, serverHostname: nil) { chain, verdict in
                if let certificate = chain.first { seen.succeed(certificate) }
                verdict.succeed(NIOSSLVerificationResult.failed)
            }
            try channel.pipeline.syncOperations.addHandler(handler)
            channel.closeFuture.whenComplete { _ in seen.fail(ChannelError.eof) }
        }
        guard let certificate else { return nil }
        return fault(of: certificate, url, now: time(nil))
    }

    private static func fault(of certificate: NIOSSLCertificate, _ url: WebSocketURL, now: time_t) -> String {
        if certificate.notValidAfter < now {
            return "the certificate of \(url.host) expired on \(day(certificate.notValidAfter))"
        }
        if certificate.notValidBefore > now {
            return
                "the certificate of \(url.host) is valid only from \(day(certificate.notValidBefore)) on: is the clock right?"
        }
        let names = names(of: certificate)
        if !names.isEmpty, !names.contains(where: { matches($0, url.host) }) {
            return "the certificate of \(url.host) is for another name: \(names.joined(separator: ", "))"
        }
        return """
            the certificate of \(url.host) is signed by an authority that is not trusted
               help: give the authority's certificate with --ca FILE
            """
    }

    /// The host names and addresses that the certificate is valid for.
    private static func names(of certificate: NIOSSLCertificate) -> [String] {
        guard let bytes = try? certificate.toDERBytes(), let parsed = try? Certificate(derEncoded: bytes),
            let names = try? parsed.extensions.subjectAlternativeNames
        else { return [] }
        return names.compactMap { name in
            switch name {
            case .dnsName(let name): return name.printable
            case .ipAddress(let address):
                return try? SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: 0).ipAddress
            default: return nil
            }
        }
    }

    private static func matches(_ name: String, _ host: String) -> Bool {
        let (name, host) = (name.lowercased(), host.lowercased())
        guard name.hasPrefix("*.") else { return name == host }
        return host.drop { $0 != "." } == name.dropFirst()
    }

    private static func day(_ time: time_t) -> String {
        var (time, parts) = (time, tm())
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    }
}
