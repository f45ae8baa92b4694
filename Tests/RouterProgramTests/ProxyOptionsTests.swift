import EventJSON
import Testing

/// The options of a source of the type `proxy`, and the command.
@Suite(.timeLimit(.minutes(2))) struct ProxyOptionsTests {
    private func routes(_ sources: String, _ rest: String = "") -> String {
        """
        version: 1
        sources:
        \(sources)
        handlers: { c: { type: console } }
        routes: [ { name: all, match: { type: session.created }, to: c } ]
        \(rest)
        """
    }

    /// The output of `check` for sources, and for lines after the file.
    private func check(_ sources: String, _ rest: String = "") async throws -> RunningProgram.Ending {
        try await Workplace(routes: routes(sources, rest)).run("check")
    }

    @Test("check says what is wrong with addresses and limits")
    func proxyOptions_wrongAddresses() async throws {
        let ending = try await check(
            """
              a: { type: proxy, listen: here, mode: watch, max_sessions: 0 }
              b: { type: proxy, listen: 0.0.0.0:8080, upstream: [ws://api.example, wss://api.example/v2, nonsense] }
              j: { type: proxy, listen: 127.0.0.1:0, tls: { certificate: c.pem }, ping: 0s, linger: 2m, max_message: 1 }
              k: { type: proxy, listen: 127.0.0.1:0, ensure: [audio], health: nowhere }
              l: { type: proxy }
              m: { type: proxy, listen: 127.0.0.1:0, orgins: [x] }
              n: { type: proxy, listen: 127.0.0.1:0, upstream: [], session_key_from: {} }
              o: { type: proxy, listen: 127.0.0.1:0, mode: act, session_idle: 3m, linger: x }
            """)
        #expect(ending.code == 1)
        #expect(
            ending.output == """
                routes.yml:3:29: error: `listen` must be an address and a port such as `127.0.0.1:8080`, and this is `here`
                    3 |   a: { type: proxy, listen: here, mode: watch, max_sessions: 0 }
                      |                             ^

                routes.yml:3:41: error: `mode` must be `observe` or `act`, and this is `watch`
                    3 |   a: { type: proxy, listen: here, mode: watch, max_sessions: 0 }
                      |                                         ^

                routes.yml:3:62: error: `max_sessions` must be a whole number from 1 to 100000, and this is `0`
                    3 |   a: { type: proxy, listen: here, mode: watch, max_sessions: 0 }
                      |                                                              ^

                routes.yml:4:29: error: other machines reach 0.0.0.0, and without TLS they would show their keys to the network
                    4 |   b: { type: proxy, listen: 0.0.0.0:8080, upstream: [ws://api.example, wss://api.example/v2, nonsense] }
                      |                             ^
                   help: listen on 127.0.0.1, give a certificate, or write `trusted_network: true` in a file if only a terminator of TLS reaches it

                routes.yml:4:54: error: `ws://` would show keys to the network: use `wss://`
                    4 |   b: { type: proxy, listen: 0.0.0.0:8080, upstream: [ws://api.example, wss://api.example/v2, nonsense] }
                      |                                                      ^

                routes.yml:4:72: error: the server has no path and no query here, as the client's reach it: write `wss://api.example`
                    4 |   b: { type: proxy, listen: 0.0.0.0:8080, upstream: [ws://api.example, wss://api.example/v2, nonsense] }
                      |                                                                        ^

                routes.yml:4:94: error: `upstream` must be an address such as `wss://api.openai.com`, and this is `nonsense`
                    4 |   b: { type: proxy, listen: 0.0.0.0:8080, upstream: [ws://api.example, wss://api.example/v2, nonsense] }
                      |                                                                                              ^

                routes.yml:5:47: error: `tls` needs the key `key`
                    5 |   j: { type: proxy, listen: 127.0.0.1:0, tls: { certificate: c.pem }, ping: 0s, linger: 2m, max_message: 1 }
                      |                                               ^

                routes.yml:5:77: error: `ping` must be from 1s to 10m, and this is `0s`
                    5 |   j: { type: proxy, listen: 127.0.0.1:0, tls: { certificate: c.pem }, ping: 0s, linger: 2m, max_message: 1 }
                      |                                                                             ^

                routes.yml:5:89: error: `linger` must be from 0s to 1m, and this is `2m`
                    5 |   j: { type: proxy, listen: 127.0.0.1:0, tls: { certificate: c.pem }, ping: 0s, linger: 2m, max_message: 1 }
                      |                                                                                         ^

                routes.yml:5:106: error: `max_message` must be from 1024 to 1073741824 bytes, and this is `1`
                    5 |   j: { type: proxy, listen: 127.0.0.1:0, tls: { certificate: c.pem }, ping: 0s, linger: 2m, max_message: 1 }
                      |                                                                                                          ^

                routes.yml:6:50: error: `ensure` must be a mapping, and this is a list
                    6 |   k: { type: proxy, listen: 127.0.0.1:0, ensure: [audio], health: nowhere }
                      |                                                  ^

                routes.yml:6:67: error: `health` must be an address and a port such as `127.0.0.1:8081`, and this is `nowhere`
                    6 |   k: { type: proxy, listen: 127.0.0.1:0, ensure: [audio], health: nowhere }
                      |                                                                   ^

                routes.yml:7:6: error: the source `l` needs the key `listen`
                    7 |   l: { type: proxy }
                      |      ^
                   help: write `listen: 127.0.0.1:8080`

                routes.yml:8:42: error: unknown key `orgins`
                    8 |   m: { type: proxy, listen: 127.0.0.1:0, orgins: [x] }
                      |                                          ^
                   help: did you mean `origins`?

                routes.yml:9:52: error: `upstream` is empty
                    9 |   n: { type: proxy, listen: 127.0.0.1:0, upstream: [], session_key_from: {} }
                      |                                                    ^
                   help: remove it, or name a server

                routes.yml:9:74: error: `session_key_from` needs one of `header`, `query` and `path`
                    9 |   n: { type: proxy, listen: 127.0.0.1:0, upstream: [], session_key_from: {} }
                      |                                                                          ^
                   help: write `{header: X-Call-Id}`

                routes.yml:10:79: error: `linger` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and this is `x`
                   10 |   o: { type: proxy, listen: 127.0.0.1:0, mode: act, session_idle: 3m, linger: x }
                      |                                                                               ^

                """)
    }

    @Test("check says what is wrong with keys, clients and labels")
    func proxyOptions_wrongKeys() async throws {
        let ending = try await check(
            """
              c: { type: proxy, listen: 127.0.0.1:0, api_key: k, authorization: basic }
              d: { type: proxy, listen: 127.0.0.1:0, api_key: "", clients: [{ name: web, token_sha256: abc }] }
              e: { type: proxy, listen: 127.0.0.1:0, api_key: k, clients: [{ name: web, token_sha256: abc, modles: [m] }] }
              f: { type: proxy, listen: 127.0.0.1:0, clients: [{ name: web }] }
              g: { type: proxy, listen: 127.0.0.1:0, session_key_from: { query: api-key } }
              h: { type: proxy, listen: 127.0.0.1:0, session_key_from: { header: X-A, query: b } }
              i: { type: proxy, listen: 127.0.0.1:0, labels_from: { tenant: { header: Authorization }, b: {}, c: { query: a, session: b } } }
            """)
        #expect(ending.code == 1)
        #expect(
            ending.output == """
                routes.yml:3:51: error: `api_key` without `clients` would serve anybody
                    3 |   c: { type: proxy, listen: 127.0.0.1:0, api_key: k, authorization: basic }
                      |                                                   ^
                   help: name the clients: `clients: [{name: web, token_sha256: …}]`, as `printf %s TOKEN | sha256sum` prints it

                routes.yml:3:69: error: `authorization` must be `bearer` or `api-key`, and this is `basic`
                    3 |   c: { type: proxy, listen: 127.0.0.1:0, api_key: k, authorization: basic }
                      |                                                                     ^

                routes.yml:4:51: error: `api_key` is empty
                    4 |   d: { type: proxy, listen: 127.0.0.1:0, api_key: "", clients: [{ name: web, token_sha256: abc }] }
                      |                                                   ^

                routes.yml:5:91: error: `token_sha256` must be 64 hexadecimal digits
                    5 |   e: { type: proxy, listen: 127.0.0.1:0, api_key: k, clients: [{ name: web, token_sha256: abc, modles: [m] }] }
                      |                                                                                           ^
                   help: `printf %s TOKEN | sha256sum` prints them

                routes.yml:5:96: error: unknown key `modles`
                    5 |   e: { type: proxy, listen: 127.0.0.1:0, api_key: k, clients: [{ name: web, token_sha256: abc, modles: [m] }] }
                      |                                                                                                ^
                   help: did you mean `models`?

                routes.yml:6:51: error: `clients` means nothing without `api_key`: clients show the server keys of their own
                    6 |   f: { type: proxy, listen: 127.0.0.1:0, clients: [{ name: web }] }
                      |                                                   ^
                   help: write `api_key: ${NAME}`, or remove `clients`

                routes.yml:7:69: error: this field contains a secret, which would be written to records
                    7 |   g: { type: proxy, listen: 127.0.0.1:0, session_key_from: { query: api-key } }
                      |                                                                     ^
                   help: use another field, such as a custom one: `header: X-Call-Id`

                routes.yml:8:60: error: `session_key_from` needs one of `header`, `query` and `path`
                    8 |   h: { type: proxy, listen: 127.0.0.1:0, session_key_from: { header: X-A, query: b } }
                      |                                                            ^
                   help: write `{header: X-Call-Id}`

                routes.yml:9:75: error: this field contains a secret, which would be written to records
                    9 |   i: { type: proxy, listen: 127.0.0.1:0, labels_from: { tenant: { header: Authorization }, b: {}, c: { query: a, session: b } } }
                      |                                                                           ^
                   help: use another field, such as a custom one: `header: X-Call-Id`

                routes.yml:9:95: error: the label `b` needs one of `header`, `query`, `path` and `session`
                    9 |   i: { type: proxy, listen: 127.0.0.1:0, labels_from: { tenant: { header: Authorization }, b: {}, c: { query: a, session: b } } }
                      |                                                                                               ^
                   help: write `{header: X-Tenant}`

                routes.yml:9:102: error: the label `c` needs one of `header`, `query`, `path` and `session`
                    9 |   i: { type: proxy, listen: 127.0.0.1:0, labels_from: { tenant: { header: Authorization }, b: {}, c: { query: a, session: b } } }
                      |                                                                                                      ^
                   help: write `{header: X-Tenant}`

                """)
    }

    @Test("check says that what a client may cost cannot be known without prices")
    func clientsCost_withoutPrices() async throws {
        let digest = String(repeating: "0", count: 64)
        let ending = try await check(
            """
              p: { type: proxy, listen: 127.0.0.1:0, api_key: k, clients: [{ max_cost: 2.5, name: a, token_sha256: "\(digest)" }] }
            """)
        #expect(ending.code == 1)
        #expect(
            ending.output.hasPrefix("routes.yml:3:76: error: `max_cost` needs prices, and no handler has them\n"),
            "\(ending.output)")
    }

    @Test("check says that no session calls the functions where every source only watches")
    func proxyOptions_uncalledFunctions_warn() async throws {
        func said(_ sources: String) async throws -> RunningProgram.Ending {
            try await Workplace(
                routes: """
                    version: 1
                    shutdown_timeout: 30s
                    sources: { \(sources) }
                    handlers:
                      f: { type: function_call, functions: { x: { command: [echo] } } }
                    routes: [ { name: all, match: { type: router.function_call.ready }, to: f } ]

                    """
            ).run("check")
        }
        let observing = "a: { type: proxy, listen: 127.0.0.1:0 }"
        let ending = try await said(observing)
        #expect(ending.code == 0)
        #expect(
            ending.output == """
                routes.yml:5:3: warning: no function of `f` is ever called: every source only watches its sessions
                    5 |   f: { type: function_call, functions: { x: { command: [echo] } } }
                      |   ^
                   help: write `mode: act` at a proxy, or remove the handler
                routes.yml: 1 route, 1 handler, 1 source

                """)
        for sources in ["a: { type: proxy, listen: 127.0.0.1:0, mode: act }", observing + ", b: { type: pipe }"] {
            #expect(
                try await said(sources)
                    == .init(
                        code: 0,
                        output: "routes.yml: 1 route, 1 handler, 1 source\n".replacing(
                            "1 source", with: sources.contains("b:") ? "2 sources" : "1 source")))
        }
    }

    @Test("check says what is wrong with shutdown_timeout")
    func proxyOptions_shutdownTimeout() async throws {
        let ending = try await check("  a: { type: proxy, listen: 127.0.0.1:0 }", "shutdown_timeout: 2 days")
        #expect(ending.code == 1)
        #expect(
            ending.output == """
                routes.yml:6:19: error: `shutdown_timeout` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and this is `2 days`
                    6 | shutdown_timeout: 2 days
                      |                   ^

                """)
    }
    @Test(
        "Wrong calls are told with what is right",
        arguments: [
            ("proxy", "Missing expected argument '--listen <address>'"),
            ("proxy --listen here", "The value 'here' is invalid for '--listen <address>'"),
            (
                "proxy --listen 127.0.0.1:0 --upstream nonsense",
                "--upstream must be an address such as wss://api.openai.com"
            ),
            (
                "proxy --listen 127.0.0.1:0 --upstream ws://api.example",
                "--upstream: `ws://` would show keys to the network: use `wss://`"
            ),
            (
                "proxy --listen 127.0.0.1:0 --upstream ws://127.api.example",
                "--upstream: `ws://` would show keys to the network: use `wss://`"
            ),
            (
                "proxy --listen 127.0.0.1:0 --upstream wss://api.example/v2?x",
                "--upstream: the server has no path and no query here, as the client's reach it: write `wss://api.example`"
            ),
            (
                "proxy --listen 127.0.0.1:0 --mode watch",
                "The value 'watch' is invalid for '--mode <mode>'. Please provide one of 'observe' and 'act'."
            ),
            ("proxy --listen 127.0.0.1:0 --tls-cert c.pem", "--tls-cert and --tls-key go together"),
        ])
    func proxyCommand_wrongArguments(call: String, error: String) async throws {
        let ending = try await Workplace().run(call.split(separator: " ").map(String.init))
        #expect(ending.code == 2 && ending.output == "")
        #expect(ending.error.hasPrefix("error: \(error)\n"), "\(ending.error)")
        #expect(ending.error.hasSuffix("  See 'realtime-router proxy --help' for more information.\n"))
    }

    @Test("A proxy that others could reach without TLS does not start")
    func proxyOptions_publicAddress() async throws {
        #expect(
            try await Workplace().run("proxy", "--listen", "0.0.0.0:0")
                == .init(
                    code: 2,
                    error: """
                        error: other machines reach 0.0.0.0, and without TLS they would show their keys to the network
                           help: listen on 127.0.0.1, give a certificate, or write `trusted_network: true` in a file if only a terminator of TLS reaches it

                        """))
    }

    @Test("The schema knows the type and its keys")
    func proxyOptions_areInSchema() async throws {
        let ending = try await Workplace().run("schema")
        #expect(ending.code == 0)
        for word in [
            "proxy", "listen", "upstream", "session_key_from", "labels_from", "token_sha256", "shutdown_timeout",
        ] {
            #expect(ending.output.contains("\"\(word)\""), "\(word)")
        }
    }
}
