import Foundation
import Testing

/// Routes with `when`, in the commands.
@Suite struct ScheduleCommandTests {
    private static let rules = """
        version: 1
        handlers:
          log: { type: console, output: log.txt }
        routes:
          - { name: noise, match: { type: rate_limits.updated }, stop: true }
          - name: night
            match: { type: error }
            when: { between: "22:00-06:00", days: [fri, sat], timezone: Europe/Lisbon }
            once_per: { every: 5m }
            to: log

        """

    private static let lines = """
        {"at": 0, "direction": "server", "event": {"type": "session.created", "session": {"id": "s"}}}
        {"at": 1, "direction": "server", "event": {"type": "rate_limits.updated"}}
        {"at": 2, "direction": "server", "event": {"type": "error"}}
        {"at": 3.04, "direction": "server", "event": {"type": "error"}}
        {"at": 400, "direction": "server", "event": {"type": "error"}}

        """

    private func place(_ more: String = "") throws -> Workplace {
        let place = try Workplace(routes: Self.rules + more)
        try place.write("call.jsonl", Self.lines)
        try place.write(
            "dated.jsonl", #"{"recording": 1, "session": "k", "started": "2026-07-31T21:00:00Z"}"# + "\n" + Self.lines)
        return place
    }

    private static let undated = """
        warning: the session's start time is unknown, which `when` needs, so `night` did not fire; give --started 2026-01-31T22:00:00Z

        """

    @Test("run goes by the recording's header or --started, and says once if it has neither")
    func when_inRun() async throws {
        let place = try place()
        let bare = try await place.run("run", "call.jsonl")
        #expect(bare.code == 0 && bare.error == Self.undated)
        for words in [["dated.jsonl"], ["call.jsonl", "--started", "2026-07-31T22:00:00+01:00"]] {
            let ending = try await place.run(["run"] + words)
            #expect(ending.error == "")
            #expect(ending.output.contains("noise        1\nnight        2\n"), "\(ending.output)")
        }
        let day = try await place.run("run", "dated.jsonl", "--started", "2026-07-31T12:00:00Z")
        #expect(day.output.contains("night        0\n") && day.error == "")
        let wrong = try await place.run("run", "call.jsonl", "--started", "yesterday")
        #expect(wrong.code == 2)
        #expect(
            lineList(wrong.error).first
                == "error: The value 'yesterday' is invalid for '--started <time>'")
    }

    @Test("explain says why a route did not fire at that time")
    func when_isExplained() async throws {
        let place = try place()
        let day = try await place.run("explain", "call.jsonl", "--started", "2026-07-31T12:00:00Z")
        #expect(day.error == "")
        #expect(
            day.output == """
                5 events of the server, 0 derived; 1 of 2 routes fired

                noise: fired once
                night: never fired
                  matched 3 times when `when` did not hold

                       2  rate_limits.updated                     noise -> no handler: the route drops the event

                """)
        let bare = try await place.run("explain", "call.jsonl", "--route", "night")
        #expect(bare.error == Self.undated)
        #expect(
            bare.output.contains("\n  matched 3 times, but the session's start time is unknown, which `when` needs\n"),
            "\(bare.output)")
        let event = try await place.run("explain", "call.jsonl", "--started", "2026-07-31T12:00:00Z", "--event", "3")
        #expect(
            event.output == """
                       3  error
                            noise: no, `type` is "error" (routes.yml:5:29)
                            night: no, it matched, but `when` did not hold: it was Fri 13:00 in Europe/Lisbon

                """)
        let dropped = try await place.run("explain", "dated.jsonl", "--event", "3")
        #expect(
            dropped.output.hasPrefix(
                "       3  rate_limits.updated\n            noise -> no handler: the route drops the event\n"))
        let json = try await place.run("explain", "dated.jsonl", "--event", "3", "--format", "json")
        #expect(json.output.contains(#"{"route":"noise","verdict":"dropped"}"#))
        let header = try await place.run("explain", "dated.jsonl", "--event", "1")
        #expect(header.code == 2)
        #expect(header.error == "error: there is no event 1 in dated.jsonl: line 1 is the recording's header\n")
    }

    @Test("The entry that explain makes for a test says when it was")
    func when_asTest() async throws {
        let place = try place()
        let entry = try await place.run("explain", "dated.jsonl", "--event", "4", "--as-test")
        #expect(entry.output.contains(#"    started: "2026-07-31T21:00:02.000Z""#), "\(entry.output)")
        try place.write("routes.yml", Self.rules + "tests:\n" + entry.output)
        #expect(try await place.run("test").code == 0)
    }

    @Test("explain takes the seconds that the console prints")
    func explain_takesATime() async throws {
        let place = try place()
        let ending = try await place.run("explain", "dated.jsonl", "--at", "3")
        #expect(lineList(ending.output).first == "       5  error")
        let none = try await place.run("explain", "dated.jsonl", "--at", "3.5")
        #expect(none.code == 2)
        #expect(
            none.error == "error: no event came at 3.5 s; `realtime-router inspect --derived` shows when events came\n")
        try place.write("bare.jsonl", #"{"type": "error"}"#)
        let bare = try await place.run("explain", "bare.jsonl", "--at", "3.5")
        #expect(
            bare.error.hasSuffix(
                "error: the events of this session have no times, because its lines are not envelopes; use --event with a line\n"
            ))
        // The words of the shipped session, where the console has them at 14.0.
        let words = try await Workplace().run("explain", "Examples/Sessions/quickstart.jsonl", "--at", "14.0")
        let types = lineList(words.output).filter { $0.contains("  router.") }
        #expect(
            types.contains { $0.hasSuffix("router.utterance.heard") }
                && types.contains { $0.hasSuffix("router.utterance.done") })
    }

    @Test("A test says when its session began")
    func when_inTests() async throws {
        let place = try place(
            """
            tests:
              - { name: at night, started: "2026-07-31T21:00:00Z", event: { type: error }, routes: [night] }
              - { name: by day, started: "2026-07-31T12:00:00Z", event: { type: error }, unmatched: true }
              - name: later
                started: "2026-07-31T20:59:59Z"
                events:
                  - { at: 0, direction: server, event: { type: error } }
                  - { at: 1, direction: server, event: { type: error } }
                routes: [night]
              - { name: dropped, event: { type: rate_limits.updated }, routes: [noise], handlers: [], unmatched: false }
              - { name: whenever, event: { type: error }, routes: [night] }

            """)
        let ending = try await place.run("test")
        #expect(ending.code == 1)
        #expect(
            ending.output == """
                ok      at night
                ok      by day
                ok      later
                ok      dropped
                FAILED  whenever
                        routes.yml:21:5
                        routes (- expected, + fired)
                          - night
                        help: the route `night` has `when`: say when the session began, `started: 2026-01-31T22:00:00Z`

                5 tests: 4 passed, 1 failed

                """)
    }

    @Test("check says that a system has no time zone data")
    func when_withoutZoneData() async throws {
        let place = try place()
        let ending = try await place.start("check", environment: ["TZDIR": "/nowhere"]).end()
        #expect(ending.code == 1)
        #expect(
            ending.output == """
                routes.yml:8:65: error: this system has no time zone data in /nowhere, which `Europe/Lisbon` needs
                    8 |     when: { between: "22:00-06:00", days: [fri, sat], timezone: Europe/Lisbon }
                      |                                                                 ^
                   help: install the package `tzdata`, set TZDIR to a folder that has the data, or write `UTC`

                """)
    }

    @Test("The graph shows schedules, limits and drops")
    func when_inGraph() async throws {
        let ending = try await place().run("graph", "--format", "dot")
        #expect(ending.output.contains("drops them") && ending.output.contains("once in 5m"))
        #expect(ending.output.contains("22:00-06:00, fri, sat, Europe/Lisbon"))
    }

    @Test("--version names version, commit, Swift and the linked products")
    func version_namesProducts() async throws {
        let lines = lineList(try await place().run("--version").output)
        #expect(lines.count == 3)
        #expect(lines[0].wholeMatch(of: /realtime-router [0-9.]+, commit [0-9A-Za-z]+/) != nil, "\(lines)")
        #expect(lines[1].wholeMatch(of: /Swift 6\.[0-9]+.*/) != nil)
        #expect(lines[2].hasPrefix("products: RealtimeRouter, ") && lines[2].contains("TranscriptStore"))
    }

    @Test("The summary does not alarm where routes took what was derived")
    func summary_namesUnmatchedOnlyWhereNothingWasRouted() async throws {
        let place = try Workplace()
        let spoken = try await place.run("run", "Examples/Sessions/spoken-turn.jsonl", "--dry-run")
        #expect(!lineList(spoken.output)[0].contains("unmatched"))
        let other = try self.place()
        try other.write("bare.jsonl", #"{"type": "session.updated"}"#)
        let bare = try await other.run("run", "bare.jsonl", "--dry-run")
        #expect(lineList(bare.output)[0].contains("1 event, "))
        #expect(lineList(bare.output)[0].contains("1 unmatched"))
    }

    @Test("diff says that a route did not fire because nothing says when the session began")
    func when_inDiff() async throws {
        let place = try place()
        let ending = try await place.run("diff", "routes.yml", "routes.yml", "call.jsonl")
        #expect(ending.code == 0 && ending.error == Self.undated)
        #expect(try await place.run("diff", "routes.yml", "routes.yml", "dated.jsonl").error == "")
    }
}
