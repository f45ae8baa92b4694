import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ServerCertificate {
    /// The names of hosts that the certificate is for, in small letters; none if it cannot be read.
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
