import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import ScratchFolders
import Testing

/// The model's answer for each way in which a command can end, with the journal line and the outcome.
@Suite(.timeLimit(.minutes(5)))
struct AnswerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var script: String
        var state: FunctionCallState
        var output: String
        var error: String?
        /// The journal's end line, from `state` on.
        var line: String
        var errorOutput = CommandExecutor.ErrorOutput.none
        var testDescription: String { script }
    }

    static let rows = [
        Row(
            script: #"printf ' \n{"celsius": 21}\t\n\n'"#, state: .completed, output: #"{"celsius": 21}"#,
            line: #""exit_status":0,"output":"{\"celsius\": 21}","queued_ms":0,"ran_ms":0,"output_bytes":20"#),
        Row(
            script: "echo sunny; echo a warning >&2", state: .completed, output: "sunny",
            line:
                #""exit_status":0,"output":"sunny","stderr":"a warning","queued_ms":0,"ran_ms":0,"output_bytes":6"#),
        Row(
            script: ":", state: .completed, output: "",
            line: #""exit_status":0,"output":"","queued_ms":0,"ran_ms":0,"output_bytes":0"#),
        Row(
            script: #"echo '{"error":"no such city"}'"#, state: .completed, output: #"{"error":"no such city"}"#,
            line:
                #""exit_status":0,"output":"{\"error\":\"no such city\"}","queued_ms":0,"ran_ms":0,"output_bytes":25"#
        ),
        Row(
            script: #"printf 'caf\303\251 \377'"#, state: .completed, output: "café \u{FFFD}",
            line: #""exit_status":0,"output":"café �","queued_ms":0,"ran_ms":0,"output_bytes":7"#),
        Row(
            script: "echo half; echo one >&2; echo /etc/secret: denied >&2; exit 3", state: .failed,
            output: #"{"error":"the function failed (reference call_1)"}"#,
            error: "the command exited with status 3: /etc/secret: denied",
            line:
                #""exit_status":3,"output":"{\"error\":\"the function failed (reference call_1)\"}","error":"the command exited with status 3: /etc/secret: denied","stderr":"one\n/etc/secret: denied","queued_ms":0,"ran_ms":0,"output_bytes":5"#
        ),
        Row(
            script: "echo no such city >&2; exit 3", state: .failed,
            output: #"{"error":"no such city (reference call_1)"}"#,
            error: "the command exited with status 3: no such city",
            line:
                #""exit_status":3,"output":"{\"error\":\"no such city (reference call_1)\"}","error":"the command exited with status 3: no such city","stderr":"no such city","queued_ms":0,"ran_ms":0,"output_bytes":0"#,
            errorOutput: .stderr),
        Row(
            script: "exit 1", state: .failed, output: #"{"error":"the function failed (reference call_1)"}"#,
            error: "the command exited with status 1",
            line:
                #""exit_status":1,"output":"{\"error\":\"the function failed (reference call_1)\"}","error":"the command exited with status 1","queued_ms":0,"ran_ms":0,"output_bytes":0"#,
            errorOutput: .stderr),
        Row(
            script: #"echo '{"error":"sold out"}'; exit 1"#, state: .failed, output: #"{"error":"sold out"}"#,
            error: "the command exited with status 1",
            line:
                #""exit_status":1,"output":"{\"error\":\"sold out\"}","error":"the command exited with status 1","queued_ms":0,"ran_ms":0,"output_bytes":21"#
        ),
        Row(
            script: "kill -9 $$", state: .failed, output: #"{"error":"the function failed (reference call_1)"}"#,
            error: "the command was ended by signal 9",
            line:
                #""signal":9,"output":"{\"error\":\"the function failed (reference call_1)\"}","error":"the command was ended by signal 9","queued_ms":0,"ran_ms":0,"output_bytes":0"#
        ),
    ]

    @Test(arguments: rows) func answer_ofACommandThatEnds(row: Row) async throws {
        var executor = try shell(row.script)
        executor.errorOutput = row.errorOutput
        let bench = try CallBench(executor)
        let outcome = try await bench.run(["city": "Lisbon"])
        #expect(outcome.state == row.state)
        #expect(outcome.output == row.output)
        #expect(outcome.error == row.error)
        #expect(
            bench.journalTails == [
                #"…"name":"f","arguments":{"city":"Lisbon"},"state":"started","queued_ms":0}"#,
                #"…"name":"f","arguments":{"city":"Lisbon"},"state":"\#(row.state.rawValue)",\#(row.line)}"#,
            ])
    }

    @Test func answer_ofACommandThatHangs() async throws {
        let limits = CommandLimits(timeout: .milliseconds(150), killAfter: .milliseconds(100))
        let bench = try CallBench(try shell("echo begun; echo why >&2; exec sleep 60", limits: limits))
        let outcome = try await bench.run()
        #expect(outcome.state == .timedOut)
        #expect(outcome.output == #"{"error":"the function took too long (reference call_1)"}"#)
        #expect(outcome.error == "the function took longer than 150ms")
        #expect(
            bench.journalTails.last
                == #"…"name":"f","arguments":{},"state":"timed_out","signal":15,"output":"{\"error\":\"the function took too long (reference call_1)\"}","error":"the function took longer than 150ms","stderr":"why","queued_ms":0,"ran_ms":0,"output_bytes":6}"#
        )
    }

    @Test func timeout_killsProcessesThatIgnoreTERM() async throws {
        let folder = try ScratchFolder()
        // Written to another file and then renamed, so that a reader sees the whole number.
        let script = "trap '' TERM; (trap '' TERM; sleep 60) & echo $$ > new; mv new pid; while :; do sleep 1; done"
        let executor = CommandExecutor(
            try CommandTemplate(["/bin/sh", "-c", script]), workingDirectory: folder.path,
            limits: CommandLimits(timeout: .milliseconds(500), killAfter: .milliseconds(200)))
        let bench = try CallBench(executor)
        let outcome = try await bench.run()
        #expect(outcome.state == .timedOut)
        #expect(bench.journalTails.last?.contains(#""state":"timed_out","signal":9,"#) == true)
        let group = try #require(Int(folder.lines("pid").first ?? ""))
        #expect(await soon { isGone(group: group) })
    }

    @Test func overlongAnswer_isAFailure() async throws {
        let limits = CommandLimits(timeout: .seconds(240), maximumOutput: 1000)
        let bench = try CallBench(try shell("head -c 5000000 /dev/zero | tr '\\0' x", limits: limits))
        let outcome = try await bench.run()
        #expect(outcome.state == .failed)
        #expect(outcome.exitStatus == 0)
        #expect(outcome.output == #"{"error":"the function's answer was too long (reference call_1)"}"#)
        #expect(
            bench.journalTails.last
                == #"…"name":"f","arguments":{},"state":"failed","exit_status":0,"output":"{\"error\":\"the function's answer was too long (reference call_1)\"}","error":"the command wrote 5000000 bytes, and 1000 are kept","queued_ms":0,"ran_ms":0,"output_bytes":5000000,"truncated":true}"#
        )
    }

    @Test func anEndlessFloodEndsAtItsTimeout() async throws {
        let limits = CommandLimits(
            timeout: .milliseconds(200), killAfter: .milliseconds(100), maximumOutput: 1000)
        let outcome = try await CallBench(try CommandExecutor(["yes"], limits: limits)).run()
        #expect(outcome.state == .timedOut)
        #expect(outcome.output == #"{"error":"the function took too long (reference call_1)"}"#)
    }

    @Test func answer_ofACommandThatCannotStart() async throws {
        let bench = try CallBench(
            CommandExecutor(try CommandTemplate(["./no-such-tool"]), baseFolder: "/no/such/folder"))
        let outcome = try await bench.run()
        #expect(outcome.state == .failed)
        #expect(outcome.output == #"{"error":"the function could not be run (reference call_1)"}"#)
        #expect(outcome.error == "/no/such/folder/./no-such-tool: no such program")
        #expect(
            bench.journalTails.last
                == #"…"name":"f","arguments":{},"state":"failed","output":"{\"error\":\"the function could not be run (reference call_1)\"}","error":"/no/such/folder/./no-such-tool: no such program","queued_ms":0,"ran_ms":0}"#
        )
    }

    @Test func outcome_describesTheCall() async throws {
        let bench = try CallBench(try shell("exit 7"))
        let outcome = try await bench.run(["city": "Lisbon"])
        #expect(outcome.callID == "call_1")
        #expect(outcome.name == "f")
        #expect(outcome.arguments == ["city": "Lisbon"])
        #expect(outcome.route == "tool calls")
        #expect(outcome.exitStatus == 7)
        #expect(outcome.queuedMs == 0)
        #expect(outcome.ranMs == 0)
    }

    @Test func reference_isShortAndPrintable() async throws {
        let id = "call_\u{1B}[2J\n" + String(repeating: "x", count: 100)
        let outcome = try await CallBench(try shell("exit 7")).run(id: id)
        #expect(outcome.callID == id)
        let shown = "call_\u{FFFD}[2J\u{FFFD}" + String(repeating: "x", count: 54)
        #expect(outcome.output == #"{"error":"the function failed (reference \#(shown))"}"#)
    }
}
