import HTTPService
import RawPeers
import Testing

/// Bytes that are not HTTP, or that two servers could interpret differently.
@Suite struct MalformedRequestTests {
    private static let chunked = "Transfer-Encoding: chunked\r\n"

    private static let requests: [(String, Int)] = [
        // Two lengths, which allow request smuggling.
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: 5, 5\r\n\r\nhello", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: +5\r\n\r\nhello", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: -5\r\n\r\nhello", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: 0x5\r\n\r\nhello", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: 99999999999999999999\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: 9223372036854775807\r\n\r\n", 413),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length: 9223372036854775808\r\n\r\n", 413),
        ("POST /echo HTTP/1.1\r\n\(host)Content-Length : 5\r\n\r\nhello", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        ("POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
        ("POST /echo HTTP/1.1\r\n\(host)\(chunked)\(chunked)\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\n\(host)\(chunked)\r\nx\r\n", 400),
        ("POST /echo HTTP/1.1\r\n\(host)\(chunked)\r\n-1\r\n", 400),
        ("POST /echo HTTP/1.1\r\n\(host)\(chunked)\r\n11111111111111111\r\n", 400),
        ("POST /echo HTTP/1.1\r\n\(host)\(chunked)\r\n2\r\nhello\r\n0\r\n\r\n", 400),
        // Header lines.
        ("GET /hello HTTP/1.1\r\n\r\n", 400), ("GET /hello HTTP/1.1\r\n\(host)\(host)\r\n", 400),
        ("GET /hello HTTP/1.1\r\n\(host)X: a\r\n b\r\n\r\n", 400), ("GET /hello HTTP/1.1\r\n X: a\r\n\(host)\r\n", 400),
        ("GET /hello HTTP/1.1\r\n\(host)X\r\n\r\n", 400), ("GET /hello HTTP/1.1\r\n\(host): a\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\n\(host)X: a\rb\r\n\r\n", 400), ("GET /hello HTTP/1.1\r\n\(host)X: a\0b\r\n\r\n", 400),
        // Request lines.
        ("hello\r\n\r\n", 400), ("GET\r\n\r\n", 400), ("GET /hello\r\n\r\n", 505), ("get /hello HTTP/1.1\r\n\r\n", 400),
        ("GET /hello HTTP/1.2\r\n\(host)\r\n", 505), ("GET /hello HTTP/2.0\r\n\(host)\r\n", 505),
        ("GET /hel lo HTTP/1.1\r\n\(host)\r\n", 400), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\n\r\n", 400), ("GET /hello FTP/1.1\r\n\(host)\r\n", 400),
    ]

    @Test(
        "A malformed request is refused, the connection is closed, and nothing after it is answered",
        arguments: requests.indices)
    func malformedRequest_endsTheConnection(index: Int) async throws {
        let (request, status) = Self.requests[index]
        let text = try await withService { port in
            let peer = try RawPeer(port)
            peer.send(request + "GET /hello HTTP/1.1\r\n\(host)\r\n")
            return peer.receiveAll()
        }
        #expect(text.hasPrefix("HTTP/1.1 \(status) "))
        #expect(text.contains("Connection: close\r\n"))
        #expect(text.ranges(of: "HTTP/1.1 ").count == 1)
    }

    @Test("Empty lines before a request are skipped; lines that end with a line feed alone are refused")
    func lineEnds_emptyLinesAreSkipped_bareLineFeedsAreRefused() async throws {
        let answers = try await withService { port in
            try [
                "\r\n\r\nGET /hello HTTP/1.1\r\n\(host)\r\n", "GET /hello HTTP/1.1\n\(host)\r\n\r\n",
            ].map { try RawPeer(port).ask($0)?.status }
        }
        #expect(answers == [200, 505])
    }
}
