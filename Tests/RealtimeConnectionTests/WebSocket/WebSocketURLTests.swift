import Testing

@testable import RealtimeConnection

struct WebSocketURLTests {
    @Test(
        "Addresses are read",
        arguments: [
            ("wss://api.openai.com/v1/realtime?model=m", "api.openai.com", 443, "/v1/realtime?model=m"),
            ("WS://localhost:8080", "localhost", 8080, "/"),
            ("http://[::1]:9/x", "::1", 9, "/x"),
            ("https://h?a=b", "h", 443, "/?a=b"),
        ] as [(String, String, Int, String)])
    func reading(text: String, host: String, port: Int, target: String) throws {
        let url = try #require(WebSocketURL(text))
        #expect((url.host, url.port, url.target) == (host, port, target))
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "", "api.openai.com", "ftp://h/", "ws://", "ws://:80/", "ws://h:0/", "ws://h:65536/", "ws://u:p@h/",
            "ws://h/#x",
            "ws://h/ x", "ws://a:b:c/", "ws://[::1/", "ws://h:/\n",
        ])
    func refusing(text: String) { #expect(WebSocketURL(text) == nil) }

    @Test("Items of the query are added and found, whatever they hold")
    func query() throws {
        let url = try #require(WebSocketURL("wss://h/p?a=1")).adding("model", "gpt realtime&x=ü")
        #expect(url.description == "wss://h/p?a=1&model=gpt%20realtime%26x%3D%C3%BC")
        #expect(url.query("model") == "gpt realtime&x=ü")
        #expect(url.query("x") == nil)
        #expect(url.shown == "wss://h/p")
    }

    @Test("A proxy holds for all hosts but those that NO_PROXY names, and this machine")
    func proxies() throws {
        let proxy = try #require(
            try OutboundProxy { name in
                [
                    "HTTPS_PROXY": "http://user:p%40ss@proxy:3128", "NO_PROXY": "internal, .example.com,10.0.0.1",
                ][name]
            })
        #expect((proxy.host, proxy.port) == ("proxy", 3128))
        #expect(proxy.authorization == "Basic dXNlcjpwQHNz")
        #expect(proxy.holds(for: try #require(WebSocketURL("wss://api.openai.com"))))
        for host in ["internal", "a.example.com", "EXAMPLE.com", "10.0.0.1", "localhost", "127.0.0.1"] {
            #expect(!proxy.holds(for: try #require(WebSocketURL("wss://\(host)"))))
        }
        #expect(try OutboundProxy { _ in nil } == nil)
        #expect(throws: DialFailure.unusable("HTTPS_PROXY must be an address such as http://proxy.example:3128")) {
            try OutboundProxy { ["https_proxy": "socks5://h:1"][$0] }
        }
    }
}
