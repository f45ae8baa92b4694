import Foundation
import HTTPService
import RawPeers
import Synchronization
import Testing

/// Several requests on one connection, and many connections.
@Suite struct ConnectionTests {
    private static let request = "GET /hello HTTP/1.1\r\n\(host)\r\n"

    @Test("Requests that were sent together are answered in order, one at a time")
    func pipeline_isAnsweredInOrder() async throws {
        let atWork = Mutex((now: 0, most: 0))
        let routes = [
            HTTPRoute("POST", "/echo") { request in
                atWork.withLock { ($0.now, $0.most) = ($0.now + 1, max($0.most, $0.now + 1)) }
                await Task.yield()
                atWork.withLock { $0.now -= 1 }
                return HTTPResponse(body: request.body)
            }
        ]
        let bodies = try await withService(HTTPServiceOptions(), routes) { port in
            let peer = try RawPeer(port)
            let requests = (0..<300).map { number in
                let (text, length) = ("\(number)\n", "\(number)\n".utf8.count)
                return "POST /echo HTTP/1.1\r\n\(host)"
                    + (number.isMultiple(of: 2)
                        ? "Content-Length: \(length)\r\n\r\n\(text)"
                        : "Transfer-Encoding: chunked\r\n\r\n\(length)\r\n\(text)\r\n0\r\n\r\n")
            }
            peer.send(requests.joined())
            return requests.map { _ in peer.answer()?.body }
        }
        #expect(bodies == (0..<300).map { "\($0)\n" })
        #expect(atWork.withLock { $0.most } == 1)
    }

    @Test("While a request is answered, the next ones stay in the system's buffers")
    func pipeline_isNotReadAhead() async throws {
        let (starts, start) = AsyncStream<Void>.makeStream()
        let routes = [
            HTTPRoute("GET", "/slow") { _ in
                start.yield()
                try await Task.sleep(for: .seconds(60))
                return HTTPResponse()
            }
        ]
        let service = HTTPService(port: 0, routes: routes)
        try await service.start()
        let port = try #require(service.listeningPort)
        let taken = try await blocking {
            let peer = try RawPeer(port, patience: .milliseconds(500))
            peer.send("GET /slow HTTP/1.1\r\n\(host)\r\n")
            return peer.flood("GET /slow HTTP/1.1\r\n\(host)\r\n")
        }
        let bytes = try #require(taken)
        #expect(bytes < 64 << 20)
        await service.stop(within: .zero)
        start.finish()
        var count = 0
        for await _ in starts { count += 1 }
        #expect(count == 1)
    }

    @Test(
        "A client that closes its side after its requests gets the answers; one that closes it within a request gets none"
    )
    func halfClose_isHonoured() async throws {
        let (whole, cut) = try await withService { port in
            try [Self.request + Self.request, Self.request + "GET /hello HT"].map { text in
                let peer = try RawPeer(port)
                peer.send(text)
                peer.closeOutput()
                return peer.receiveAll()
            }
        }.pair
        #expect(whole.ranges(of: "\r\n\r\nhello\n").count == 2)
        #expect(cut.ranges(of: "\r\n\r\nhello\n").count == 1 && cut.ranges(of: "HTTP/1.1").count == 1)
    }

    @Test("Idle connections do not keep out new ones: for each new one, the one that has waited longest is closed")
    func idleConnections_makeRoom() async throws {
        var options = HTTPServiceOptions()
        options.maximumConnections = 5
        let (answers, oldest, newest) = try await withService(options) { port in
            let idle = try (0..<5).map { _ in try RawPeer(port) }
            // The connection is used, so it is no longer the one that has waited longest.
            let used = idle[0].ask(Self.request)
            let answers = try (0..<3).map { _ in try RawPeer(port).ask(Self.request) }
            return ([used] + answers, idle[1].receive(), [idle[0], idle[4]].map { $0.ask(Self.request)?.status })
        }
        #expect(answers.map { $0?.status } == [200, 200, 200, 200])
        #expect(oldest == nil)
        #expect(newest == [200, 200])
    }

    @Test("If all connections are being answered, a new one gets 503, and is served once there is room")
    func busyConnections_refuseNewOnes() async throws {
        var options = HTTPServiceOptions()
        options.maximumConnections = 2
        // Other tests may delay this one between a connection and its request.
        options.headerTimeout = .seconds(300)
        options.handlerTimeout = .seconds(300)
        let (starts, start) = AsyncStream<Void>.makeStream()
        let (goes, go) = AsyncStream<Void>.makeStream()
        let routes = [
            HTTPRoute("GET", "/slow") { _ in
                start.yield()
                for await _ in goes { break }
                return HTTPResponse(text: "done")
            }
        ]
        let service = HTTPService(port: 0, routes: routes, options: options)
        try await service.start()
        let port = try #require(service.listeningPort)
        let busy = try (0..<2).map { _ in try RawPeer(port) }
        var begun = starts.makeAsyncIterator()
        for peer in busy {
            peer.send("GET /slow HTTP/1.1\r\n\(host)\r\n")
            await begun.next()
        }
        // A refused connection that lingers does not make room for the next one.
        let refused = try await blocking {
            let peers = try (0..<3).map { _ in try RawPeer(port) }
            return peers.map { $0.ask("GET /slow HTTP/1.1\r\n\(host)\r\n")?.status }
        }
        #expect(refused == [503, 503, 503])
        go.finish()
        let answers = try await blocking { busy.map { $0.answer()?.body } }
        #expect(answers == ["done", "done"])
        // The service may not have recorded its answer yet.
        let later = try await blocking {
            var answer: String?
            while answer != "done" { answer = try RawPeer(port).ask("GET /slow HTTP/1.1\r\n\(host)\r\n")?.body }
            return answer
        }
        #expect(later == "done")
        await service.stop()
    }

    @Test("No more handlers than allowed run at the same time; the others wait for their turn")
    func handlers_areBounded() async throws {
        var options = HTTPServiceOptions()
        options.maximumConcurrentRequests = 3
        let atWork = Mutex((now: 0, most: 0))
        let routes = [
            HTTPRoute("GET", "/hello") { _ in
                atWork.withLock { ($0.now, $0.most) = ($0.now + 1, max($0.most, $0.now + 1)) }
                try await Task.sleep(for: .milliseconds(20))
                atWork.withLock { $0.now -= 1 }
                return HTTPResponse(text: "hello\n")
            }
        ]
        let statuses = try await withService(options, routes) { port in
            let peers = try (0..<20).map { _ in try RawPeer(port) }
            for peer in peers { peer.send(Self.request) }
            return peers.map { $0.answer()?.status }
        }
        #expect(statuses == Array(repeating: 200, count: 20))
        #expect(atWork.withLock { $0.most } == 3)
    }

    @Test("Handlers run on a thread of their own, separate from the connections' thread")
    func handlers_doNotBlockConnections() async throws {
        let name = Mutex("")
        let routes = [
            HTTPRoute("GET", "/blocks") { _ in
                name.withLock { $0 = Thread.current.name ?? "" }
                blockThread(seconds: 1)
                return HTTPResponse(text: "blocked")
            }
        ]
        let (refused, answer) = try await withService(HTTPServiceOptions(), routes) { port in
            let (one, other) = (try RawPeer(port), try RawPeer(port))
            one.send("GET /blocks HTTP/1.1\r\n\(host)\r\n")
            let refused = other.ask("GET /nothing HTTP/1.1\r\n\(host)\r\n")
            let isFirst = !one.hasAnswer
            return ((refused, isFirst), one.answer())
        }
        #expect(refused.0?.status == 404 && refused.1)
        #expect(answer?.body == "blocked")
    }
}

/// A handler that blocks its thread, which handlers must not do.
private func blockThread(seconds: Double) { Thread.sleep(forTimeInterval: seconds) }

extension Array {
    fileprivate var pair: (Element, Element) { (self[0], self[1]) }
}
