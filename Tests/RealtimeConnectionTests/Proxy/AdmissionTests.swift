import Crypto
import EventRouter
import NIOCore
import NIOEmbedded
import NIOHTTP1
import RouterTesting
import Testing

@testable import RealtimeConnection

/// What a proxy makes of a client's handshake before anything is dialled.
@Suite struct AdmissionTests {
    private typealias Fields = [(String, String)]

    private func request(
        _ target: String = "/v1/realtime?model=m", _ fields: [(String, String)] = [], host: String? = "127.0.0.1:8080",
        upgrades: Bool = true, method: HTTPMethod = .GET
    ) -> HandshakeRequest {
        var headers = HTTPHeaders(host.map { [("Host", $0)] } ?? [])
        if upgrades {
            headers.add(contentsOf: [
                ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ])
        }
        headers.add(contentsOf: fields)
        return HandshakeRequest(
            HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers),
            clientAddress: "127.0.0.1:1", EmbeddedEventLoop())
    }

    private func refusal(_ answer: HandshakeAnswer?) -> String? {
        guard case .refuse(let status, _, let body)? = answer else { return nil }
        return "\(status) \(String(decoding: body, as: UTF8.self))"
    }

    // MARK: Checks

    private let check = RequestCheck(hosts: ["Proxy.Example"], origins: ["https://App.example"])

    @Test(
        "Known names of the proxy pass, with any port",
        arguments: [
            "127.0.0.1:8080", "127.0.0.1", "[::1]:1", "10.0.0.1:8080", "localhost:8080", "LOCALHOST", "proxy.example",
            "PROXY.example:443",
        ])
    func knownHosts(host: String) {
        #expect(refusal(check.refusal(of: request(host: host))) == nil)
    }

    @Test(
        "Other names are refused, and what is no name",
        arguments: [
            ("evil.example", "421 this proxy does not serve that host: see `hosts`\n"),
            ("localhost.evil.example", "421 this proxy does not serve that host: see `hosts`\n"),
            ("127.0.0.1.evil.example", "421 this proxy does not serve that host: see `hosts`\n"),
            ("proxy.example.", "421 this proxy does not serve that host: see `hosts`\n"),
            ("a@proxy.example", "400 the request has no valid `Host`\n"),
            ("proxy.example/x", "400 the request has no valid `Host`\n"),
            ("proxy.example?x", "400 the request has no valid `Host`\n"),
            ("proxy.example:99999", "400 the request has no valid `Host`\n"),
            ("", "400 the request has no valid `Host`\n"),
            (nil, "400 the request has no valid `Host`\n"),
        ] as [(String?, String)])
    func otherHosts(host: String?, answer: String) {
        #expect(refusal(check.refusal(of: request(host: host))) == answer)
    }

    @Test("A second Host is refused")
    func twoHosts() {
        #expect(
            refusal(check.refusal(of: request("/", [("host", "127.0.0.1")]))) == "400 the request has no valid `Host`\n"
        )
    }

    @Test("Origins pass that are listed, whole and in any case")
    func origins() {
        func answer(_ origins: String...) -> String? {
            refusal(check.refusal(of: request("/", origins.map { ("Origin", $0) })))
        }
        let refused = "403 this `Origin` is not allowed: see `origins`\n"
        #expect(answer("https://app.example") == nil)
        #expect(answer("https://app.example.evil") == refused)
        #expect(answer("http://app.example") == refused)
        #expect(answer("null") == refused)
        #expect(answer("") == refused)
        #expect(answer("https://app.example", "https://evil.example") == refused)
    }

    @Test("A handshake with a body, and lengths that disagree, are refused")
    func bodies() {
        func answer(_ fields: [(String, String)], upgrades: Bool = true) -> String? {
            refusal(check.refusal(of: request("/", fields, upgrades: upgrades)))
        }
        #expect(answer([("Content-Length", "0")]) == nil)
        #expect(answer([("Content-Length", "5")]) == "400 a handshake has no body\n")
        #expect(answer([("Transfer-Encoding", "chunked")]) == "400 a handshake has no body\n")
        #expect(answer([("Content-Length", "5")], upgrades: false) == nil)
        let twice = "400 the request has two lengths\n"
        #expect(answer([("Content-Length", "5"), ("Transfer-Encoding", "chunked")], upgrades: false) == twice)
        #expect(answer([("Content-Length", "5"), ("content-length", "6")], upgrades: false) == twice)
    }

    @Test(
        "Targets that are no path are refused",
        arguments: [
            "http://evil.example/", "*", "evil.example:443", "/a b", "/a\u{7F}", "/ä",
        ])
    func targets(target: String) {
        #expect(refusal(check.refusal(of: request(target))) == "400 the request's target is not a path\n")
    }

    @Test(
        "Realtime paths are known, other paths and plain requests are not",
        arguments: [
            ("/v1/realtime?model=m", true), ("/openai/v1/realtime", true), ("/realtime/", true),
            ("/v1/realtime/translations", true), ("/v1/realtime/calls", false), ("/v1/live/sessions", false),
            ("/v1/realtimes", false), ("/", false), ("/?x=/realtime", false),
        ])
    func paths(target: String, isKnown: Bool) {
        #expect(request(target).isRealtimeSession == isKnown)
        #expect(!request(target, upgrades: false).isRealtimeSession)
    }

    // MARK: What is forwarded

    @Test("The fields of a hop are not forwarded, those that Connection names included")
    func forwardedFields() {
        let forwarded = ForwardedRequest(
            request(
                "/v1/realtime?model=m&x=%20",
                [
                    ("Authorization", "Bearer sk"), ("Connection", "X-Hop, keep-alive"), ("X-Hop", "1"), ("X-Own", "a"),
                    ("x-own", "b"), ("Cookie", "a=1"), ("cookie", "b=2"), ("Proxy-Authorization", "x"),
                    ("TE", "trailers"),
                    ("Sec-WebSocket-Extensions", "permessage-deflate"), ("Sec-WebSocket-Protocol", "realtime, b"),
                    ("Content-Length", "0"), ("Expect", "100-continue"), ("OpenAI-Beta", "realtime=v1"),
                ]))
        #expect(forwarded.target == "/v1/realtime?model=m&x=%20")
        #expect(
            forwarded.headers.map { "\($0.name): \($0.value)" } == [
                "Authorization: Bearer sk", "X-Own: a, b", "Cookie: a=1; b=2", "OpenAI-Beta: realtime=v1",
            ])
        #expect(forwarded.subprotocols == ["realtime", "b"])
    }

    @Test("A key of our own takes the place of everything by which the client shows one")
    func forwardedFields_ownKey() throws {
        let client = try #require(ProxyClient(name: "web", tokenSHA256: String(repeating: "0", count: 64)))
        let shown = request(
            "/v1/realtime",
            [
                ("Authorization", "Bearer t"), ("api-key", "t"), ("X-API-Key", "t"), ("Cookie", "t"), ("X-Own", "a"),
                ("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.t, openai-project.p"),
            ])
        let bearer = ForwardedRequest(shown, key: OwnKey("sk", clients: [client]))
        #expect(bearer.headers.map { "\($0.name): \($0.value)" } == ["X-Own: a", "authorization: Bearer sk"])
        #expect(bearer.subprotocols == ["realtime", "openai-project.p"])
        let field = ForwardedRequest(shown, key: OwnKey("sk", authorization: .apiKey, clients: [client]))
        #expect(field.headers.map { "\($0.name): \($0.value)" } == ["X-Own: a", "api-key: sk"])
    }

    @Test("A request that passes unread keeps its body's fields, and gets the server's Host")
    func unreadRequest() throws {
        let url = try #require(WebSocketURL("wss://api.example:444"))
        let plain = request(
            "/v1/models?a",
            [("Content-Length", "2"), ("Connection", "keep-alive"), ("Authorization", "k"), ("X-A", "1")],
            upgrades: false, method: .POST)
        #expect(
            String(buffer: PassthroughRequest.header(of: plain, for: url))
                == "POST /v1/models?a HTTP/1.1\r\nHost: api.example:444\r\nContent-Length: 2\r\nAuthorization: k\r\nX-A: 1\r\nConnection: close\r\n\r\n"
        )
        #expect(
            String(buffer: PassthroughRequest.header(of: request("/v1/live"), for: url))
                == "GET /v1/live HTTP/1.1\r\nHost: api.example:444\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
    }

    // MARK: Keys and labels

    @Test("Fields of a request are read decoded")
    func fields() {
        let request = request("/calls/a%20b/realtime?sid=x%2Fy&sid=z", [("X-Tenant", "acme"), ("x-tenant", "other")])
        #expect(RequestField.header("x-tenant").value(in: request) == "acme")
        #expect(RequestField.header("x-none").value(in: request) == nil)
        #expect(RequestField.query("sid").value(in: request) == "x/y")
        #expect(RequestField.query("none").value(in: request) == nil)
        #expect(
            (-4...3).map { RequestField.path($0).value(in: request) } == [
                nil, "calls", "a b", "realtime", "calls", "a b", "realtime", nil,
            ])
    }

    @Test(
        "Credentials are no labels",
        arguments: [
            ("authorization", false), ("cookie", false), ("api-key", false), ("x-api-key", false),
            ("proxy-authorization", false), ("sec-websocket-protocol", false), ("sec-fetch-site", false),
            ("x-tenant", true),
        ])
    func publicFields(name: String, isPublic: Bool) {
        #expect(RequestField.header(name).isPublic == isPublic)
    }

    @Test(
        "Keys are the client's where it has one, printable and cut, and otherwise of the source, the time and four letters"
    )
    func sessionKeys() throws {
        let clock = ManualClock()
        let own = SessionKeyGenerator(nil, clock: clock)
        let key = own.key(for: request(), named: "agents")
        #expect(key.wholeMatch(of: /agents-20260101T000000-[a-z2-9]{4}/) != nil, "\(key)")
        let theirs = SessionKeyGenerator(.query("sid"), clock: clock)
        #expect(theirs.key(for: request("/?sid=call-7"), named: "agents") == "call-7")
        #expect(theirs.key(for: request("/?sid="), named: "agents").hasPrefix("agents-"))
        #expect(theirs.key(for: request("/"), named: "agents").hasPrefix("agents-"))
        let long = theirs.key(for: request("/?sid=" + String(repeating: "%C3%A4", count: 300)), named: "agents")
        #expect(long == String(repeating: "ä", count: 100))
        #expect(
            !theirs.key(for: request("/?sid=a%0Ab%1B"), named: "agents").contains { $0.isNewline || $0 == "\u{1B}" })
    }

    // MARK: Tokens

    private func hash(_ token: String) -> String {
        SHA256.hash(data: Array(token.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test(
        "A token is known in each place where a client can show it",
        arguments: [
            [("Authorization", "Bearer token-b")], [("authorization", "bEARER   token-b ")], [("api-key", "token-b")],
            [("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.token-b")],
            [("Authorization", "Bearer nonsense"), ("api-key", "token-b")],
        ])
    func tokens(fields: [(String, String)]) throws {
        let clients = try ["a", "b"].map { try #require(ProxyClient(name: $0, tokenSHA256: hash("token-\($0)"))) }
        #expect(OwnKey("sk", clients: clients).client(of: request("/", fields))?.name == "b")
    }

    @Test(
        "Other tokens, and places that are none, are not known",
        arguments: [
            [], [("Authorization", "token-a")], [("Authorization", "Basic token-a")],
            [("Authorization", "Bearer token-a x")],
            [("X-Token", "token-a")], [("Cookie", "token-a")], [("Authorization", "Bearer ")],
            [("api-key", "token-aa")],
            [("Sec-WebSocket-Protocol", "token-a")],
        ])
    func unknownTokens(fields: [(String, String)]) throws {
        let client = try #require(ProxyClient(name: "a", tokenSHA256: hash("token-a").uppercased()))
        #expect(OwnKey("sk", clients: [client]).client(of: request("/?api-key=token-a", fields)) == nil)
    }

    @Test(
        "A SHA-256 is 64 hexadecimal digits",
        arguments: [
            "", "ab", String(repeating: "a", count: 63), String(repeating: "a", count: 65),
            String(repeating: "g", count: 64),
            String(repeating: "+a", count: 32), String(repeating: "-0", count: 32), String(repeating: "ä", count: 32),
        ])
    func noDigest(text: String) {
        #expect(ProxyClient(name: "a", tokenSHA256: text) == nil)
    }

    @Test("A token for some models is refused for others, and where the query names none")
    func models() throws {
        var client = try #require(ProxyClient(name: "a", tokenSHA256: hash("t")))
        #expect(refusal(client.refusal(of: request("/"))) == nil)
        client.models = ["m"]
        #expect(refusal(client.refusal(of: request("/?model=m"))) == nil)
        #expect(refusal(client.refusal(of: request("/?model=M"))) == "403 this token is not for that model\n")
        #expect(
            refusal(client.refusal(of: request("/")))
                == "403 name one model and no call in the query: this token is for some models only\n")
    }

    @Test(
        "A query with two models, or with a call, is refused to a token for some models",
        arguments: ["model=m", "call_id=c"])
    func models_twice(second: String) throws {
        var client = try #require(ProxyClient(name: "a", tokenSHA256: hash("t")))
        client.models = ["m"]
        #expect(
            refusal(client.refusal(of: request("/?model=m&\(second)")))
                == "403 name one model and no call in the query: this token is for some models only\n")
    }

    // MARK: Secrets

    private var shown: Fields {
        [
            ("Authorization", "Bearer sk-one-12345"), ("Cookie", "a=cookie-12345; b=1"),
            ("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.ek_two-12345"), ("X-Tenant", "acme-12345678"),
        ]
    }

    @Test("What the handshake showed is taken out of messages, and labels are not")
    func secrets() throws {
        var options = ProxyOptions(port: 0)
        options.labels = [
            ClientLabel("tenant", .request(.header("x-tenant"))), ClientLabel("call", .request(.query("call"))),
        ]
        let request = request("/v1/realtime?model=gpt-realtime&call=call-12345&token=to%2Fken-12345&short=abc", shown)
        let secrets = try #require(ClientSecrets(request, options))
        let message = ByteBuffer(
            string:
                #"{"a":"sk-one-12345 cookie-12345 ek_two-12345 to\/ken-12345","b":"acme-12345678 call-12345 abc gpt-realtime"}"#
        )
        #expect(
            secrets.redacted(message).map { String(decoding: $0, as: UTF8.self) }
                == #"{"a":"*** *** *** ***","b":"acme-12345678 call-12345 abc gpt-realtime"}"#)
        #expect(secrets.redacted(ByteBuffer(string: "{}")) == nil)
        #expect(secrets.label("x", "is sk-one-12345") == nil)
        #expect(secrets.label("x", String(repeating: "ä", count: 500))?.value.utf8.count == 200)
    }

    @Test("More secrets than anybody needs are refused")
    func secrets_tooMany() {
        let query = (0..<40).map { "k\($0)=value-\($0)-12345" }.joined(separator: "&")
        #expect(ClientSecrets(request("/v1/realtime?" + query), ProxyOptions(port: 0)) == nil)
    }

    @Test("Secrets are found in bytes that are made to make that hard", arguments: [0, 1, 7])
    func secrets_hardToFind(behind: Int) throws {
        let secret = String(repeating: "a", count: 4000) + "ba"
        let secrets = try #require(
            ClientSecrets(request("/v1/realtime?token=\(secret)"), ProxyOptions(port: 0)))
        let bytes = String(repeating: "a", count: 2_000_000)
        #expect(secrets.redacted(ByteBuffer(string: bytes)) == nil)
        let found = secrets.redacted(ByteBuffer(string: bytes + "ba" + String(repeating: "a", count: behind)))
        #expect(found?.count == 2_000_000 - 4000 + 3 + behind)
    }

    // MARK: Ends

    @Test(
        "Ends pass with their codes; what is no code of a close frame becomes 1011",
        arguments: [
            (.closed(code: 1000, reason: "bye"), 1000, "bye"), (.closed(code: 4001, reason: ""), 4001, ""),
            (.closed(code: nil, reason: ""), 1011, "closed without a code"),
            (.lost("reset"), 1011, "the other side's connection was lost"),
            (.violated(code: 1009, "too large"), 1011, "the other side broke the protocol"),
            (.silent(.seconds(40)), 1011, "the other side gave no sign of life"), (.local(code: 1012), 1012, ""),
        ] as [(WebSocketEnd, UInt16, String)])
    func ends(end: WebSocketEnd, code: UInt16, reason: String) {
        #expect(end.passed == (code, reason))
    }
}
