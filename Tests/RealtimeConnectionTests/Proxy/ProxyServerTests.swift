import EventRouter
import Foundation
import Logging
import NIOCore
import RawPeers
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

@testable import RealtimeConnection

/// Which clients a proxy takes, and what the others are answered.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerTests {
    /// A server that keeps connections until their clients leave.
    private func peer() async throws -> RealtimePeer {
        try await RealtimePeer { _, connection in
            await connection.send(Wire.created())
            while await connection.event() != nil {}
        }
    }

    @Test("The server gets the client's path, query and key, and its answer's fields are the client's")
    func handshake() async throws {
        let server = try RawServer()
        let served = Task {
            try await blocking { () -> String in
                let client = server.accept()
                let header = client.header()
                let key = String(header.firstMatch(of: /(?i)sec-websocket-key: (\S+)/)?.1 ?? "")
                client.send(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: realtime\r\nx-request-id: req_1\r\nopenai-processing-ms: 7\r\nSet-Cookie: c\r\nSec-WebSocket-Accept: \(HandshakeKey.accept(key))\r\n\r\n"
                )
                _ = client.frame()
                return header
            }
        }
        let bench = try await ProxyBench([server.url])
        let answer = try await blocking { [port = bench.port] in
            let peer = try RawPeer(port, patience: .seconds(20))
            peer.send(
                "GET /v1/realtime?model=m&x=%2F HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk\r\nSec-WebSocket-Extensions: permessage-deflate\r\nAuthorization: Bearer sk-1\r\n\r\n"
            )
            return peer.answer()
        }
        let header = try await served.value
        #expect(header.hasPrefix("GET /v1/realtime?model=m&x=%2F HTTP/1.1\r\n"))
        #expect(header.lowercased().contains("\r\nhost: 127.0.0.1:\(server.port)\r\n"))
        #expect(header.contains("Authorization: Bearer sk-1\r\n"))
        #expect(header.lowercased().contains("sec-websocket-protocol: realtime, openai-insecure-api-key.sk\r\n"))
        #expect(!header.lowercased().contains("extensions") && !header.contains("dGhlIHNhbXBsZSBub25jZQ=="))
        let head = try #require(answer?.head.lowercased())
        #expect(head.hasPrefix("http/1.1 101 ") && head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="))
        #expect(head.contains("sec-websocket-protocol: realtime") && head.contains("x-request-id: req_1"))
        #expect(
            head.contains("openai-processing-ms: 7") && !head.contains("set-cookie") && !head.contains("extensions"))
        try await bench.end()
    }

    @Test("A refusal of the server is the client's, and its redirect is not")
    func serversRefusal() async throws {
        let body = #"{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}"#
        let peer = try await RealtimePeer(answer: { number, _ in
            .refuse(
                status: number == 1 ? 401 : 307,
                headers: [("content-type", "application/json"), ("x-request-id", "req_1"), ("location", "wss://evil")],
                body: Array(body.utf8))
        }) { _, _ in }
        let bench = try await ProxyBench([peer.url])
        let refusal = await bench.refusal()
        #expect(refusal?.status == 401 && refusal?.requestID == "req_1" && refusal?.code == "invalid_api_key")
        #expect(refusal.map { String(decoding: $0.body, as: UTF8.self) } == body)
        #expect(refusal?.fields["content-type"] == "application/json")
        #expect(await bench.refusal()?.status == 502)
        let report = try await bench.end()
        #expect(report.sessions == 0)
        await peer.stop()
    }

    @Test("The next server is tried where one is not reached or has a fault, and not where it refuses")
    func severalServers() async throws {
        let peer = try await peer()
        let faulty = try await RealtimePeer(answer: { number, _ in
            .refuse(status: number == 1 ? 503 : 429, "full")
        }) { _, _ in }
        let nobody = try #require(WebSocketURL("ws://127.0.0.1:1/"))
        let bench = try await ProxyBench([nobody, faulty.url, peer.url])
        let inbox = Inbox()
        let socket = try await bench.connect(inbox)
        #expect(await inbox.messages(1) == [Wire.created()])
        #expect(await bench.refusal()?.status == 429)
        #expect(peer.requests.count == 1 && faulty.requests.count == 2)
        socket.close()
        try await bench.end()
        let alone = try await ProxyBench([nobody])
        let refusal = await alone.refusal()
        #expect(refusal?.status == 502)
        #expect(
            refusal.map { String(decoding: $0.body, as: UTF8.self) }?.hasPrefix("the server: ") == true)
        try await alone.end()
        await peer.stop()
        await faulty.stop()
    }

    @Test("Hosts, origins and tokens are checked before anything is dialled")
    func checks() async throws {
        let peer = try await peer()
        let bench = try await ProxyBench([peer.url]) { $0.origins = ["https://app.example"] }
        #expect(await bench.refusal(headers: [("Origin", "https://evil.example")])?.status == 403)
        let other = try await blocking { [port = bench.port] in
            try RawPeer(port, patience: .seconds(20)).ask("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        }
        #expect(other?.status == 421)
        #expect(peer.requests.isEmpty)
        let socket = try await bench.connect(Inbox(), headers: [("Origin", "https://app.example")])
        socket.close()
        try await bench.end()
        await peer.stop()
    }

    @Test("Tokens decide who may have a session, for which model, and how many")
    func tokens() async throws {
        let peer = try await peer()
        // The SHA-256 of "token".
        var client = try #require(
            ProxyClient(
                name: "web", tokenSHA256: "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0"))
        client.models = ["m"]
        client.maximumSessions = 1
        client.allowedTypes = ["response.create"]
        let bench = try await ProxyBench([peer.url]) { [client] in $0.ownKey = OwnKey("sk-own", clients: [client]) }
        let shown = [(name: "Authorization", value: "Bearer token")]
        #expect(await bench.refusal()?.status == 401)
        #expect(await bench.refusal(headers: [("Authorization", "Bearer other")])?.status == 401)
        #expect(await bench.refusal(target: "/v1/realtime?model=x", headers: shown)?.status == 403)
        #expect(await bench.refusal(target: "/v1/live/sessions", headers: shown)?.status == 404)
        #expect(peer.requests.isEmpty)
        let inbox = Inbox()
        let socket = try await bench.connect(inbox, headers: shown)
        #expect(
            peer.requests.first?.headers.filter { $0.name.lowercased() == "authorization" }.map(\.value) == [
                "Bearer sk-own"
            ])
        let full = await bench.refusal(headers: shown)
        #expect(full?.status == 429 && full?.retryAfter == 5)
        socket.post(ByteBuffer(string: #"{"type":"session.update"}"#))
        let end = await inbox.waitForEnd()
        #expect(end == .closed(code: 1008, reason: "this token may not send `session.update`"))
        try await bench.end()
        await peer.stop()
    }

    @Test("Sessions beyond the limit get 503, and their places are free again when they have ended")
    func maximumSessions() async throws {
        let peer = try await peer()
        let bench = try await ProxyBench([peer.url]) { $0.maximumSessions = 1 }
        let inbox = Inbox()
        let socket = try await bench.connect(inbox)
        let full = await bench.refusal()
        #expect(full?.status == 503 && full?.retryAfter == 5)
        #expect(peer.requests.count == 1)
        socket.close()
        _ = await inbox.waitForEnd()
        while await bench.refusal() != nil, !Task.isCancelled { await Task.yield() }
        try await bench.end()
        await peer.stop()
    }

    @Test("Keys and labels come from the handshake, and a key that runs already gets a number")
    func keysAndLabels() async throws {
        let peer = try await peer()
        let all = MemoryHandler(interests: [.sessionCreated])
        let bench = try await ProxyBench([peer.url], [("all", all)]) { options in
            options.sessionKey = .query("sid")
            options.labels = [ClientLabel("tenant", .request(.header("x-tenant")))]
        }
        for _ in 0..<2 {
            _ = try await bench.connect(
                Inbox(), target: "/v1/realtime?sid=call-7", headers: [("X-Tenant", "acme")])
        }
        let seen = await all.deliveries.wait(for: 2).map(\.session)
        #expect(Set(seen.map(\.key)) == ["call-7", "call-7#2"])
        #expect(seen.allSatisfy { $0.labels == [SessionLabel("tenant", "acme")] })
        try await bench.end()
        await peer.stop()
    }

    @Test("A header of too many blanks is refused before the dial, and takes no place")
    func blankHeader() async throws {
        let peer = try await peer()
        let bench = try await ProxyBench([peer.url]) { $0.maximumSessions = 1 }
        let status = try await blocking { [port = bench.port] in
            let fields = "X: " + String(repeating: " ", count: 20_000) + "\r\n"
            return try RawPeer(port, patience: .seconds(20)).ask(
                WebSocketServerTests.upgrade.replacing("Host: h", with: "Host: localhost") + fields + "\r\n")?.status
        }
        #expect(status == 431)
        #expect(peer.requests.isEmpty)
        let inbox = Inbox()
        let socket = try await bench.connect(inbox)
        socket.close()
        _ = await inbox.waitForEnd()
        try await bench.end()
        await peer.stop()
    }

    @Test("A client that leaves when the server has spoken leaves its place")
    func clientLeaves_behindTheDial() async throws {
        let server = try RawServer()
        let bench = try await ProxyBench([server.url]) { $0.maximumSessions = 1 }
        let ended = Task {
            try await blocking {
                let dialled = server.accept()
                dialled.send(dialled.accepted() + frame(Wire.created()))
                return dialled.frame()?.data
            }
        }
        try await blocking { [port = bench.port] in
            let peer = try RawPeer(port, patience: .seconds(20))
            peer.send(WebSocketServerTests.upgrade.replacing("Host: h", with: "Host: localhost") + "\r\n")
            _ = peer.receive()
            peer.reset()
            _ = consume peer
        }
        // 1011, as the client's connection was lost.
        #expect(try await ended.value?.prefix(2) == [0x03, 0xF3])
        try await bench.end(within: .seconds(10))
    }

    @Test("A client that leaves during the dial takes the dial and its place with it")
    func clientLeaves_duringTheDial() async throws {
        let server = try RawServer()
        let bench = try await ProxyBench([server.url]) { $0.maximumSessions = 1 }
        try await blocking { [port = bench.port] in
            let peer = try RawPeer(port, patience: .seconds(20))
            peer.send(WebSocketServerTests.upgrade.replacing("Host: h", with: "Host: localhost") + "\r\n")
            let dialled = server.accept()
            _ = dialled.header()
            peer.reset()
            _ = consume peer
            // The dial is given up without an answer of the server's.
            while dialled.receive() != nil {}
        }
        // Its place is free, so that the next client is dialled for.
        let next = Task { await bench.refusal() }
        try await blocking {
            let client = server.accept()
            while true {
                let header = client.header()
                if header.isEmpty { break }
                client.send("HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n")
            }
        }
        #expect(await next.value?.status == 418)
        try await bench.end()
    }
}
