import Foundation
import HTTPService
import Logging
import NIOCore
import RawPeers
import ScratchFolders
import Synchronization
import Testing

@testable import RealtimeConnection

/// A server against clients that write raw bytes, and against our own client with TLS.
@Suite(.timeLimit(.minutes(1)))
struct WebSocketServerTests {
    static let upgrade =
        "GET /v1/realtime?model=m HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func start(
        _ limits: WebSocketLimits = WebSocketLimits(), certificate: ServerCertificate? = nil,
        maximumConnections: Int = 100,
        answer: @escaping WebSocketServer.Answering
    ) async throws -> (server: WebSocketServer, port: UInt16) {
        var limits = limits
        limits.closeTimeout = .milliseconds(200)
        let server = WebSocketServer(
            port: 0, certificate: certificate, threads: threads, limits: limits, maximumConnections: maximumConnections,
            logger: logger, answer: answer)
        try await server.start()
        return (server, try #require(server.listeningPort))
    }

    private func accepting(_ inbox: Inbox) -> WebSocketServer.Answering {
        { request in
            if let fault = request.fault { return .refuse(fault) }
            return .accept(subprotocol: request.subprotocols.first, receiver: inbox)
        }
    }

    private func answer(to request: String, _ limits: WebSocketLimits = WebSocketLimits()) async throws -> Answer? {
        let (server, port) = try await start(limits, answer: accepting(Inbox()))
        let answer = try await blocking { try RawPeer(port).ask(request) }
        await server.stop()
        return answer
    }

    @Test("A handshake with the RFC's key gets the RFC's answer, and frames right behind it count")
    func handshake() async throws {
        let inbox = Inbox(greeting: "hello")
        let (server, port) = try await start(answer: accepting(inbox))
        #expect(server.url == "ws://127.0.0.1:\(port)")
        let text = try await blocking {
            let peer = try RawPeer(port)
            peer.send(Self.upgrade + "Sec-WebSocket-Protocol: realtime, x\r\n\r\n")
            var text = ""
            while !text.contains("hello"), let more = peer.receive() { text += more }
            peer.send(masked(1, Array("hi".utf8)))
            peer.send(masked(8, []))
            return text + peer.receiveAll()
        }
        #expect(text.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(text.lowercased().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"))
        #expect(text.contains("sec-websocket-protocol: realtime\r\n"))
        #expect(await inbox.waitForEnd() == .closed(code: nil, reason: ""))
        #expect(inbox.messages == ["hi"])
        await server.stop()
    }

    @Test("An unmasked frame of a client ends the connection with 1002")
    func unmaskedFrame() async throws {
        let inbox = Inbox()
        let (server, port) = try await start(answer: accepting(inbox))
        let text = try await blocking {
            let peer = try RawPeer(port)
            peer.send(Self.upgrade + "\r\n")
            peer.send(frame("hi"))
            return peer.receiveAll()
        }
        #expect(text.contains("a frame of the client is not masked"))
        #expect(await inbox.waitForEnd() == .violated(code: 1002, "a frame of the client is not masked"))
        await server.stop()
    }

    @Test(
        "What is no handshake gets an HTTP answer",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 426, "this is a WebSocket endpoint\n"),
            (
                Self.upgrade.replacing("Version: 13", with: "Version: 8") + "\r\n", 426,
                "only version 13 of WebSocket is known here\n"
            ),
            (
                Self.upgrade.replacing("Key: dG", with: "Key: d") + "\r\n", 400,
                "the handshake is wrong: its `Sec-WebSocket-Key` is not 16 bytes in base64\n"
            ),
            (
                Self.upgrade.replacing("GET", with: "POST") + "\r\n", 400,
                "the handshake is wrong: it is not an HTTP/1.1 GET request\n"
            ),
            ("\u{16}\u{3}\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}", 400, "this is not an HTTP request\n"),
            (
                "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 20_000) + "\r\n\r\n", 431,
                "the request's header is too large\n"
            ),
        ])
    func refusals(request: String, status: Int, body: String) async throws {
        let answer = try await answer(to: request)
        #expect(answer?.status == status)
        #expect(answer?.body == body)
    }

    @Test("A handshake that comes slowly is refused in time")
    func slowHandshake() async throws {
        var limits = WebSocketLimits()
        limits.handshakeTimeout = .milliseconds(300)
        let (server, port) = try await start(limits, answer: accepting(Inbox()))
        let answer = try await blocking {
            let peer = try RawPeer(port)
            for byte in "GET / HTTP/1.1\r\nX: " {
                peer.send(String(byte))
                usleep(20_000)
            }
            return peer.answer()
        }
        #expect(answer?.status == 408)
        await server.stop()
    }

    @Test("An answer that takes too long is given up, and its task is cancelled")
    func slowAnswer() async throws {
        var limits = WebSocketLimits()
        limits.answerTimeout = .milliseconds(200)
        let wasCancelled = Mutex(false)
        let (server, port) = try await start(limits) { _ in
            try? await Task.sleep(for: .seconds(30))
            wasCancelled.withLock { $0 = Task.isCancelled }
            return .refuse(status: 404, "no")
        }
        #expect(try await blocking { try RawPeer(port).ask(Self.upgrade + "\r\n") }?.status == 503)
        while !wasCancelled.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
        await server.stop()
    }

    @Test("Connections beyond the limit get 503")
    func tooManyConnections() async throws {
        let inbox = Inbox()
        let (server, port) = try await start(maximumConnections: 1, answer: accepting(inbox))
        let status = try await blocking {
            let first = try RawPeer(port)
            first.send(Self.upgrade + "\r\n")
            _ = first.receive()
            // Also one that sends nothing, and before it would have had to.
            let patience = Duration.seconds(5)
            return [
                try RawPeer(port).ask(Self.upgrade + "\r\n")?.status,
                try RawPeer(port, patience: patience).answer()?.status,
            ]
        }
        #expect(status == [503, 503])
        _ = await inbox.waitForEnd()
        await server.stop()
    }

    @Test("A port that is taken is told")
    func takenPort() async throws {
        let (server, port) = try await start(answer: accepting(Inbox()))
        let other = WebSocketServer(port: port, threads: threads, logger: logger, answer: accepting(Inbox()))
        await #expect(throws: ServerFailure("cannot listen on 127.0.0.1:\(port): Address already in use")) {
            try await other.start()
        }
        await server.stop()
    }
}

/// TLS, with certificates made for the test.
@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
    private let now = Date().timeIntervalSince1970

    private func serve(
        _ certificate: ServerCertificate, on address: IPAddress = .loopback
    ) async throws -> (WebSocketServer, WebSocketURL) {
        let server = WebSocketServer(
            address: address, port: 0, certificate: certificate, threads: threads,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { _ in .accept(subprotocol: nil, receiver: Inbox(greeting: "hello")) }
        try await server.start()
        return (server, WebSocketURL("wss://localhost:\(server.listeningPort!)/")!)
    }

    private func failure(_ url: WebSocketURL, trust: TrustRoots) async -> DialFailure? {
        do {
            _ = try await WebSocketClient(threads: threads, trust: trust).connect(to: url, receiver: Inbox())
            return nil
        } catch {
            return error
        }
    }

    @Test("A development certificate serves localhost, and is kept until it is about to expire")
    func developmentCertificate() async throws {
        let folder = try ScratchFolder()
        let home = folder.path + "/home"
        let made = try DevelopmentCertificate(variable: { ["HOME": home][$0] }, now: now)
        #expect(made.authorityPath == "\(home)/.config/realtime-router/ca.pem")
        #expect(
            made.trustLine
                == "export NODE_EXTRA_CA_CERTS='\(made.authorityPath)' SSL_CERT_FILE='\(made.authorityPath)'")
        #expect(try folder.mode("home/.config/realtime-router/ca-key.pem") == 0o600)
        #expect(try folder.mode("home/.config/realtime-router/localhost-key.pem") == 0o600)
        let first = try folder.read("home/.config/realtime-router/localhost.pem")
        _ = try DevelopmentCertificate(variable: { ["HOME": home][$0] }, now: now + 80 * 86_400)
        #expect(try folder.read("home/.config/realtime-router/localhost.pem") == first)
        let authority = try folder.read("home/.config/realtime-router/ca.pem")
        _ = try DevelopmentCertificate(variable: { ["HOME": home][$0] }, now: now + 84 * 86_400)
        #expect(try folder.read("home/.config/realtime-router/localhost.pem") != first)
        #expect(try folder.read("home/.config/realtime-router/ca.pem") == authority)

        _ = try DevelopmentCertificate(variable: { ["HOME": home][$0] }, now: now)
        let (server, url) = try await serve(made.certificate)
        let inbox = Inbox()
        let client = WebSocketClient(threads: threads, trust: .file(path: made.authorityPath))
        for url in [url, WebSocketURL("wss://127.0.0.1:\(url.port)/")!] {
            let socket = try await client.connect(to: url, receiver: inbox)
            _ = await inbox.messages(1)
            socket.close()
            await socket.waitForEnd()
        }
        #expect(inbox.messages == ["hello", "hello"])
        await server.stop()
    }

    @Test("A foreign authority, a wrong name and an expired certificate are told apart")
    func wrongCertificates() async throws {
        let folder = try ScratchFolder()
        let foreign = try DevelopmentCertificate(folder: folder.path + "/foreign", now: now)
        let own = try DevelopmentCertificate(folder: folder.path + "/own", now: now)
        let old = try DevelopmentCertificate(folder: folder.path + "/old", now: now - 100 * 86_400)
        let trust = TrustRoots.file(path: own.authorityPath)

        let (first, url) = try await serve(foreign.certificate)
        #expect(
            await failure(url, trust: trust)
                == .untrusted(
                    """
                    the certificate of localhost is signed by an authority that is not trusted
                       help: give the authority's certificate with --ca FILE
                    """))
        await first.stop()

        let (second, expired) = try await serve(old.certificate)
        let failed = await failure(expired, trust: .file(path: old.authorityPath))
        #expect(failed?.description.hasPrefix("the certificate of localhost expired on 20") == true)
        await second.stop()
    }

    @Test("Files that are no certificates are told")
    func wrongFiles() async throws {
        let folder = try ScratchFolder()
        let text = try folder.write("nonsense", to: "text.pem")
        let made = try DevelopmentCertificate(folder: folder.path, now: now)
        let url = WebSocketURL("wss://localhost:1/")!
        #expect(
            await failure(url, trust: .file(path: "\(folder.path)/none.pem"))
                == .unusable("cannot read the certificates in \(folder.path)/none.pem: No such file or directory"))
        #expect(
            await failure(url, trust: .file(path: text))
                == .unusable("cannot read the certificates in \(text): it is not a PEM file"))
        #expect(throws: ServerFailure("cannot read the private key \(text): it is not a PEM file")) {
            try ServerCertificate(certificatePath: made.certificate.certificatePath, keyPath: text).context()
        }
        let other = try DevelopmentCertificate(folder: folder.path + "/other", now: now)
        #expect(
            throws: ServerFailure(
                "the certificate \(made.certificate.certificatePath) and the key \(other.certificate.keyPath) do not belong together"
            )
        ) {
            try ServerCertificate(
                certificatePath: made.certificate.certificatePath, keyPath: other.certificate.keyPath
            ).context()
        }
    }

    @Test("A server without TLS, and a name that is not the certificate's, are told")
    func wrongPeers() async throws {
        let folder = try ScratchFolder()
        let own = try DevelopmentCertificate(folder: folder.path, now: now)
        let plain = try RawServer()
        let served = Task {
            try await blocking {
                let client = plain.accept()
                _ = client.receive()
                client.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            }
        }
        let url = WebSocketURL("wss://127.0.0.1:\(plain.port)/")!
        #expect(
            await failure(url, trust: .file(path: own.authorityPath))
                == .unreachable("it does not speak TLS: should the address begin with ws://?"))
        try await served.value
        // The certificate is for 127.0.0.1 and localhost only.
        let (server, local) = try await serve(own.certificate, on: IPAddress("127.0.0.2")!)
        let other = WebSocketURL("wss://127.0.0.2:\(local.port)/")!
        #expect(
            await failure(other, trust: .file(path: own.authorityPath))
                == .untrusted("the certificate of 127.0.0.2 is for another name: localhost, 127.0.0.1, ::1"))
        await server.stop()
    }
}
