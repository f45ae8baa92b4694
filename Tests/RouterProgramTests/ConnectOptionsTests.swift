import RawPeers
import Testing

/// The options of a source of the type `connect`.
@Suite(.timeLimit(.minutes(2))) struct ConnectOptionsTests {
    @Test("check says what is wrong with each option")
    func wrongOptions_areDiagnosed() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                sources:
                  a: { type: connect, url: "ftp://h", model: "" }
                  b: { type: connect, call_id: rtc_1, intent: transcription, audio_in: q.wav }
                  c: { type: connect, api_key: k, key_command: [vault] }
                  d: { type: connect, headers: { Host: h, "X Y": z, Good: v } }
                  e: { type: connect, audio_pace: max, retries: -1, ping: 0s }
                  f: { type: connect, modle: x }
                handlers: { c: { type: console } }
                routes: [ { name: all, match: { type: session.created }, to: c } ]

                """)
        let ending = try await place.run("check")
        #expect(ending.code == 1)
        #expect(
            ending.output == """
                routes.yml:3:28: error: `url` must be an address such as `wss://api.openai.com/v1/realtime`, and this is `ftp://h`
                    3 |   a: { type: connect, url: "ftp://h", model: "" }
                      |                            ^

                routes.yml:3:46: error: `model` is empty
                    3 |   a: { type: connect, url: "ftp://h", model: "" }
                      |                                              ^

                routes.yml:4:47: error: `intent` does not go with `call_id`
                    4 |   b: { type: connect, call_id: rtc_1, intent: transcription, audio_in: q.wav }
                      |                                               ^
                   help: a call keeps the kind that it was created with: remove `intent`

                routes.yml:4:72: error: `audio_in` does not go with `call_id`
                    4 |   b: { type: connect, call_id: rtc_1, intent: transcription, audio_in: q.wav }
                      |                                                                        ^
                   help: the call's own connection carries its audio

                routes.yml:5:48: error: `key_command` does not go with `api_key`
                    5 |   c: { type: connect, api_key: k, key_command: [vault] }
                      |                                                ^
                   help: keep one of them

                routes.yml:6:34: error: the router sets `Host` itself
                    6 |   d: { type: connect, headers: { Host: h, "X Y": z, Good: v } }
                      |                                  ^

                routes.yml:6:43: error: this is not a valid HTTP header field
                    6 |   d: { type: connect, headers: { Host: h, "X Y": z, Good: v } }
                      |                                           ^

                routes.yml:7:49: error: `retries` must be a whole number from 0 to 1000, and this is `-1`
                    7 |   e: { type: connect, audio_pace: max, retries: -1, ping: 0s }
                      |                                                 ^

                routes.yml:7:59: error: `ping` must be from 1s to 10m, and this is `0s`
                    7 |   e: { type: connect, audio_pace: max, retries: -1, ping: 0s }
                      |                                                           ^

                routes.yml:8:23: error: unknown key `modle`
                    8 |   f: { type: connect, modle: x }
                      |                       ^
                   help: did you mean `model`?

                """)
    }

    @Test("check says what does not go together, with other sources and with `session`")
    func unfitOptions_areDiagnosed() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                session: { model: gpt-y, audio: { output: { voice: marin } } }
                sources:
                  a: { type: connect, url: "wss://h/?model=gpt-x", model: gpt-y }
                  b: { type: connect, call_id: rtc_1, model: gpt-x, session_key: d }
                  c: { type: connect, audio_in: "-", audio_pace: max, ca: none.pem, url: "ws://localhost/" }
                  d: { type: connect, audio_in: "-", key_command: [./none] }
                  e: { type: connect, audio_in: none.wav, url: "ws://192.0.2.1/", api_key: "${KEY}" }
                  f: { type: connect, url: "wss://me:pass-word@h/?x=1" }
                  g: { type: connect, audio_in: "-", url: "wss://h/?model=gpt-x" }
                handlers: { c: { type: console } }
                routes: [ { name: all, match: { type: session.created }, to: c } ]

                """)
        let ending = try await place.run("check", environment: ["KEY": "k"])
        #expect(ending.code == 1)
        #expect(
            ending.output.replacing(place.path, with: "PLACE") == """
                routes.yml:2:12: warning: the source `g` has `model=gpt-x` in its `url`, which takes precedence over this model
                    2 | session: { model: gpt-y, audio: { output: { voice: marin } } }
                      |            ^
                   help: keep one of them

                routes.yml:2:26: error: the source `b` is the sideband of a call, whose own connection carries the audio
                    2 | session: { model: gpt-y, audio: { output: { voice: marin } } }
                      |                          ^
                   help: remove `audio`, or put the source into a file of its own

                routes.yml:4:59: error: `model` has no effect: `model=gpt-x` in `url` takes precedence
                    4 |   a: { type: connect, url: "wss://h/?model=gpt-x", model: gpt-y }
                      |                                                           ^
                   help: keep one of them

                routes.yml:5:66: error: the sources `b` and `d` have the same session key `d`
                    5 |   b: { type: connect, call_id: rtc_1, model: gpt-x, session_key: d }
                      |                                                                  ^
                   help: give each a `session_key` of its own: the key tells sessions apart

                routes.yml:6:50: error: `audio_pace: max` is for files; standard input is sent as it arrives
                    6 |   c: { type: connect, audio_in: "-", audio_pace: max, ca: none.pem, url: "ws://localhost/" }
                      |                                                  ^
                   help: remove it

                routes.yml:6:59: warning: `ca` has no effect: a `ws://` address uses no TLS
                    6 |   c: { type: connect, audio_in: "-", audio_pace: max, ca: none.pem, url: "ws://localhost/" }
                      |                                                           ^
                   help: remove it, or write `wss://`

                routes.yml:6:59: warning: none.pem: no such file
                    6 |   c: { type: connect, audio_in: "-", audio_pace: max, ca: none.pem, url: "ws://localhost/" }
                      |                                                           ^

                routes.yml:7:52: warning: PLACE/./none: no such program
                    7 |   d: { type: connect, audio_in: "-", key_command: [./none] }
                      |                                                    ^

                routes.yml:8:33: warning: none.wav: no such file
                    8 |   e: { type: connect, audio_in: none.wav, url: "ws://192.0.2.1/", api_key: "${KEY}" }
                      |                                 ^

                routes.yml:8:48: error: the key would cross the network in the clear
                    8 |   e: { type: connect, audio_in: none.wav, url: "ws://192.0.2.1/", api_key: "${KEY}" }
                      |                                                ^
                   help: use `wss://`, or allow it with `authorization: bearer` in a source of routes.yml, or `none` to send no key

                routes.yml:9:28: error: `url` must not hold a user's name or a password
                    9 |   f: { type: connect, url: "wss://***@h/?x=1" }
                      |                            ^
                   help: remove what stands before `@`; the key is `api_key: ${NAME}`

                routes.yml:10:3: error: the sources `d` and `g` would both read standard input
                   10 |   g: { type: connect, audio_in: "-", url: "wss://h/?model=gpt-x" }
                      |   ^
                   help: keep one of them

                """)
        #expect(!ending.output.contains("pass-word"))
    }

    @Test("--ca without TLS is said to have no effect")
    func ca_withoutTLS() async throws {
        let place = try Workplace()
        let ending = try await place.run("connect", "--ca", "none.pem", "--url", "ws://127.0.0.1:1/")
        #expect(ending.code == 2)
        #expect(
            ending.error == """
                warning: --ca has no effect: a ws:// address uses no TLS
                error: ws://127.0.0.1:1/: cannot connect to 127.0.0.1:1: Connection refused

                """)
    }

    @Test("A key that never comes from --key-fd holds up nothing: SIGTERM ends the program")
    func keyDescriptor_withoutKey() async throws {
        let place = try Workplace()
        let ending = try await place.shell(
            """
            mkfifo keys
            timeout 30 "$ROUTER" connect --url ws://127.0.0.1:1/ --key-fd 3 3<>keys &
            sleep 2
            kill -TERM $!
            wait $!
            echo $?
            """)
        #expect(ending.output.hasSuffix("143\n"), "\(ending.output)\(ending.error)")
    }

    @Test("A key command gives the key, and its failure is told without its output")
    func keyCommand_givesTheKey() async throws {
        let server = try RawServer()
        let served = Task {
            try await blocking { () -> String in
                let client = server.accept()
                let header = client.header()
                client.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
                return header
            }
        }
        func routes(_ script: String) -> String {
            """
            version: 1
            sources: { call: { type: connect, url: "ws://127.0.0.1:\(server.port)/v1", key_command: [/bin/sh, -c, "\(script)"] } }
            handlers: { c: { type: console } }
            routes: [ { name: all, match: { type: session.created }, to: c } ]

            """
        }
        let refused = try await Workplace(routes: routes("echo ' key-from-vault '")).run("run")
        #expect(try await served.value.lowercased().contains("authorization: bearer key-from-vault\r\n"))
        #expect(refused.code == 2)
        #expect(refused.error == "error: source `call`: ws://127.0.0.1:\(server.port)/v1: the server answered 401\n")
        let failed = try await Workplace(routes: routes("echo secret; echo sealed >&2; exit 3")).run("run")
        #expect(failed.code == 2)
        #expect(
            failed.error
                == "error: source `call`: ws://127.0.0.1:\(server.port)/v1: there is no key: `/bin/sh` exited with status 3: sealed\n"
        )
        #expect(!failed.output.contains("secret"))
    }
}
