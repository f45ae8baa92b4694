import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import Testing

/// Commands whose standard output must be JSON.
@Suite(.timeLimit(.minutes(5)))
struct JSONOutputTests {
    private func run(_ script: String, _ output: CommandExecutor.Output = .json) async throws -> (
        outcome: FunctionCallOutcome, journal: String
    ) {
        // Longer than usual: the thread sanitizer slows down the start of a command.
        let limits = CommandLimits(timeout: .seconds(120))
        let executor = CommandExecutor(
            try CommandTemplate(["/bin/sh", "-c", script]), output: output, limits: limits)
        let bench = try CallBench(executor)
        let outcome = try await bench.run()
        return (outcome, bench.journalTails[1])
    }

    @Test(
        "One JSON value is the answer, as it was printed",
        arguments: [
            #"{"celsius": 21.0}"#, "[1, 2]", "21", #""sunny""#, "null", "true",
        ])
    func jsonOutput_isTheAnswer(text: String) async throws {
        let (outcome, _) = try await run("printf ' %s\\n\\n' '\(text)'")
        #expect(outcome.state == .completed)
        #expect(outcome.output == text)
    }

    @Test(
        "Any other output fails the call, with the details in the journal",
        arguments: [
            ("echo sunny", "expected a value at byte 0"),
            ("echo '{}'; echo '{}'", "unexpected text after the value at byte 3"),
            (#"printf '{"a":1'"#, #"unexpected end of the text at byte 6"#),
            (":", "it is empty"),
        ])
    func otherOutput_failsTheCall(script: String, reason: String) async throws {
        let (outcome, journal) = try await run(script)
        let error = "the command's standard output is not one JSON value: \(reason)"
        #expect(outcome.state == .failed)
        #expect(outcome.output == #"{"error":"the function's answer was not JSON (reference call_1)"}"#)
        #expect(outcome.error == error)
        #expect(outcome.exitStatus == 0)
        #expect(journal.contains(#""error":\#(JSONValue.string(error))"#))
    }

    @Test("A failing command fails as usual, and text output need not be JSON")
    func otherEndings_areUnchanged() async throws {
        #expect(try await run("echo sunny; exit 3").outcome.error == "the command exited with status 3")
        #expect(try await run("echo sunny", .text).outcome.output == "sunny")
    }
}
