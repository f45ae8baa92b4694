import Foundation
import RawPeers
import Testing

/// Attacks on the endpoint of `metrics` while the router routes.
@Suite(.timeLimit(.minutes(5))) struct MetricsAttackTests {
    private static let scrape = "GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n"

    /// A router that waits for more of its session, with its endpoint.
    private struct Target {
        let place: Workplace
        let input: NamedPipe
        let port: UInt16
        let program: RunningProgram

        init() async throws {
            port = try freePort()
            place = try Workplace(
                routes: """
                    version: 1
                    handlers:
                      meter: { type: metrics, http: { port: \(port) } }
                      words: { type: transcript, output: words.jsonl }
                    routes:
                      - { name: figures, to: meter }
                      - { name: words, to: words }
                    """)
            input = try NamedPipe(in: place)
            program = try place.start("run", input: input.path)
            let port = port
            #expect(await soon { (try? RawPeer(port)) != nil })
        }

        /// Routes another session; whether its words arrived.
        func routes() async throws -> Bool {
            let before = place.lines("words.jsonl").count
            let text = try String(contentsOfFile: BuiltProgram.session("spoken-turn"), encoding: .utf8)
            try input.write(text.replacing(/sess_\w+/, with: "sess_\(before)"))
            return await soon { place.lines("words.jsonl").count > before }
        }

        /// Requests the metrics.
        func scrape() async throws -> Answer? {
            let port = port
            return try await blocking { try RawPeer(port).ask(MetricsAttackTests.scrape) }
        }

        /// Ends the router by a signal; how it ended, and how long that took.
        func end() async -> (RunningProgram.Ending, Duration) {
            let began = ContinuousClock.now
            kill(program.pid, SIGTERM)
            let ending = await program.end()
            input.end()
            return (ending, ContinuousClock.now - began)
        }
    }

    @Test(
        "While clients send requests without end, events are routed, figures are served and SIGTERM is obeyed",
        arguments: [
            "GET /metrics HTTP/1.1\r\nX: ", "GET /",
            "GET /metrics HTTP/1.1\r\nHost: here\r\nContent-Length: 999999999\r\n\r\n",
        ])
    func attack_doesNotStopRouting(start: String) async throws {
        let target = try await Target()
        let port = target.port
        let attackers = (0..<4).map { _ in
            Thread {
                while !Thread.current.isCancelled, let peer = try? RawPeer(port, patience: .seconds(2)) {
                    peer.send(start)
                    while !Thread.current.isCancelled && peer.send(String(repeating: "a", count: 4096)) {}
                }
            }
        }
        for attacker in attackers { attacker.start() }
        defer { for attacker in attackers { attacker.cancel() } }
        for _ in 0..<3 {
            #expect(try await target.routes())
            let answer = try await target.scrape()
            #expect(answer?.status == 200)
            #expect(answer?.body.contains("realtime_events_total") == true)
        }
        let (ending, time) = await target.end()
        #expect(ending.code == 143 && ending.error == "")
        #expect(time < .seconds(30))
    }

    @Test("Clients that reset their connections while they are answered do not end the router")
    func reset_doesNotEndTheRouter() async throws {
        let target = try await Target()
        let port = target.port
        try await blocking {
            for _ in 0..<100 {
                let peer = try RawPeer(port)
                peer.send(String(repeating: Self.scrape, count: 50))
                _ = peer.receive()
                peer.reset()
            }
        }
        #expect(try await target.routes())
        #expect(try await target.scrape()?.status == 200)
        let (ending, _) = await target.end()
        #expect(ending.code == 143)
    }

    @Test("Idle connections in thousands do not keep a scrape out")
    func idleConnections_doNotKeepScrapesOut() async throws {
        let target = try await Target()
        let port = target.port
        let idle = try await blocking { try (0..<1500).map { _ in try RawPeer(port) } }
        #expect(try await target.scrape()?.status == 200)
        #expect(try await target.routes())
        let (ending, time) = await target.end()
        #expect(ending.code == 143 && time < .seconds(30))
        #expect(
            ending.error == "warning: http://127.0.0.1:\(port): 256 connections are open; "
                + "for each new one, the one that waited longest is closed\n")
        // They existed until now.
        #expect(idle.count == 1500)
    }

    #if os(Linux)
        @Test("Without descriptors the endpoint waits without spinning, says so, and serves again when there are some")
        func descriptors_runOutAndComeBack() async throws {
            let target = try await Target()
            let pid = target.program.pid
            func allow(_ count: Int) async throws {
                let ending = try await target.place.shell("prlimit --pid \(pid) --nofile=\(count):")
                #expect(ending == .init(code: 0))
            }
            func descriptors() throws -> Set<Int> {
                Set(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").compactMap { Int($0) })
            }
            // The next descriptor would have the lowest number that is free, once what is open only for a moment is closed.
            var open: Set<Int> = []
            repeat {
                open = try descriptors()
                try await Task.sleep(for: .milliseconds(200))
            } while try descriptors() != open
            try await allow((0...).first { !open.contains($0) } ?? 0)
            let peer = try RawPeer(target.port)
            peer.send(Self.scrape)
            #expect(try await target.routes())
            let before = try ProcessTable.processorTime(of: pid)
            try await Task.sleep(for: .seconds(1))
            let used = try ProcessTable.processorTime(of: pid) - before
            #expect(used < .milliseconds(500))
            #expect(!peer.hasAnswer)
            try await allow(1000)
            let answer = try await blocking { peer.answer() }
            #expect(answer?.status == 200)
            let (ending, _) = await target.end()
            #expect(
                ending.error
                    == "warning: http://127.0.0.1:\(target.port): cannot accept a connection: Too many open files\n")
        }
    #endif
}

/// A free port.
private func freePort() throws -> UInt16 {
    #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            _ = bind(descriptor, $0, size)
            _ = getsockname(descriptor, $0, &size)
        }
        return UInt16(bigEndian: address.pointee.sin_port)
    }
}
