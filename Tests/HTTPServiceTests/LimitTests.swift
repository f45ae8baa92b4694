import HTTPService
import RawPeers
import Testing

/// The limits of a request, and the answers beyond them.
@Suite struct LimitTests {
    private static let small: HTTPServiceOptions = {
        var options = HTTPServiceOptions()
        options.maximumRequestLineBytes = 1000
        options.maximumHeaderBytes = 2000
        options.maximumHeaderCount = 20
        options.maximumBodyBytes = 3000
        return options
    }()

    private static func padded(_ text: String, to count: Int, with end: String) -> String {
        text + String(repeating: "a", count: count - text.utf8.count - end.utf8.count) + end
    }

    @Test(
        "A request line of the greatest length is read; one more byte is answered with 414",
        arguments: [(1000, 404), (1001, 414)])
    func requestLine_isBounded(count: Int, status: Int) async throws {
        let line = Self.padded("GET /", to: count, with: " HTTP/1.1\r\n")
        let answer = try await withService(Self.small) { try RawPeer($0).ask("\(line)\(host)\r\n") }
        #expect(answer?.status == status)
    }

    @Test(
        "A header of the greatest size is read; one more byte is answered with 431",
        arguments: [(2000, 200), (2001, 431)])
    func header_isBounded(count: Int, status: Int) async throws {
        let header = Self.padded("\(host)X: ", to: count, with: "\r\n\r\n")
        let answer = try await withService(Self.small) { try RawPeer($0).ask("GET /hello HTTP/1.1\r\n\(header)") }
        #expect(answer?.status == status)
    }

    @Test("The greatest number of fields is read; one more is answered with 431", arguments: [(20, 200), (21, 431)])
    func fields_areCounted(count: Int, status: Int) async throws {
        let fields = host + (1..<count).map { "X\($0): y\r\n" }.joined()
        let answer = try await withService(Self.small) { try RawPeer($0).ask("GET /hello HTTP/1.1\r\n\(fields)\r\n") }
        #expect(answer?.status == status)
    }

    @Test(
        "A body of the largest size is read; one byte more is 413, before it was sent where its length is known",
        arguments: [(3000, 200), (3001, 413)])
    func body_isBounded(count: Int, status: Int) async throws {
        let body = String(repeating: "b", count: count)
        let (sized, chunked) = try await withService(Self.small) { port in
            let head = "POST /echo HTTP/1.1\r\n\(host)"
            return (
                try RawPeer(port).ask(
                    "\(head)Content-Length: \(count)\r\n\r\n\(status == 200 ? body : "")"),
                try RawPeer(port).ask(
                    "\(head)Transfer-Encoding: chunked\r\n\r\n\(String(count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
            )
        }
        #expect(sized?.status == status && chunked?.status == status)
    }

    /// The beginning of a request, the part that is repeated without end, and the expected answer.
    private static let endless: [(String, String, Int)] = [
        ("GET /", "a", 414), ("A", "A", 414), ("", "\r\n", 431), ("GET /hello HTTP/1.1\r\n\(host)X: ", "a", 431),
        ("GET /hello HTTP/1.1\r\n\(host)X: ", " ", 431), ("GET /hello HTTP/1.1\r\n\(host)", "a", 431),
        ("GET /hello HTTP/1.1\r\n\(host)", "X: y\r\n", 431), ("GET /hello ", " ", 414),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: 9999999\r\n\r\n", "b", 413),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n", "9\r\nbbbb\nbbbb\r\n", 413),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n5000\r\n", "b", 413),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n5;x=", "y", 431),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n", "1;xxxxxxxxxxxxxxxxxxxx\r\nb\r\n", 431),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n", 431),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", " ", 431),
    ]

    @Test("A request that never ends is refused, and no more of it is read", arguments: endless.indices)
    func endlessRequest_isRefused(index: Int) async throws {
        let (start, piece, status) = Self.endless[index]
        let (answer, taken) = try await withService(Self.small) { port in
            let peer = try RawPeer(port)
            peer.send(start)
            // Enough bytes to exceed the limit clearly, but too few for a reset to lose the answer.
            peer.send(String(repeating: piece, count: 20_000 / piece.utf8.count))
            let answer = peer.answer()
            return (answer, peer.flood(piece))
        }
        #expect(answer?.status == status)
        #expect(answer?.head.contains("Connection: close") == true)
        // The accepted bytes are in the system's buffers.
        let bytes = try #require(taken)
        #expect(bytes < 64 << 20)
    }

    @Test("A service that allows no bodies refuses one, but accepts a length of 0")
    func noBodies_areAllowed() async throws {
        var options = HTTPServiceOptions()
        options.maximumBodyBytes = 0
        let answers = try await withService(options) { port in
            try [
                "Content-Length: 0\r\n\r\n", "Content-Length: 1\r\n\r\nx",
                "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            ].map { try RawPeer(port).ask("GET /hello HTTP/1.1\r\n\(host)\($0)")?.status }
        }
        #expect(answers == [200, 413, 413])
    }
}
