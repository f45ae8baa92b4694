import EventJSON
import EventRouter
import Foundation
import NIOCore
import RawPeers
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

@testable import RealtimeConnection

/// Messages and ends that pass through a proxy.
@Suite(.timeLimit(.minutes(1))) struct ProxyRelayTests {
    /// Blocks threads of Swift's pool until a test lets them go.
    private final class Blocker: EventHandler {
        let interests: [EventType] = [.sessionCreated]
        private let gate = DispatchSemaphore(value: 0)
        private let isOpen = Mutex(false)
        let blocked = Collected<Int>()

        func handle(_ delivery: EventDelivery) async throws {
            guard !isOpen.withLock({ $0 }) else { return }
            blocked.append(1)
            block()
        }

        private func block() { gate.wait() }

        func open() {
            isOpen.withLock { $0 = true }
            for _ in 0..<1000 { gate.signal() }
        }
    }

    /// Throws at every event.
    private struct Thrower: EventHandler {
        let interests: [EventType] = [.sessionCreated]

        func handle(_ delivery: EventDelivery) async throws { throw DeliveryFailure.permanent("no") }
    }

    @Test("Messages pass in order and new sessions begin while handlers throw or block all threads of Swift's pool")
    func blockedPool() async throws {
        let server = try RawServer()
        let count = 500
        // Everything that is to go on runs on threads of its own.
        let served = Task {
            try await blocking { () -> [[String]] in
                (0..<2).map { _ in
                    let client = server.accept()
                    client.send(client.accepted() + frame(Wire.created()))
                    for message in numbered("server", count) { client.send(frame(message)) }
                    let got = (0..<count).map { _ in String(decoding: client.frame()?.data ?? [], as: UTF8.self) }
                    client.send(frame(8, [0x03, 0xE8]))
                    return got
                }
            }
        }
        let blockers = (0..<ProcessInfo.processInfo.activeProcessorCount * 2).map { _ in Blocker() }
        let bench = try await ProxyBench(
            [server.url],
            blockers.enumerated().map { (name: "b\($0.offset)", handler: $0.element) }
                + [(name: "throws", handler: Thrower())])
        let got = try await blocking { [port = bench.port] in
            defer { for blocker in blockers { blocker.open() } }
            return try (0..<2).map { number in
                // The second session begins when handlers hold the threads.
                let deadline = ContinuousClock.now + .seconds(20)
                while number == 1, !blockers.contains(where: { !$0.blocked.elements.isEmpty }),
                    ContinuousClock.now < deadline
                {
                    Thread.sleep(forTimeInterval: 0.005)
                }
                let peer = try RawPeer(port, patience: .seconds(30))
                peer.send(WebSocketServerTests.upgrade.replacing("Host: h", with: "Host: localhost") + "\r\n")
                _ = peer.answer()
                for message in numbered("client", count) { peer.send(masked(1, Array(message.utf8))) }
                var text = ""
                while !text.contains(#""number":\#(count - 1)}"#), let more = peer.receive() { text += more }
                return text
            }
        }
        for text in got {
            #expect(
                text.matches(of: /"server.test","number":([0-9]+)/).map { Int($0.1) } == (0..<count).map { $0 })
        }
        #expect(try await served.value == [numbered("client", count), numbered("client", count)])
        #expect(blockers.contains { !$0.blocked.elements.isEmpty })
        try await bench.end()
    }

    @Test("Messages pass byte for byte, binary and large ones too, whatever their fragments")
    func bytes() async throws {
        let large = "\"" + String(repeating: "ä\\u00e4 ", count: 200_000) + "\""
        let messages = [" { \"type\" : \"x\" } ", "", "no JSON", "\u{0}", large]
        let peer = try await RealtimePeer { _, connection in
            for message in messages { await connection.send(message) }
            while await connection.event() != nil {}
        }
        let bench = try await ProxyBench([peer.url])
        let inbox = Inbox()
        let socket = try await bench.connect(inbox)
        #expect(await inbox.messages(messages.count) == messages)
        socket.close()
        try await bench.end()
        await peer.stop()
    }

    @Test("What a slow client does not take is not read from the server")
    func backpressure() async throws {
        let server = try RawServer()
        let payload = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let total = 128
        let sent = Mutex(0)
        let served = Task {
            try await blocking {
                let client = server.accept()
                client.send(client.accepted())
                for _ in 0..<total {
                    client.send(frame(1, payload))
                    sent.withLock { $0 += 1 }
                }
            }
        }
        let bench = try await ProxyBench([server.url])
        let got = try await blocking { [port = bench.port] () -> (before: Int, got: Int) in
            let peer = try RawPeer(port, patience: .seconds(30))
            peer.send(WebSocketServerTests.upgrade.replacing("Host: h", with: "Host: localhost") + "\r\n")
            _ = peer.answer()
            // As long as the server gets on, the sockets' buffers fill; when it does not, nobody reads.
            var before = -1
            while before != sent.withLock({ $0 }) {
                before = sent.withLock { $0 }
                usleep(300_000)
            }
            var got = 0
            while got < total * payload.count, let more = peer.receive() { got += more.utf8.count }
            return (before, got)
        }
        #expect(got.before < 64, "the server could send \(got.before) MB that nobody took")
        #expect(got.got >= total * payload.count)
        try await served.value
        try await bench.end()
    }

    @Test("A close of the server's passes with code and reason, behind all messages")
    func serverCloses() async throws {
        let peer = try await RealtimePeer { _, connection in
            for message in numbered("server", 50) { await connection.send(message) }
            connection.close(4001, "session over")
        }
        let ended = MemoryHandler(interests: [.routerSessionEnded])
        let bench = try await ProxyBench([peer.url], [("ended", ended)])
        let inbox = Inbox()
        _ = try await bench.connect(inbox)
        #expect(await inbox.waitForEnd() == .closed(code: 4001, reason: "session over"))
        #expect(inbox.messages == numbered("server", 50))
        #expect(await ended.deliveries.wait(for: 1).count == 1)
        try await bench.end()
        await peer.stop()
    }

    @Test(
        "A close of the client's passes, and what has no code becomes 1011",
        arguments: [
            ([0x0F, 0xA1], 4001), ([], 1011), (nil, 1011),
        ] as [([UInt8]?, Int)])
    func clientCloses(data: [UInt8]?, code: Int) async throws {
        let server = try RawServer()
        let served = Task {
            try await blocking { () -> Int in
                let client = server.accept()
                client.send(client.accepted())
                guard let close = client.frame(), close.opcode == 8 else { return 0 }
                client.send(frame(8, close.data))
                return close.data.prefix(2).reduce(0) { $0 << 8 | Int($1) }
            }
        }
        let bench = try await ProxyBench([server.url])
        try await blocking { [port = bench.port] in
            let peer = try RawPeer(port, patience: .seconds(20))
            peer.send(WebSocketServerTests.upgrade.replacing("Host: h", with: "Host: localhost") + "\r\n")
            _ = peer.answer()
            if let data { peer.send(masked(8, data)) } else { peer.reset() }
        }
        #expect(try await served.value == code)
        try await bench.end()
    }

    @Test("A server that closes as soon as it is reached closes the client")
    func serverCloses_atOnce() async throws {
        let server = try RawServer()
        let served = Task {
            try await blocking {
                let client = server.accept()
                client.send(client.accepted() + frame("early") + frame(8, [0x03, 0xF5]))
            }
        }
        let bench = try await ProxyBench([server.url])
        let inbox = Inbox()
        _ = try await bench.connect(inbox)
        #expect(await inbox.waitForEnd() == .closed(code: 1013, reason: ""))
        #expect(inbox.messages == ["early"])
        try await served.value
        try await bench.end()
    }

    @Test("A shutdown refuses new clients, lets sessions go on, and closes them with 1012 at its deadline")
    func drain() async throws {
        let peer = try await RealtimePeer { _, connection in
            while let event = await connection.event() { await connection.send(event.description) }
        }
        let bench = try await ProxyBench([peer.url])
        let inbox = Inbox()
        let socket = try await bench.connect(inbox)
        let down = Task { try await bench.end(within: .seconds(2)) }
        while await bench.refusal() == nil, !Task.isCancelled { await Task.yield() }
        let refusal = await bench.refusal()
        #expect(refusal?.status == 503 && refusal?.retryAfter == 5)
        socket.post(ByteBuffer(string: #"{"a":1}"#))
        #expect(await inbox.messages(1) == [#"{"a":1}"#])
        #expect(inbox.end == nil)
        #expect(await inbox.waitForEnd() == .closed(code: 1012, reason: "the proxy is shutting down"))
        _ = try await down.value
        await peer.stop()
    }

    @Test("What waits for a client that takes nothing is not tried for ever once the session is to end")
    func shutdown_withAStalledClient() async throws {
        let server = try RawServer()
        let payload = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let isDone = Mutex(false)
        let served = Task {
            try await blocking {
                let client = server.accept()
                client.send(client.accepted())
                while client.send(frame(1, payload)) {}
                isDone.withLock { $0 = true }
            }
        }
        let bench = try await ProxyBench([server.url]) { $0.limits.closeTimeout = .milliseconds(500) }
        let peer = try await blocking { [port = bench.port] in
            let peer = try RawPeer(port, patience: .seconds(20))
            peer.send(WebSocketServerTests.upgrade.replacing("Host: h", with: "Host: localhost") + "\r\n")
            _ = peer.answer()
            return peer
        }
        try await bench.end()
        _ = peer
        try await served.value
        #expect(isDone.withLock { $0 })
    }
}
