import Foundation
import HTTPService
import RawPeers
import Synchronization
import Testing

@Suite struct MessageTests {
    private static func masked(_ answer: Answer?) -> String? {
        answer.map { $0.head.replacing(/Date: .*? GMT/, with: "Date: (now)") + "\r\n\r\n" + $0.body }
    }

    @Test("A request gets its answer, with the fields that the service adds")
    func answer_isWholeAndDated() async throws {
        // The header has whole seconds.
        let begin = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded(.down))
        let answer = try await withService { try RawPeer($0).ask("GET /hello HTTP/1.1\r\n\(host)\r\n") }
        #expect(
            Self.masked(answer) == """
                HTTP/1.1 200 OK\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: 6\r
                Date: (now)\r
                \r
                hello

                """)
        let date = try #require(answer?.head.firstMatch(of: /Date: (.*? GMT)/)?.1)
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let time = try #require(format.date(from: String(date)))
        #expect(time >= begin && time <= .now)
    }

    @Test("HEAD gets the header of GET's answer, and the connection stays open")
    func head_hasNoBody() async throws {
        let answers = try await withService { port in
            let peer = try RawPeer(port)
            peer.send("HEAD /hello HTTP/1.1\r\n\(host)\r\n")
            return [peer.answer(hasBody: false), peer.ask("GET /hello HTTP/1.1\r\n\(host)\r\n")]
        }
        #expect(answers[0]?.head.contains("Content-Length: 6") == true)
        #expect(answers[0]?.body == "" && answers[1]?.body == "hello\n")
    }

    @Test(
        "What no route answers is refused, and the connection goes on",
        arguments: [
            ("GET", "/nothing", 404, "404 Not Found\n", nil), ("GET", "/hello/", 404, "404 Not Found\n", nil),
            ("GET", "*", 404, "404 Not Found\n", nil),
            ("DELETE", "/hello", 405, "405 Method Not Allowed\n", "Allow: GET, HEAD"),
            ("GET", "/echo", 405, "405 Method Not Allowed\n", "Allow: POST"),
        ])
    func unknown_isRefused(method: String, path: String, status: Int, body: String, field: String?) async throws {
        let (first, second) = try await withService { port in
            let peer = try RawPeer(port)
            return (
                peer.ask("\(method) \(path) HTTP/1.1\r\n\(host)\r\n"), peer.ask("GET /hello HTTP/1.1\r\n\(host)\r\n")
            )
        }
        #expect(first?.status == status && first?.body == body)
        #expect(field.map { first?.head.contains($0) == true } ?? true)
        #expect(second?.body == "hello\n")
    }

    @Test(
        "A body comes with its length or in chunks",
        arguments: [
            "Content-Length: 5\r\n\r\nhello", "Content-Length: 5 \r\n\r\nhello",
            "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
            "transfer-encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\nTrailer: here\r\n\r\n",
        ])
    func body_reachesTheHandler(rest: String) async throws {
        let answers = try await withService { port in
            let peer = try RawPeer(port)
            return (0..<2).map { _ in peer.ask("POST /echo HTTP/1.1\r\n\(host)\(rest)") }
        }
        #expect(answers.map { $0?.body } == ["hello", "hello"])
    }

    @Test("A large body with line ends arrives as it was sent, in either form")
    func body_keepsLineEnds() async throws {
        let body = String((0..<100_000).map { "\($0)\n" }.joined().prefix(500_000))
        let bodies = try await withService { port in
            let peer = try RawPeer(port)
            let whole = peer.ask("POST /echo HTTP/1.1\r\n\(host)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let half = body.prefix(250_000)
            let size = String(half.utf8.count, radix: 16)
            let chunked = peer.ask(
                "POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n\(size)\r\n\(half)\r\n"
                    + "\(size)\r\n\(body.suffix(250_000))\r\n0\r\n\r\n")
            return [whole?.body, chunked?.body]
        }
        #expect(bodies[0] == body && bodies[1] == body)
    }

    @Test("A client that expects 100 Continue gets it, or the refusal")
    func expectation_isAnswered() async throws {
        let (leave, answer, refusal, odd) = try await withService { port in
            let peer = try RawPeer(port)
            peer.send("POST /echo HTTP/1.1\r\n\(host)Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            let leave = peer.answer()
            let answer = peer.ask("ok")
            let refused = try RawPeer(port).ask(
                "POST /nothing HTTP/1.1\r\n\(host)Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            let odd = try RawPeer(port).ask("GET /hello HTTP/1.1\r\n\(host)Expect: wonders\r\n\r\n")
            return (leave, answer, refused, odd)
        }
        #expect(leave?.head == "HTTP/1.1 100 Continue" && answer?.body == "ok")
        #expect(refusal?.status == 404 && odd?.status == 417)
    }

    @Test(
        "The connection ends when the client or its version says so",
        arguments: [
            ("HTTP/1.1", "", false), ("HTTP/1.1", "Connection: close\r\n", true), ("HTTP/1.0", "", true),
            ("HTTP/1.0", "Connection: keep-alive\r\n", false),
            ("HTTP/1.1", "Connection: Upgrade\r\nUpgrade: h2c\r\n", true),
        ])
    func connection_endsAsAsked(version: String, fields: String, ends: Bool) async throws {
        let (answer, next) = try await withService { port in
            let peer = try RawPeer(port)
            let request = "GET /hello \(version)\r\n\(host)\(fields)\r\n"
            return (peer.ask(request), peer.ask(request))
        }
        #expect(answer?.body == "hello\n")
        #expect(answer?.head.contains("Connection: close") == ends)
        #expect((next == nil) == ends)
    }

    @Test("The handler receives the request as sent, and the longest route wins")
    func request_hasItsParts() async throws {
        let seen = Mutex<[HTTPRequest]>([])
        let routes = [
            HTTPRoute("GET", "/") { _ in HTTPResponse(text: "root") },
            HTTPRoute("GET", "/calls/") { request in
                seen.withLock { $0.append(request) }
                return HTTPResponse(text: request.path)
            },
        ]
        let bodies = try await withService(HTTPServiceOptions(), routes) { port in
            let peer = try RawPeer(port)
            return ["/calls/a%20b?x=1&y", "/other", "http://elsewhere/calls/?q", "http://elsewhere"].map {
                peer.ask("GET \($0) HTTP/1.1\r\nhost:  here \r\nX-Two: a\r\nx-two: b\r\n\r\n")?.body
            }
        }
        #expect(bodies == ["/calls/a%20b", "root", "/calls/", "root"])
        let request = try #require(seen.withLock { $0.first })
        #expect(request.method == "GET" && request.query == "x=1&y" && request.clientAddress == "127.0.0.1")
        #expect(request.headers["HOST"] == "here" && request.headers.values("X-Two") == ["a", "b"])
        #expect(request.headers["none"] == nil)
    }

    @Test("An untrusted header value cannot begin another field, and the client does not see a handler's error")
    func answer_isSafe() async throws {
        struct Secret: Error {}
        let routes = [
            HTTPRoute("GET", "/split") { _ in HTTPResponse(headers: ["X": "a\r\nSet-Cookie: b"]) },
            HTTPRoute("GET", "/fails") { _ in throw Secret() },
        ]
        let answers = try await withService(HTTPServiceOptions(), routes) { port in
            let peer = try RawPeer(port)
            return ["/split", "/fails", "/split"].map { peer.ask("GET \($0) HTTP/1.1\r\n\(host)\r\n") }
        }
        #expect(answers[0]?.head.contains("\r\nX: a  Set-Cookie: b\r\n") == true)
        #expect(answers[1]?.status == 500 && answers[1]?.body == "500 Internal Server Error\n")
        #expect(answers[2]?.status == 200)
    }
}
