import HTTPService
import RawPeers
import Testing

/// What a request may have, and what comes of more.
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

    @Test("A request line of the longest size is read; one byte more is 414", arguments: [(1000, 404), (1001, 414)])
    func requestLine_isBounded(count: Int, status: Int) async throws {
        let line = Self.padded("GET /", to: count, with: " HTTP/1.1\r\n")
        let answer = try await withService(Self.small) { try RawPeer($0).ask("\(line)\(host)\r\n") }
        #expect(answer?.status == status)
    }

    @Test("A header of the largest size is read; one byte more is 431", arguments: [(2000, 200), (2001, 431)])
    func header_isBounded(count: Int, status: Int) async throws {
        let header = Self.padded("\(host)X: ", to: count, with: "\r\n\r\n")
        let answer = try await withService(Self.small) { try RawPeer($0).ask("GET /hello HTTP/1.1\r\n\(header)") }
        #expect(answer?.status == status)
    }

    @Test("As many fields as are allowed are read; one more is 431", arguments: [(20, 200), (21, 431)])
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

    /// What is begun, the piece that comes again and again, and the answer.
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
            // So much that it cannot be an accident, so little that the answer is not lost to a reset.
            peer.send(String(repeating: piece, count: 20_000 / piece.utf8.count))
            let answer = peer.answer()
            return (answer, peer.flood(piece))
        }
        #expect(answer?.status == status)
        #expect(answer?.head.contains("Connection: close") == true)
        // What was taken lies in the system's buffers.
        let bytes = try #require(taken)
        #expect(bytes < 64 << 20)
    }

    @Test("A service without bodies refuses one, and reads a length of 0")
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
