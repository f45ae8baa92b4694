import Foundation
import HTTPService
import Logging
import RawPeers
import Synchronization
import Testing

/// The address, the listening socket, and stopping a service.
@Suite struct ListeningTests {
    private static let request = "GET /hello HTTP/1.1\r\n\(host)\r\n"

    private static func failure(_ address: IPAddress, _ port: UInt16) async -> String? {
        let service = HTTPService(address: address, port: port, routes: [])
        do {
            try await service.start()
            await service.stop()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("The error of a failed start names the address and the reason")
    func start_namesTheReason() async throws {
        let service = HTTPService(port: 0, routes: [])
        try await service.start()
        let port = try #require(service.listeningPort)
        let taken = await Self.failure(.loopback, port)
        #expect(taken == "cannot listen on 127.0.0.1:\(port): Address already in use")
        await service.stop()
        #expect(service.listeningPort == nil)
        let foreign = try #require(IPAddress("192.0.2.1"))
        let message = await Self.failure(foreign, 9000)
        #expect(message == "cannot listen on 192.0.2.1:9000: Cannot assign requested address")
        if getuid() != 0 {
            let privileged = await Self.failure(.loopback, 1)
            #expect(privileged == "cannot listen on 127.0.0.1:1: Permission denied")
        }
    }

    @Test("A stop frees the port")
    func stop_freesThePort() async throws {
        // Tries several ports, because another program may take a port that has just become free.
        for _ in 1...5 {
            let service = HTTPService(port: 0, routes: [])
            try await service.start()
            let port = try #require(service.listeningPort)
            await service.stop()
            if await Self.failure(.loopback, port) == nil { return }
        }
        Issue.record("a port that was stopped is still taken")
    }

    @Test("A stop closes idle connections and waits for answers in progress")
    func stop_waitsForAnswers() async throws {
        let (starts, start) = AsyncStream<Void>.makeStream()
        let (goes, go) = AsyncStream<Void>.makeStream()
        let routes = [
            HTTPRoute("GET", "/slow") { _ in
                start.yield()
                for await _ in goes { break }
                return HTTPResponse(text: "done")
            }
        ]
        var options = HTTPServiceOptions()
        options.headerTimeout = .seconds(300)
        options.idleTimeout = .seconds(300)
        options.handlerTimeout = .seconds(300)
        let service = HTTPService(port: 0, routes: routes, options: options)
        try await service.start()
        let port = try #require(service.listeningPort)
        let (idle, half, busy) = (try RawPeer(port), try RawPeer(port), try RawPeer(port))
        half.send("GET /slow HT")
        busy.send("GET /slow HTTP/1.1\r\n\(host)\r\n")
        for await _ in starts { break }
        let stop = Task { await service.stop(within: .seconds(300)) }
        let rests = try await blocking { [idle.receiveAll(), half.receiveAll()] }
        #expect(rests == ["", ""])
        // The last idle connection may be closed a moment before the listening socket is.
        var isListening = true
        for _ in 0..<1000 where isListening {
            do { _ = try RawPeer(port) } catch { isListening = false }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(!isListening)
        go.finish()
        let answer = try await blocking { busy.answer() }
        #expect(answer?.body == "done" && answer?.head.contains("Connection: close") == true)
        await stop.value
    }

    @Test("A stop keeps its deadline, whatever handlers do")
    func stop_keepsItsDeadline() async throws {
        let (starts, start) = AsyncStream<Void>.makeStream()
        let routes = [
            HTTPRoute("GET", "/stubborn") { _ in
                start.yield()
                // Ignores cancellation.
                await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
                return HTTPResponse()
            }
        ]
        let service = HTTPService(port: 0, routes: routes)
        try await service.start()
        let port = try #require(service.listeningPort)
        let peer = try RawPeer(port)
        peer.send("GET /stubborn HTTP/1.1\r\n\(host)\r\n")
        for await _ in starts { break }
        let began = ContinuousClock.now
        await service.stop(within: .milliseconds(200))
        // Other tests may delay this one. Without the deadline, `stop` would never return.
        #expect(ContinuousClock.now - began < .seconds(120))
        let rest = try await blocking { peer.receiveAll() }
        #expect(rest == "")
    }

    #if os(Linux)
        @Test("A listening socket that is lost is opened again, and that is logged")
        func lostSocket_isReopened() async throws {
            let log = MemoryLog()
            let service = HTTPService(
                port: 0, routes: standardRoutes, logger: Logger(label: "test", factory: { _ in log }))
            try await service.start()
            let port = try #require(service.listeningPort)
            let socket = try #require(listeningSocket(port))
            shutdown(socket, Int32(SHUT_RDWR))
            let answer = try await blocking {
                for _ in 0..<200 {
                    if let answer = try? RawPeer(port).ask(Self.request) { return Optional(answer) }
                    Thread.sleep(forTimeInterval: 0.05)
                }
                return nil
            }
            #expect(answer?.body == "hello\n")
            #expect(log.messages.last == "http://127.0.0.1:0: the listening socket was lost; opening another")
            await service.stop()
        }

        private func listeningSocket(_ port: UInt16) -> Int32? {
            (3..<2000).first { descriptor in
                var address = sockaddr_in()
                var size = socklen_t(MemoryLayout<sockaddr_in>.size)
                let code = withUnsafeMutablePointer(to: &address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
                }
                var listens: Int32 = 0
                var length = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length)
                return code == 0 && address.sin_port == port.bigEndian && listens == 1
            }
        }
    #endif
}

/// A log in memory.
private final class MemoryLog: LogHandler {
    private let state = Mutex<[String]>([])

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    var messages: [String] { state.withLock { $0 } }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { state.withLock { $0.append("\(event.message)") } }
}
