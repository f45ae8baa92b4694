import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Descriptions of the network libraries' errors.
enum NetworkError {
    /// A description for messages and logs.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError: text(of: error)
        case let error as ChannelError: text(of: error)
        case let error as NIOSSLError: text(of: error)
        case let error as BoringSSLError: text(of: error)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            "its certificate is for another name"
        case let error as SocketAddressError.UnknownHost: "\(error.errorDescription)"
        default: "\(error)"
        }
    }

    /// Whether the error is about the peer's certificate.
    static func isOfCertificate(_ error: any Error) -> Bool {
        if let error = error as? NIOSSLExtraError { return error == .failedToValidateHostname }
        guard case NIOSSLError.handshakeFailed(let cause) = error else { return false }
        return "\(cause)".contains("CERTIFICATE_VERIFY_FAILED")
    }

    private static func text(of error: NIOConnectionError) -> String {
        // Each address of the host was tried. The first failure is usually the most informative.
        if let first = error.connectionErrors.first { return text(of: first.error) }
        guard let failure = error.dnsAError ?? error.dnsAAAAError else { return "it has no address" }
        return "cannot find its address: \(text(of: failure))"
    }

    private static func text(of error: ChannelError) -> String {
        switch error {
        case .connectTimeout: "no answer in time"
        case .eof, .inputClosed: "the peer closed the connection"
        default: "\(error)"
        }
    }

    private static func text(of error: NIOSSLError) -> String {
        switch error {
        case .handshakeFailed(let cause): text(of: cause)
        case .uncleanShutdown: "the peer closed the connection without a TLS close message"
        default: "TLS failed: \(error)"
        }
    }

    private static func text(of error: BoringSSLError) -> String {
        let words = "\(error)"
        if words.contains("CERTIFICATE_VERIFY_FAILED") { return "its certificate is not trusted" }
        if words.contains("WRONG_VERSION_NUMBER") {
            return "it does not speak TLS: should the address begin with ws://?"
        }
        return "TLS failed: \(words)"
    }
}
