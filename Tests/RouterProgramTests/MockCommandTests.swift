import Foundation
import Testing

/// The command `mock`. RealtimeConnectionTests tests the playing of sessions.
@Suite struct MockCommandTests {
    @Test("what is wrong with a script is shown with its place")
    func script_isWrong() async throws {
        let place = try Workplace()
        try place.write("a.yml", "- agnt: Hi\n")
        let ending = try await place.run("mock", "a.yml", "--listen", "127.0.0.1:0")
        let error = """
            a.yml:1:3: error: there is no step `agnt`
                1 | - agnt: Hi
                  |   ^
               help: did you mean `agent`?

            """
        #expect(ending == .init(code: 2, error: error))
    }

    @Test(
        "calls that are wrong",
        arguments: [
            (["mock", "a.yml", "--listen", "here"], "The value 'here' is invalid for '--listen <address>'"),
            (
                ["mock", "a.yml", "--listen", "127.0.0.1:0", "--once", "--sessions", "2"],
                "--once is --sessions 1: give one of the two"
            ),
            (
                ["mock", "a.yml", "--listen", "127.0.0.1:0", "--tls-cert", "c.pem"],
                "--tls-cert and --tls-key go together"
            ),
            (["mock", "a.yml", "--listen", "127.0.0.1:0", "--speed", "0"], "--speed must be a number above 0"),
            (
                ["mock", "a.yml", "--listen", "127.0.0.1:0", "--handshake-status", "101"],
                "--handshake-status must be an HTTP status from 300 to 599"
            ),
        ])
    func call_isWrong(words: [String], error: String) async throws {
        let ending = try await Workplace().run(words)
        #expect(ending.code == 2 && ending.output == "")
        #expect(ending.error.hasPrefix("error: \(error)\n"), "\(ending.error)")
    }

    @Test("it prints the URL on one line, and ends by a signal", arguments: [SIGINT, SIGTERM])
    func signal_endsIt(_ signal: Int32) async throws {
        let place = try Workplace()
        try place.write("a.yml", "- agent: Hi\n")
        let program = try place.start("mock", "a.yml", "--listen", "127.0.0.1:0", "--verify")
        #expect(await soon { program.output.hasSuffix("\n") })
        kill(program.pid, signal)
        let ending = await program.end()
        #expect(ending.output.wholeMatch(of: /ws:\/\/127\.0\.0\.1:\d+\/v1\/realtime\n/) != nil)
        #expect(ending.code == 128 + Int(signal) && ending.error == "")
    }
}
