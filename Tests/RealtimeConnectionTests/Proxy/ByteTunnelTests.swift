import EventRouter
import Foundation
import Logging
import NIOCore
import RawPeers
import ScratchFolders
import Testing

@testable import RealtimeConnection

/// Requests that pass a proxy unread.
@Suite(.timeLimit(.minutes(1))) struct ByteTunnelTests {
    private func start(_ server: RawServer) async throws -> ProxyBench {
        try await ProxyBench([server.url]) { $0.limits.answerTimeout = .seconds(2) }
    }

    @Test("A plain request passes with its body, and its answer comes back")
    func plainRequest() async throws {
        let server = try RawServer()
        let body = [UInt8](repeating: UInt8(ascii: "b"), count: 3 << 20)
        let answer = [UInt8](repeating: UInt8(ascii: "a"), count: 3 << 20)
        let served = Task {
            try await blocking { () -> (header: String, body: Int) in
                let client = server.accept()
                let header = client.header()
                let got = client.receive(body.count)?.count ?? 0
                client.send("HTTP/1.1 200 OK\r\nContent-Length: \(answer.count)\r\n\r\n")
                client.send(answer)
                return (header, got)
            }
        }
        let bench = try await start(server)
        let got = try await blocking { [port = bench.port] in
            let peer = try RawPeer(port, patience: .seconds(20))
            peer.send(
                "POST /v1/files?a HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\nAuthorization: k\r\n\r\n"
            )
            peer.send(body)
            return peer.receiveAll()
        }
        let seen = try await served.value
        #expect(
            seen.header
                == "POST /v1/files?a HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nContent-Length: \(body.count)\r\nAuthorization: k\r\nConnection: close\r\n\r\n"
        )
        #expect(seen.body == body.count)
        #expect(got.hasPrefix("HTTP/1.1 200 OK\r\n") && got.utf8.count > answer.count)
        let report = try await bench.end()
        #expect(report.sessions == 0)
    }

    @Test("A WebSocket on a path that is not known passes unread, and ends with either side", arguments: [true, false])
    func unknownPath(serverEnds: Bool) async throws {
        let server = try RawServer()
        let served = Task {
            try await blocking { () -> String? in
                let client = server.accept()
                client.send(client.accepted())
                let got = client.frame().map { String(decoding: $0.data, as: UTF8.self) }
                client.send(frame("from the server"))
                if !serverEnds { while client.receive() != nil {} }
                return got
            }
        }
        let bench = try await start(server)
        let got = try await blocking { [port = bench.port] in
            let peer = try RawPeer(port, patience: .seconds(20))
            peer.send(
                WebSocketServerTests.upgrade.replacing("/v1/realtime", with: "/v1/live/sessions").replacing(
                    "Host: h", with: "Host: localhost") + "\r\n")
            peer.send(masked(1, Array("from the client".utf8)))
            var text = ""
            while !text.contains("from the server"), let more = peer.receive() { text += more }
            return serverEnds ? text + peer.receiveAll() : text
        }
        #expect(got.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n") && got.contains("from the server"))
        #expect(try await served.value == "from the client")
        try await bench.end()
    }

    @Test("A server that is not reached, or says nothing, is answered for")
    func noServer() async throws {
        let bench = try await ProxyBench([try #require(WebSocketURL("ws://127.0.0.1:1/"))])
        let answer = try await blocking { [port = bench.port] in
            try RawPeer(port, patience: .seconds(20)).ask("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")
        }
        #expect(answer?.status == 502 && answer?.body.hasPrefix("the server: ") == true)
        try await bench.end()
    }

    @Test("Both hops may have TLS, on known paths and others", arguments: ["/v1/realtime", "/v1/live/sessions"])
    func tls(path: String) async throws {
        let folder = try ScratchFolder()
        let made = try DevelopmentCertificate(folder: folder.path, now: Date().timeIntervalSince1970)
        let trust = TrustRoots.file(path: made.authorityPath)
        let served = Inbox(greeting: "hello")
        let server = WebSocketServer(
            port: 0, certificate: made.certificate, threads: threads,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { _ in .accept(subprotocol: nil, receiver: served) }
        try await server.start()
        let url = try #require(WebSocketURL("wss://localhost:\(server.listeningPort ?? 1)"))
        let bench = try await ProxyBench([url]) { options in
            options.certificate = made.certificate
            options.trust = trust
        }
        let inbox = Inbox()
        let socket = try await WebSocketClient(threads: threads, trust: trust).connect(
            to: try #require(WebSocketURL("wss://localhost:\(bench.port)\(path)")), receiver: inbox)
        socket.post(ByteBuffer(string: "hi"))
        #expect(await inbox.messages(1) == ["hello"])
        #expect(await served.messages(1) == ["hi"])
        socket.close(code: 4002)
        #expect(await served.waitForEnd() == .closed(code: 4002, reason: ""))
        try await bench.end()
        await server.stop()
    }

    @Test("A shutdown ends what passes unread, as it knows no end of a session")
    func shutdown() async throws {
        let server = try RawServer()
        let served = Task {
            try await blocking {
                let client = server.accept()
                _ = client.header()
                client.send("HTTP/1.1 200 OK\r\n\r\nbegin")
                while client.receive() != nil {}
            }
        }
        let bench = try await start(server)
        let peer = try await blocking { [port = bench.port] in
            let peer = try RawPeer(port, patience: .seconds(20))
            peer.send("GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while let more = peer.receive(), !more.contains("begin") {}
            return peer
        }
        let begun = ContinuousClock.now
        try await bench.end()
        // The server itself would leave after 20 s.
        #expect(ContinuousClock.now - begun < .seconds(15))
        try await served.value
        #expect(peer.receive() == nil)
    }
}
