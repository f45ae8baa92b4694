import EventJSON
import Foundation
import Testing

/// The options of `run`.
@Suite struct RunOptionTests {
    private let call = BuiltProgram.session("tool-call")
    private let tool =
        #"   1.7  tool    get_weather city=Oslo -> {"city":"Oslo","celsius":7,"sky":"light rain"}   0 ms   [tool calls]"#

    @Test func dryRun_countsAndTouchesNothing() async throws {
        let place = try Workplace()
        let before = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
        let ending = try await place.run(
            "run", call, "--dry-run", "--outbound", "outbound.jsonl", "--log", "dispatch.jsonl")
        #expect(ending.code == 0 && ending.error == "")
        #expect(
            masked(ending.output) == """
                50 events, 9 derived events, 1 session, 0 ms (dry run: nothing was delivered)

                route                     matched
                everything that was said        2
                tool calls                      1
                refunds                         0
                failures                        0
                figures                         6
                the call as it goes             2

                """)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() == before)
    }

    @Test(arguments: [
        ("tool-call", "transcript.jsonl", 2), ("tool-call", "calls.jsonl", 2),
        ("unknown-and-malformed", "dead-letters.jsonl", 7),
    ])
    func label_isInEveryRecord(_ session: String, _ file: String, _ count: Int) async throws {
        let place = try Workplace()
        let ending = try await place.run(
            "run", BuiltProgram.session(session), "--label", "tenant=acme", "--label", "note=a=b c")
        #expect(ending.code == 0)
        let labels = try place.lines(file).map { try JSONValue(parsing: $0)["labels"] }
        #expect(labels == Array(repeating: ["tenant": "acme", "note": "a=b c"], count: count))
    }

    @Test func summaryJSON_ownsStandardOutput() async throws {
        let place = try Workplace()
        let ending = try await place.run("run", call, "--summary", "json")
        try Snapshot("realtime-router run tool-call.jsonl --summary json", ending, in: place).check("run/summary-json")
    }

    @Test func outbound_ownsStandardOutput() async throws {
        let place = try Workplace()
        let ending = try await place.run("run", call, "--outbound", "-")
        let lines = try lineList(ending.output).map { try JSONValue(parsing: $0)["type"]?.string }
        #expect(lines == ["conversation.item.create", "response.create"])
        #expect(ending.code == 0 && lineList(ending.error).first == "   1.4  caller  Do I need an umbrella in Oslo?")
        #expect(ending.error.contains("\nmeter\n  turns "))
        #expect(ending.error.contains(" 1  latency 646 ms median, 646 ms p95\n"))
    }

    @Test(arguments: [["--outbound", "-", "--summary", "json"], ["--log", "-", "--outbound", "-"]])
    func standardOutput_twoUsers_isAnError(_ options: [String]) async throws {
        let ending = try await Workplace().run("run", call, options[0], options[1], options[2], options[3])
        #expect(ending.code == 2 && ending.output == "")
        #expect(ending.error.hasPrefix("error: --outbound - and "))
        #expect(ending.error.contains(" both use standard output: give one of them a file\n"))
    }

    /// With a speed other than `max`, a recording does not wait for its commands, so their lines may come later.
    @Test(arguments: ["1000x", "max"])
    func standardInput_givesSameResult(_ speed: String) async throws {
        let place = try Workplace()
        let ending = try await place.run("run", "-", "--speed", speed, input: call)
        #expect(ending.code == 0 && ending.error == "")
        let said = [
            "   1.4  caller  Do I need an umbrella in Oslo?", tool,
            "   2.3  agent   Yes, take one: it is 7 degrees with light rain in Oslo.",
        ]
        let lines = Array(lineList(masked(ending.output)).prefix(3))
        #expect((speed == "max" ? lines : lines.sorted()) == said)
        #expect(
            try place.lines("transcript.jsonl").map { try JSONValue(parsing: $0)["session"] } == ["stdin", "stdin"])
    }

    @Test func speed_asRecorded() async throws {
        let place = try Workplace()
        let start = ContinuousClock.now
        let ending = try await place.run("run", call, "--speed", "2x", "--summary", "json")
        #expect(ContinuousClock.now - start >= .seconds(2.258 / 2))
        let duration = try #require(try JSONValue(parsing: ending.output)["duration_seconds"]?.double)
        #expect(duration >= 2.258 / 2)
    }

    @Test func speed_withoutTimes_warns() async throws {
        let ending = try await Workplace().run("run", BuiltProgram.session("unknown-and-malformed"), "--speed", "1x")
        #expect(ending.code == 0)
        #expect(
            ending.error == """
                warning: --speed has no effect: the session's lines are not envelopes, so they have no times
                warning: 7 lines could not be read as an event; see dead-letters.jsonl

                """)
    }

    /// The recording's own output is used unless `--rerun-calls` asks to run the command.
    @Test(arguments: [false, true])
    func rerunCalls_runsAnsweredCalls(_ isRerun: Bool) async throws {
        let place = try Workplace()
        let session = BuiltProgram.session("answered-tool-call")
        let ending =
            isRerun
            ? try await place.run("run", session, "--outbound", "out.jsonl", "--rerun-calls")
            : try await place.run("run", session, "--outbound", "out.jsonl")
        #expect(ending.code == 0)
        let states = try place.lines("calls.jsonl").map { try JSONValue(parsing: $0)["state"]?.string }
        #expect(states == (isRerun ? ["started", "completed"] : []))
        let sent = try place.lines("out.jsonl").map { try JSONValue(parsing: $0)["type"]?.string }
        #expect(sent == (isRerun ? ["conversation.item.create", "response.create"] : []))
        let replayed = #"   1.7  tool    get_weather -> {"city":"Oslo","celsius":7,"sky":"light rain"}   (replayed)"#
        #expect(lineList(masked(ending.output))[1] == (isRerun ? tool : replayed))
    }

    @Test func outputFiles_repeatedRunsAppend() async throws {
        let place = try Workplace()
        for _ in 1...2 { #expect(try await place.run("run", call, "--outbound", "out.jsonl").code == 0) }
        let transcript = place.lines("transcript.jsonl")
        #expect(transcript.count == 4 && transcript[..<2] == transcript[2...])
        #expect(place.lines("out.jsonl").count == 4)
    }

    @Test func outputFiles_areReadableByOwnerOnly() async throws {
        let place = try Workplace()
        _ = try await place.run("run", call, "--outbound", "new/out.jsonl", "--log", "log.jsonl")
        for file in ["transcript.jsonl", "calls.jsonl", "dead-letters.jsonl", "new/out.jsonl", "log.jsonl"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(place.path)/\(file)")
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        let folder = try FileManager.default.attributesOfItem(atPath: place.path + "/new")
        #expect(folder[.posixPermissions] as? Int == 0o700)
    }
}
