import EventJSON
import Foundation
import Testing

/// `run --record`, and the replay of its recordings.
@Suite(.timeLimit(.minutes(10))) struct RecordCommandTests {
    private static let routes = """
        version: 1
        handlers:
          transcript: { type: transcript, output: transcript.jsonl }
          meter: { type: metrics }
        routes:
          - { name: words, to: transcript }
          - { name: figures, to: meter }
        """

    /// The results of a run: its figures and its transcript.
    private struct Outcome: Equatable {
        var figures: JSONValue
        var transcript: [String]
    }

    private func run(_ place: Workplace, _ arguments: [String]) async throws -> Outcome {
        try? FileManager.default.removeItem(atPath: place.path + "/transcript.jsonl")
        let ending = try await place.run(["run"] + arguments + ["--summary", "json"])
        #expect(ending.code == 0, "\(ending.error)")
        guard var figures = try JSONValue(parsing: ending.output).object else { throw CocoaError(.coderInvalidValue) }
        figures["duration_seconds"] = nil
        figures["undecodable"] = nil
        return Outcome(figures: .object(figures), transcript: place.lines("transcript.jsonl"))
    }

    @Test(
        "A recording of a recording gives the same transcript, figures and derived events",
        arguments: BuiltProgram.sessions)
    func recording_replaysAlike(_ name: String) async throws {
        let place = try Workplace(routes: Self.routes)
        // Recordings hold their session's key, and events their source's name.
        try FileManager.default.copyItem(
            atPath: BuiltProgram.session(name), toPath: place.path + "/call.jsonl")
        let first = try await run(place, ["call.jsonl", "--record", "recording.jsonl"])
        let derived = try await place.run("inspect", "call.jsonl", "--derived", "--json")
        try FileManager.default.removeItem(atPath: place.path + "/call.jsonl")
        try FileManager.default.moveItem(
            atPath: place.path + "/recording.jsonl", toPath: place.path + "/call.jsonl")
        #expect(try await run(place, ["call.jsonl"]) == first)
        let again = try await place.run("inspect", "call.jsonl", "--derived", "--json")
        #expect(Self.derived(again) == Self.derived(derived))
    }

    /// The derived events that were printed. A cause without an id is a number of a line, and a recording has one more.
    private static func derived(_ ending: RunningProgram.Ending) -> [String] {
        lineList(ending.output).filter { $0.contains(#"{"type":"router."#) }.map {
            $0.replacing(/"cause":[0-9]+,/, with: "")
        }
    }

    @Test("A lost connection stands in inspect, in the report and on the console, with its times")
    func lostConnection_isShown() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers: { console: { type: console, output: console.txt } }
                routes: [ { name: all, to: console } ]
                """)
        try place.write(
            "call.jsonl",
            """
            {"at":0.5,"event":{"type":"session.created","event_id":"e1","session":{"id":"sess_1"}}}
            {"session":"call","at":2,"lost":true,"reason":"reset by peer"}
            {"session":"call","at":3.5,"renewed":true,"attempt":2}
            {"at":3.75,"event":{"type":"session.created","event_id":"e2","session":{"id":"sess_2"}}}

            """)
        let run = try await place.run("run", "call.jsonl", "--summary", "json")
        #expect(run.code == 0 && run.output.contains(#""sessions":1"#), "\(run.error)")
        #expect(
            place.lines("console.txt") == [
                "   2.0  lost    the connection is lost: reset by peer",
                "   3.5  restored  there is a new connection after 1.5 s, attempt 2",
            ])
        let derived = try await place.run("inspect", "call.jsonl", "--derived", "--json")
        #expect(
            lineList(derived.output).filter { $0.contains("router.connection") } == [
                #"{"type":"router.connection.lost","event_id":"call/connection.lost/1","session":"call","session_id":"sess_1","turn":0,"cause":"e1","reason":"reset by peer"}"#,
                #"{"type":"router.connection.restored","event_id":"call/connection.restored/1","session":"call","session_id":"sess_1","turn":0,"cause":"e1","attempt":2,"gap_ms":1500,"renewed":true}"#,
            ])
        let inspected = try await place.run("inspect", "call.jsonl", "--derived")
        #expect(inspected.output.contains("after 1500 ms"), "\(inspected.output)")
        let report = try await place.run("report", "call.jsonl", "-o", "-")
        #expect(
            report.output.contains(
                "The connection was lost: reset by peer. There was a new connection, after 1500 ms."),
            "\(report.output)")
    }

    @Test("A recording has its session's key, is named after it, and is forgotten with it")
    func recording_isForgotten() async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("in.jsonl", #"{"type":"session.created","session":{"id":"s"}}"# + "\n")
        let record = ["--record", "calls/{session}.jsonl"]
        let ending = try await place.run(
            ["run", "-", "--live", "--session-key", "call-7", "--label", "tenant=acme"] + record,
            input: place.path + "/in.jsonl")
        #expect(ending.code == 0, "\(ending.error)")
        let lines = place.lines("calls/call-7.jsonl")
        #expect(lines.count == 3)
        let header = try JSONValue(parsing: try #require(lines.first))
        #expect(header["session"] == "call-7" && header["labels"] == ["tenant": "acme"] && header["router"] != nil)
        let inspected = try await place.run("inspect", "calls/call-7.jsonl", "--derived", "--json")
        #expect(inspected.output.contains(#""session":"call-7""#))
        let explained = try await place.run("explain", "calls/call-7.jsonl", "--event", "3")
        #expect(
            explained.error
                == "error: there is no event 3 in calls/call-7.jsonl: line 3 is a record about the connection\n")
        #expect(try await place.run(["forget", "--session", "call-8"] + record).code == 1)
        let forgotten = try await place.run(["forget", "--session", "call-7"] + record)
        #expect(forgotten == .init(code: 0, output: "recordings calls/{session}.jsonl: 1 forgotten\n"))
        #expect(place.text("calls/call-7.jsonl") == nil)
    }

    /// Two sessions in one pipe, their lines mixed.
    private static let mixed: [String] = {
        let events = SessionScript(calling: ["f", "g"]).lines.map { line in
            (try? JSONValue(parsing: line)).map { $0["event"] ?? $0 } ?? .null
        }
        return events.flatMap { event in ["a", "b"].map { #"{"session":"\#($0)","event":\#(event)}"# } }
            + [#"{"session":"a","end":true}"#]
    }()

    @Test("Several sessions of a pipe have one recording, which gives each of them again")
    func severalSessions_haveOneRecording() async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("in.jsonl", Self.mixed.map { $0 + "\n" }.joined())
        let live = try await place.run(
            ["run", "-", "--live", "--record", "calls.jsonl", "--summary", "json"], input: place.path + "/in.jsonl")
        #expect(live.code == 0, "\(live.error)")
        #expect(place.text("calls.jsonl.1") == nil)
        let lines = try place.lines("calls.jsonl").map { try JSONValue(parsing: $0) }
        // The sessions run concurrently: either may write first.
        #expect(lines.compactMap { $0["recording"] == nil ? nil : $0["session"]?.string }.sorted() == ["a", "b"])
        #expect(Set(lines.map { $0["session"]?.string }) == ["a", "b"])
        let replay = try await place.run("run", "calls.jsonl", "--summary", "json")
        #expect(replay.code == 0, "\(replay.error)")
        #expect(try Self.sessions(replay) == Self.sessions(live))
        #expect(try Self.sessions(live).count == 2)

        let record = ["--record", "calls.jsonl"]
        let forgotten = try await place.run(["forget", "--session", "a"] + record)
        #expect(forgotten == .init(code: 0, output: "recordings calls.jsonl: 1 forgotten\n"))
        let rest = try await place.run("run", "calls.jsonl", "--summary", "json")
        #expect(rest.code == 0 && rest.error.isEmpty, "\(rest.error)")
        let summary = try JSONValue(parsing: rest.output)
        #expect(summary["sessions"] == 1 && summary["undecodable"] == 0)
        #expect(summary["events"]?.int == Self.mixed.count / 2)
        #expect(try await place.run(["forget", "--session", "b"] + record).code == 0)
        #expect(place.text("calls.jsonl") == nil)
    }

    /// The result of each session, without the duration.
    private static func sessions(_ ending: RunningProgram.Ending) throws -> Set<JSONValue> {
        let sessions = try JSONValue(parsing: ending.output)["by_session"]?.array ?? []
        return Set(
            sessions.map { session in
                var session = session.object ?? [:]
                session["duration_seconds"] = nil
                return .object(session)
            })
    }

    @Test("A session to which nothing came leaves no recording behind")
    func emptySession_leavesNoRecording() async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("in.jsonl", Self.mixed.map { $0 + "\n" }.joined())
        let words = ["run", "-", "--live", "--record", "calls/{session}.jsonl"]
        #expect(try await place.run(words, input: place.path + "/in.jsonl").code == 0)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.path + "/calls").sorted() == [
                "a.jsonl", "b.jsonl",
            ])
        #expect(try await place.run("run", "/dev/null", "--record", "none.jsonl").code == 0)
        #expect(place.text("none.jsonl") == nil)
    }

    @Test("Recordings older than `keep` are removed when a run begins")
    func oldRecordings_areRemoved() async throws {
        let place = try Workplace(routes: Self.routes + "\nprivacy: { keep: 1d }\n")
        try place.write("in.jsonl", #"{"type":"session.created","session":{"id":"s"}}"# + "\n")
        try place.write("old.jsonl.1", #"{"recording":1,"session":"x"}"# + "\n")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: place.path + "/old.jsonl.1")
        #expect(try await place.run("run", "in.jsonl", "--record", "old.jsonl").code == 0)
        #expect(place.text("old.jsonl.1") == nil && place.lines("old.jsonl").count == 3)
    }

    private static let recordedSource = """
        sources: { agent: { type: pipe, live: true, record: { folder: calls } } }

        """

    @Test("The sessions of a live source are recorded in its folder, run again, reported, and forgotten")
    func sourceRecordings_areRunAgain() async throws {
        let place = try Workplace(routes: Self.recordedSource + Self.routes)
        try place.write("in.jsonl", Self.mixed.map { $0 + "\n" }.joined())
        let live = try await place.run("run", "--summary", "json", input: place.path + "/in.jsonl")
        #expect(live.code == 0 && live.error.isEmpty, "\(live.error)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.path + "/calls").sorted() == [
                "a.jsonl", "b.jsonl",
            ])
        let replay = try await place.run("run", "calls", "--summary", "json")
        #expect(replay.code == 0 && replay.error.isEmpty, "\(replay.error)")
        #expect(try Self.sessions(replay) == Self.sessions(live))
        #expect(try Self.sessions(live).count == 2)
        #expect(try await place.run("report", "calls/a.jsonl", "-o", "a.html").code == 0)
        let forgotten = try await place.run("forget", "--session", "a")
        #expect(forgotten.code == 0 && forgotten.error.isEmpty, "\(forgotten.error)")
        #expect(
            lineList(forgotten.output).contains("recordings of the source `agent`: 1 forgotten"), "\(forgotten.output)")
        #expect(place.text("calls/a.jsonl") == nil && place.text("calls/b.jsonl") != nil)
        let graph = try await place.run("graph")
        #expect(graph.output.contains(#"s1[/"agent<br>pipe<br>recorded in calls"/]"#), "\(graph.output)")
    }

    @Test("Recordings of a source that cannot be written are reported, counted, and exit status 3")
    func unwritableSourceRecording_isReported() async throws {
        let place = try Workplace(routes: Self.recordedSource + Self.routes)
        try place.write("calls", "")
        try place.write("in.jsonl", #"{"type":"session.created","session":{"id":"s"}}"# + "\n")
        let ending = try await place.run("run", "--summary", "json", input: place.path + "/in.jsonl")
        #expect(ending.code == 3)
        #expect(ending.error == "error: cannot write calls/stdin.jsonl: Not a directory\n")
        let summary = try JSONValue(parsing: ending.output)
        #expect(
            summary["unwritten"] == ["calls/stdin.jsonl": ["records": 1, "error": "Not a directory"]]
                && summary["events"] == 1)
    }

    @Test("A full recording of a source is a warning")
    func fullSourceRecording_isAWarning() async throws {
        let place = try Workplace(
            routes: Self.recordedSource.replacing("folder: calls", with: "folder: calls, max_size: 64KiB")
                + Self.routes)
        let line = #"{"type":"rate_limits.updated","event_id":"e","rate_limits":[]}"# + "\n"
        try place.write("in.jsonl", String(repeating: line, count: 2000))
        let ending = try await place.run("run", "--summary", "json", input: place.path + "/in.jsonl")
        #expect(ending.code == 0)
        #expect(
            ending.error
                == "warning: a recording is full, and what follows in its session is not recorded (file: calls/stdin.jsonl, session: stdin)\n"
        )
        #expect(try #require(place.text("calls/stdin.jsonl")).utf8.count <= 64 << 10)
        #expect(place.lines("calls/stdin.jsonl").last?.hasSuffix(#""end":true,"reason":"recording_full"}"#) == true)
    }

    #if os(Linux)
        @Test("A full disk is reported, counted, and exit status 3; the session goes on")
        func fullDisk_isReported() async throws {
            let place = try Workplace(routes: Self.routes)
            let ending = try await place.run(
                "run", BuiltProgram.session("quickstart"), "--record", "/dev/full", "--summary", "json")
            #expect(ending.code == 3)
            #expect(ending.error == "error: cannot write /dev/full: No space left on device\n")
            let unwritten = try JSONValue(parsing: ending.output)["unwritten"]?["/dev/full"]
            #expect((unwritten?["records"]?.int ?? 0) > 10)
            #expect(place.lines("transcript.jsonl").count == 6)
        }
    #endif
}
