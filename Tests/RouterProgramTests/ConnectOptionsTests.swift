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
                   help: the call is what it was made as: remove `intent`

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

                routes.yml:6:43: error: this is no field of an HTTP request
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
