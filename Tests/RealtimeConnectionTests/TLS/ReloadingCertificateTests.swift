import Foundation
import Logging
import NIOCore
import ScratchFolders
import Synchronization
import Testing

@testable import RealtimeConnection

/// A certificate that is renewed while its server runs.
@Suite(.timeLimit(.minutes(1))) struct ReloadingCertificateTests {
    private let now = Date().timeIntervalSince1970
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// The files of a server, and the time that it goes by.
    private final class Renewal: Sendable {
        let folder: ScratchFolder
        let time = Mutex(NIODeadline.now())

        init() throws { folder = try ScratchFolder() }

        func advance() { time.withLock { $0 = $0 + .seconds(1) } }

        /// Puts the files of another certificate in the place of the server's; both, or one of them.
        func renew(_ number: Int, now: Double, certificate: Bool = true, key: Bool = true) throws -> ServerCertificate {
            let made = try DevelopmentCertificate(folder: "\(folder.path)/\(number)", now: now).certificate
            let served = ServerCertificate(
                certificatePath: folder.path + "/cert.pem", keyPath: folder.path + "/key.pem")
            for (isWanted, from, to) in [
                (certificate, made.certificatePath, served.certificatePath), (key, made.keyPath, served.keyPath),
            ] where isWanted {
                try Data(contentsOf: URL(filePath: from)).write(to: URL(filePath: to), options: .atomic)
            }
            return served
        }
    }

    @Test("Changed files are read again, at most once a second, and unchanged ones are not")
    func changedFiles() throws {
        let renewal = try Renewal()
        let live = try ReloadingCertificate(
            renewal.renew(1, now: now), logger: logger, now: { renewal.time.withLock { $0 } })
        let first = live.context
        renewal.advance()
        #expect(live.context === first)
        _ = try renewal.renew(2, now: now)
        #expect(live.context === first)
        renewal.advance()
        let second = live.context
        #expect(second !== first)
        renewal.advance()
        #expect(live.context === second)
    }

    @Test("Files that do not belong together, and files that are missing, leave the certificate before in place")
    func unusableFiles() throws {
        let renewal = try Renewal()
        let served = try renewal.renew(1, now: now)
        let live = try ReloadingCertificate(served, logger: logger, now: { renewal.time.withLock { $0 } })
        let first = live.context
        _ = try renewal.renew(2, now: now, key: false)
        renewal.advance()
        #expect(live.context === first)
        try FileManager.default.removeItem(atPath: served.certificatePath)
        renewal.advance()
        #expect(live.context === first)
        _ = try renewal.renew(2, now: now)
        renewal.advance()
        #expect(live.context !== first)
    }

    @Test("A server cannot begin with files that it cannot use")
    func unusableFiles_atTheBeginning() {
        #expect(
            throws: ServerFailure("cannot read the certificate /none/cert.pem: No such file or directory")
        ) {
            try ReloadingCertificate(
                ServerCertificate(certificatePath: "/none/cert.pem", keyPath: "/none/key.pem"), logger: logger)
        }
    }
}
