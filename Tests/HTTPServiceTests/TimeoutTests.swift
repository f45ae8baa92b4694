import Foundation
import HTTPService
import RawPeers
import Synchronization
import Testing

/// Slow clients and handlers. The limits are short, and operations that must not expire are far below them.
@Suite struct TimeoutTests {
    private static func options(_ change: (inout HTTPServiceOptions) -> Void) -> HTTPServiceOptions {
        var options = HTTPServiceOptions()
        change(&options)
        return options
    }

    @Test("A header that arrives byte by byte gets 408 at its time limit, however active its client is")
    func slowHeader_expires() async throws {
        let options = Self.options { $0.headerTimeout = .milliseconds(300) }
        let (answer, sent) = try await withService(options) { port in
            let peer = try RawPeer(port)
            peer.send("GET /hello HTTP/1.1\r\nX: ")
            var sent = 0
            // The system takes a few more bytes after the server has closed its side.
            while sent < 2000 && peer.send("a") {
                sent += 1
                Thread.sleep(forTimeInterval: 0.01)
            }
            return (peer.answer(), sent)
        }
        #expect(answer?.status == 408 || answer == nil)
        #expect(sent < 2000)
    }

    @Test("A client that sends nothing is closed without an answer; one that stops within its header gets 408")
    func silentClient_isClosed() async throws {
        let options = Self.options { $0.headerTimeout = .milliseconds(100) }
        let (silence, word) = try await withService(options) { port in
            let (silent, slow) = (try RawPeer(port), try RawPeer(port))
            slow.send("GET /hello HTTP/1.1\r\n")
            return (silent.receiveAll(), slow.receiveAll())
        }
        #expect(silence == "")
        #expect(word.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
    }

    @Test("A body that stops gets 408")
    func slowBody_expires() async throws {
        let options = Self.options { $0.bodyTimeout = .milliseconds(100) }
        let answer = try await withService(options) {
            try RawPeer($0).ask("POST /echo HTTP/1.1\r\n\(host)Content-Length: 10\r\n\r\nhalf")
        }
        #expect(answer?.status == 408)
    }

    @Test("A connection that is idle too long between requests is closed")
    func idleConnection_isClosed() async throws {
        let options = Self.options { $0.idleTimeout = .milliseconds(100) }
        let (answer, rest) = try await withService(options) { port in
            let peer = try RawPeer(port)
            return (peer.ask("GET /hello HTTP/1.1\r\n\(host)\r\n"), peer.receiveAll())
        }
        #expect(answer?.status == 200 && rest == "")
    }

    @Test("A handler that takes too long is cancelled, and its client gets 503")
    func slowHandler_isCancelled() async throws {
        let wasCancelled = Mutex(false)
        let routes = [
            HTTPRoute("GET", "/slow") { _ in
                do { try await Task.sleep(for: .seconds(60)) } catch { wasCancelled.withLock { $0 = true } }
                return HTTPResponse(text: "late")
            }
        ]
        let options = Self.options { $0.handlerTimeout = .milliseconds(100) }
        let answer = try await withService(options, routes) {
            try RawPeer($0).ask("GET /slow HTTP/1.1\r\n\(host)\r\n")
        }
        #expect(answer?.status == 503)
        #expect(answer?.head.contains("Retry-After: 1") == true)
        #expect(wasCancelled.withLock { $0 })
    }

    @Test("The connection of a client that does not read its answer is aborted")
    func unreadAnswer_isAborted() async throws {
        let large = [UInt8](repeating: 0x61, count: 32 << 20)
        let routes = [HTTPRoute("GET", "/large") { _ in HTTPResponse(body: large) }]
        let options = Self.options { $0.writeTimeout = .milliseconds(300) }
        let count = try await withService(options, routes) { port in
            let peer = try RawPeer(port)
            peer.send("GET /large HTTP/1.1\r\n\(host)\r\n")
            Thread.sleep(forTimeInterval: 1)
            return peer.receiveAll().utf8.count
        }
        #expect(count < large.count)
    }

    @Test("A client that disconnects cancels its handler")
    func disconnectedClient_cancelsItsHandler() async throws {
        let (ends, end) = AsyncStream<Bool>.makeStream()
        let (starts, start) = AsyncStream<Void>.makeStream()
        let routes = [
            HTTPRoute("GET", "/slow") { _ in
                start.yield()
                try? await Task.sleep(for: .seconds(60))
                end.yield(Task.isCancelled)
                return HTTPResponse()
            }
        ]
        let service = HTTPService(port: 0, routes: routes)
        try await service.start()
        let port = try #require(service.listeningPort)
        var peer: RawPeer? = try RawPeer(port)
        peer?.send("GET /slow HTTP/1.1\r\n\(host)\r\n")
        for await _ in starts { break }
        peer?.reset()
        peer = nil
        let wasCancelled = await ends.first { _ in true }
        #expect(wasCancelled == true)
        await service.stop()
    }
}
