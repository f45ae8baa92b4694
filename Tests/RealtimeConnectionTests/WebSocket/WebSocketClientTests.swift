import Foundation
import NIOCore
import RawPeers
import Testing

@testable import RealtimeConnection

/// A client against servers that write raw bytes.
@Suite(.timeLimit(.minutes(1)))
struct WebSocketClientTests {
    private func limits(_ change: (inout WebSocketLimits) -> Void = { _ in }) -> WebSocketLimits {
        var limits = WebSocketLimits()
        limits.closeTimeout = .milliseconds(200)
        change(&limits)
        return limits
    }

    /// Connects to a server that serves one client, and gives what the client got.
    private func connect(
        _ limits: WebSocketLimits? = nil, to inbox: Inbox = Inbox(),
        serving: @escaping @Sendable (RawServer.Client) -> Void
    ) async throws -> (socket: WebSocket, inbox: Inbox, served: Task<Void, any Error>) {
        let server = try RawServer()
        let served = Task { try await blocking { serving(server.accept()) } }
        let client = WebSocketClient(threads: threads, limits: limits ?? self.limits())
        return (try await client.connect(to: server.url, receiver: inbox), inbox, served)
    }

    /// The failure to connect to a server that serves one client.
    private func failure(
        _ limits: WebSocketLimits? = nil, serving: @escaping @Sendable (RawServer.Client) -> Void
    ) async throws -> DialFailure? {
        do {
            _ = try await connect(limits, serving: serving)
            return nil
        } catch let failure as DialFailure {
            return failure
        }
    }

    @Test("The first frame counts that comes in one segment with the answer to the handshake")
    func firstFrameBehindHandshake() async throws {
        let (socket, inbox, served) = try await connect { client in
            client.send(client.accepted() + frame("created") + frame("next"))
            _ = client.receive()
        }
        #expect(await inbox.messages(2) == ["created", "next"])
        socket.abort()
        try await served.value
    }

    @Test("Answers before the final one are passed over")
    func preliminaryAnswers() async throws {
        let (socket, inbox, served) = try await connect { client in
            let answer = client.accepted()
            client.send(
                Array("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n".utf8) + answer
                    + frame("one"))
            _ = client.receive()
        }
        #expect(await inbox.messages(1) == ["one"])
        socket.abort()
        try await served.value
    }

    @Test("A frame may come byte by byte")
    func splitFrames() async throws {
        let (socket, inbox, served) = try await connect { client in
            for byte in client.accepted() + frame("one") + frame(String(repeating: "x", count: 300)) {
                client.send([byte])
            }
            _ = client.receive()
        }
        #expect(await inbox.messages(2) == ["one", String(repeating: "x", count: 300)])
        socket.abort()
        try await served.value
    }

    @Test("Fragments make one message, with a ping between them, which is answered")
    func fragments() async throws {
        let (socket, inbox, served) = try await connect { client in
            client.send(client.accepted() + frame(1, Array("a".utf8), isFinal: false) + frame(9, [7, 8]))
            let pong = client.frame()
            #expect(pong?.opcode == 10)
            #expect(pong?.data == [7, 8])
            client.send(
                frame(0, Array("b".utf8), isFinal: false) + frame(0, [], isFinal: false) + frame(0, Array("c".utf8)))
            _ = client.receive()
        }
        #expect(await inbox.messages(1) == ["abc"])
        socket.abort()
        try await served.value
    }

    @Test("A message of 10 MB comes whole, and one goes out whole")
    func largeMessages() async throws {
        let text = String(repeating: "0123456789", count: 1 << 20)
        let (socket, inbox, served) = try await connect { client in
            client.send(client.accepted() + frame(text))
            #expect(client.frame()?.data == Array(text.utf8))
        }
        #expect(await inbox.messages(1) == [text])
        #expect(await socket.send(Array(text.utf8)))
        try await served.value
    }

    @Test("A flood of pings that the peer takes no answers to costs no memory, and messages go on")
    func pingFlood() async throws {
        let (socket, inbox, served) = try await connect { client in
            client.send(client.accepted())
            let pings = Array(repeating: frame(9, [UInt8](repeating: 1, count: 125)), count: 1000).flatMap(\.self)
            for _ in 0..<100 { client.send(pings) }
            client.send(frame("still here"))
            while client.receive() != nil {}
        }
        #expect(await inbox.messages(1) == ["still here"])
        let queued = await withCheckedContinuation { done in
            socket.eventLoop.execute { done.resume(returning: socket.queuedBytes) }
        }
        #expect(queued <= 512 << 10)
        socket.abort()
        try await served.value
    }

    @Test("An end without a close frame is none of the server's wishes: 1006")
    func abruptEnd() async throws {
        let (_, inbox, served) = try await connect { client in client.send(client.accepted() + frame("last")) }
        let end = await inbox.waitForEnd()
        #expect(end == .lost("the peer closed the connection"))
        #expect(inbox.messages == ["last"])
        try await served.value
        let (_, other, reset) = try await connect { client in
            client.send(client.accepted())
            client.reset()
        }
        let otherEnd = await other.waitForEnd()
        #expect(otherEnd == .lost("Connection reset by peer"))
        try await reset.value
    }

    @Test("A close frame is echoed, and its code and reason are told")
    func closeFrame() async throws {
        let (_, inbox, served) = try await connect { client in
            client.send(client.accepted() + frame(8, [0x03, 0xE9] + Array("session expired".utf8)))
            let echo = client.frame()
            #expect(echo?.opcode == 8)
            #expect(echo?.data == [0x03, 0xE9])
            #expect(client.frame() == nil)
        }
        let end = await inbox.waitForEnd()
        #expect(end == .closed(code: 1001, reason: "session expired"))
        #expect(end.description == "closed by the peer with 1001 (session expired)")
        // A server's words reach terminals.
        #expect(!WebSocketEnd.closed(code: 1001, reason: "\u{1B}[2J").description.contains("\u{1B}"))
        try await served.value
    }

    @Test(
        "What breaks the protocol ends the connection with a code",
        arguments: [
            (frame(1, [UInt8](repeating: 0x61, count: 2000)), 1009, "a frame is larger than 1000 bytes"),
            (
                frame(1, [UInt8](repeating: 0x61, count: 600), isFinal: false)
                    + frame(0, [UInt8](repeating: 0x61, count: 600)), 1009, "a message is larger than 1000 bytes"
            ),
            (masked(1, [0x61]), 1002, "a frame is masked"),
            ([0xC1, 0x01, 0x61], 1002, "a frame has reserved bits, and no extension was agreed on"),
            (frame(3, [0x61]), 1002, "a frame has an unknown opcode"),
            (frame(0, [0x61]), 1002, "a fragment came without a message"),
            (
                frame(1, [0x61], isFinal: false) + frame(1, [0x61]), 1002,
                "a message began before the last fragment of the one before it"
            ),
            (frame(9, [], isFinal: false), 1002, "a control frame is fragmented"),
            (
                [0x89, 126, 0, 126] + [UInt8](repeating: 0, count: 126), 1002,
                "a control frame is longer than 125 bytes"
            ),
            (frame(8, [3]), 1002, "a close frame has no valid code"),
            (frame(1, [0x61, 0xC3, 0x28]), 1007, "a text message is not UTF-8"),
            (frame(1, [0xED, 0xA0, 0x80]), 1007, "a text message is not UTF-8"),
            (frame(1, [0xE2, 0x82], isFinal: false) + frame(0, [0x28]), 1007, "a text message is not UTF-8"),
            (frame(8, [0x03, 0xE8, 0xFF]), 1007, "the reason of a close frame is not UTF-8"),
            (frame(8, [0x03, 0xED]), 1002, "a close frame has no valid code"),
        ] as [([UInt8], UInt16, String)])
    func violations(bytes: [UInt8], code: UInt16, reason: String) async throws {
        let (_, inbox, served) = try await connect(limits { $0.maximumMessageBytes = 1000 }) { client in
            client.send(client.accepted() + bytes)
            let close = client.frame()
            #expect(close?.opcode == 8)
            #expect(close?.data.prefix(2).elementsEqual([UInt8(code >> 8), UInt8(code & 255)]) == true)
            #expect(client.frame() == nil)
        }
        #expect(await inbox.waitForEnd() == .violated(code: code, reason))
        try await served.value
    }

    @Test(
        "A wrong answer to the handshake is told",
        arguments: [
            (
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: bm9wZQ==\r\n\r\n",
                "its `Sec-WebSocket-Accept` does not fit the key"
            ),
            ("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n", "it has no `Upgrade: websocket`"),
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "it has no `Connection: Upgrade`"),
        ])
    func wrongHandshakes(answer: String, reason: String) async throws {
        let failure = try await failure { client in
            _ = client.header()
            client.send(answer)
            _ = client.receive()
        }
        #expect(failure == .violated("the server's answer to the handshake is wrong: \(reason)"))
    }

    @Test("Extensions and subprotocols that nobody asked for are refused")
    func unwantedExtensions() async throws {
        let extended = try await failure { client in
            client.send(client.accepted("Sec-WebSocket-Extensions: permessage-deflate\r\n"))
            _ = client.receive()
        }
        #expect(
            extended
                == .violated("the server's answer to the handshake is wrong: it has extensions that were not asked for")
        )
        let chosen = try await failure { client in
            client.send(client.accepted("Sec-WebSocket-Protocol: chat\r\n"))
            _ = client.receive()
        }
        #expect(
            chosen
                == .violated(
                    "the server's answer to the handshake is wrong: it has a subprotocol that was not asked for"))
    }

    @Test("A refusal gives the status, the API's message and the request's id")
    func refusal() async throws {
        let failure = try await failure { client in
            _ = client.header()
            let body =
                #"{"error": {"message": "Incorrect API key provided: sk-…\u001b[31m", "type": "invalid_request_error", "code": "invalid_api_key"}}"#
            client.send(
                "HTTP/1.1 401 Unauthorized\r\nx-request-id: req_7\r\nretry-after: 3\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            _ = client.receive()
        }
        guard case .refused(let refusal) = failure else { return #expect(failure == nil) }
        #expect(refusal.status == 401)
        #expect(refusal.code == "invalid_api_key")
        #expect(refusal.retryAfter == 3)
        #expect(
            "\(refusal)"
                == "the server answered 401: Incorrect API key provided: sk-…␛[31m (invalid_api_key, request req_7)")
    }

    @Test("A refusal without a body, and one whose body never ends, are told too")
    func strangeRefusals() async throws {
        let bare = try await failure { client in
            _ = client.header()
            client.send("HTTP/1.1 404 Not Found\r\n\r\n")
        }
        #expect(bare?.description == "the server answered 404")
        let endless = try await failure { client in
            _ = client.header()
            client.send("HTTP/1.1 200 OK\r\n\r\nhello\n")
            while client.send([UInt8](repeating: 0x61, count: 4096)) {}
        }
        #expect(endless?.description == "the server answered 200: hello")
    }

    @Test("A server that says nothing, or says it slowly, is given up in time")
    func slowServers() async throws {
        // Long enough to connect on a busy machine.
        let short = limits { $0.handshakeTimeout = .seconds(2) }
        let silent = try await failure(short) { client in while client.receive() != nil {} }
        #expect(
            silent == .timedOut("no answer within 2 s while waiting for 127.0.0.1's answer to the handshake"))
        let slow = try await failure(short) { client in
            _ = client.header()
            for byte in Array("HTTP/1.1 101 Switching Protocols\r\nX: y".utf8) {
                guard client.send([byte]) else { return }
                usleep(200_000)
            }
        }
        #expect(slow == .timedOut("no answer within 2 s while waiting for 127.0.0.1's answer to the handshake"))
    }

    @Test("What cannot be reached is told")
    func unreachable() async throws {
        let url = try WebSocketURL("ws://127.0.0.1:\(RawServer().port)/")
        await #expect(
            throws: DialFailure.unreachable("cannot connect to 127.0.0.1:\(url!.port): Connection refused")
        ) {
            _ = try await WebSocketClient(threads: threads).connect(to: url!, receiver: Inbox())
        }
        let unknown = WebSocketURL("ws://no-such-host.invalid/")!
        do {
            _ = try await WebSocketClient(threads: threads).connect(to: unknown, receiver: Inbox())
            Issue.record("it connected")
        } catch {
            #expect("\(error)".hasPrefix("cannot connect to no-such-host.invalid:80: cannot find its address"))
        }
        let closing = try await failure { client in _ = client.header() }
        #expect(closing == .unreachable("the server closed the connection during the handshake"))
        let chatter = try await failure { client in
            client.send("SSH-2.0-OpenSSH_9.2\r\n")
            _ = client.receive()
        }
        #expect(
            chatter?.description
                == "the server's answer to the handshake is not HTTP: invalid constant string")
    }

    @Test("A cancelled task gives the connection up")
    func cancellation() async throws {
        let server = try RawServer()
        let dialling = Task {
            try await WebSocketClient(threads: threads).connect(to: server.url, receiver: Inbox())
        }
        let served = Task { try await blocking { server.accept() } }
        let client = try await served.value
        _ = try await blocking { client.header() }
        dialling.cancel()
        await #expect(throws: DialFailure.cancelled) { try await dialling.value }
        #expect(try await blocking { client.receive() } == nil)
    }

    @Test("What the receiver refuses stops the reading, and nothing is lost, also behind the end")
    func refusedMessages() async throws {
        let (_, inbox, served) = try await connect(to: Inbox(room: 1)) { client in
            client.send(client.accepted())
            for number in 0..<1000 { client.send(frame("message \(number)")) }
            client.send(frame(8, [0x03, 0xE8]))
            _ = client.receive()
        }
        #expect(await inbox.messages(1) == ["message 0"])
        #expect(inbox.end == nil)
        inbox.makeRoom()
        #expect(await inbox.waitForEnd() == .closed(code: 1000, reason: ""))
        #expect(inbox.messages == (0..<1000).map { "message \($0)" })
        try await served.value
    }

    @Test("A peer that is silent, or takes nothing, for two ping intervals is dead")
    func deadPeers() async throws {
        let short = limits {
            $0.pingInterval = .milliseconds(150)
            $0.maximumQueuedBytes = 1000
        }
        let (_, inbox, served) = try await connect(short) { client in
            client.send(client.accepted())
            #expect(client.frame()?.opcode == 9)
            _ = client.receive()
        }
        #expect(await inbox.waitForEnd() == .silent(.milliseconds(300)))
        try await served.value
        let (socket, other, stuck) = try await connect(short) { client in
            client.send(client.accepted())
            // Life, but nothing is read.
            while client.send(frame(10)) { usleep(20_000) }
        }
        let sending = Task { while await socket.send([UInt8](repeating: 0x61, count: 100_000)) {} }
        #expect(await other.waitForEnd() == .silent(.milliseconds(300)))
        await sending.value
        try await stuck.value
    }

    @Test("Our close waits for the peer's, and not for ever")
    func closing() async throws {
        let (socket, inbox, served) = try await connect(limits { $0.closeTimeout = .seconds(20) }) { client in
            client.send(client.accepted())
            let close = client.frame()
            #expect(close?.opcode == 8)
            #expect(close?.data == [0x03, 0xE8] + Array("done".utf8))
            // What comes before the peer's close frame still counts.
            client.send(frame("late") + frame(8, [0x03, 0xE8]))
            _ = client.receive()
        }
        socket.close(reason: "done")
        #expect(await inbox.waitForEnd() == .local(code: 1000))
        #expect(inbox.messages == ["late"])
        try await served.value
        let (other, silent, waited) = try await connect { client in
            client.send(client.accepted())
            while client.receive() != nil {}
        }
        other.close()
        #expect(await silent.waitForEnd() == .local(code: 1000))
        #expect(await other.send([0x61]) == false)
        try await waited.value
    }

    @Test("Our close does not cut off what was sent before it, though the peer takes its time")
    func closing_waitsForWhatWasSent() async throws {
        let (socket, inbox, served) = try await connect(limits { $0.closeTimeout = .milliseconds(400) }) { client in
            client.send(client.accepted())
            // Longer than the peer may take to answer the close frame.
            usleep(600_000)
            // The messages with their heads, and the close frame.
            let all = 16 * ((1 << 20) + 14) + 8
            var (count, last) = (0, [] as [UInt8])
            while count < all, let more = client.receive() {
                count += more.count
                last = (last + more).suffix(8)
            }
            #expect(count == all && last.first == 0x88)
            client.send(frame(8, [0x03, 0xE8]))
            _ = client.receive()
        }
        for _ in 0..<16 { socket.post(ByteBuffer(repeating: 0x61, count: 1 << 20)) }
        socket.close()
        #expect(await inbox.waitForEnd() == .local(code: 1000))
        try await served.value
    }

    @Test("The end says which side closed the connection")
    func ends_sayWhoClosed() {
        #expect(
            WebSocketEnd.violated(code: 1002, "a frame is masked").description
                == "closed here with 1002, as the peer broke the protocol: a frame is masked")
        #expect(WebSocketEnd.closed(code: nil, reason: "").description == "closed by the peer without a code")
        #expect(WebSocketEnd.local(code: 1000).description == "closed here with 1000")
    }

    @Test("A character may lie in two fragments")
    func character_inTwoFragments() async throws {
        let (socket, inbox, served) = try await connect { client in
            client.send(client.accepted() + frame(1, [0xE2, 0x82], isFinal: false) + frame(0, [0xAC]))
            _ = client.receive()
        }
        #expect(await inbox.messages(1) == ["€"])
        socket.abort()
        try await served.value
    }

    @Test("Headers that would break the request are refused")
    func wrongHeaders() async throws {
        let client = WebSocketClient(threads: threads)
        await #expect(throws: DialFailure.unusable("the header `X` is not a valid HTTP header field")) {
            _ = try await client.connect(
                to: WebSocketURL("ws://127.0.0.1:1/")!, headers: [("X", "a\r\nHost: evil")], receiver: Inbox())
        }
    }
}
