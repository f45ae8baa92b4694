import Foundation
import Testing

/// `diff`: the events that two files route differently.
@Suite struct DiffCommandTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        let old = try #require(place.text("routes.yml"))
        try place.write(
            "new.yml",
            old.replacing("\"refund*\", lawyer", with: "\"refund*\", jacket").replacing(
                "once_per: session", with: "stop: true"
            )
            .replacing("name: failures", with: "name: problems"))
    }

    private var sessions: [String] {
        ["quickstart", "failed-response", "tool-call"].map { "Examples/Sessions/\($0).jsonl" }
    }

    private func diff(_ words: [String]) async throws -> RunningProgram.Ending {
        try await place.start([BuiltProgram.path("realtime-router"), "diff"] + words, environment: [:]).end()
    }

    @Test func diff_countsByRouteAndSession() async throws {
        let ending = try await diff(["routes.yml", "new.yml"] + sessions)
        #expect(
            ending
                == RunningProgram.Ending(
                    code: 1,
                    output: """
                        route     before  after  gained  lost  moved
                        refunds        1      2       1     0      0
                        problems       0      2       2     0      0
                        failures       2      0       0     2      0

                        `problems` takes exactly what `failures` took: it was renamed

                        Examples/Sessions/quickstart.jsonl: 1 event
                          67.1  router.utterance.heard  no route → refunds

                        Examples/Sessions/failed-response.jsonl: 2 events
                          17  response.done  failures → problems
                          38  response.done  failures → problems

                        3 events would be routed differently, in 2 of 3 sessions; 232 events of the server read

                        """))
    }

    @Test func diff_json() async throws {
        let ending = try await diff(["routes.yml", "new.yml", "--format", "json", "--shown", "1"] + sessions)
        #expect(
            ending
                == RunningProgram.Ending(
                    code: 1,
                    output: #"{"equal":false,"changed":3,"routes":["#
                        + #"{"name":"everything that was said","before":13,"after":13,"gained":0,"lost":0,"moved":0},"#
                        + #"{"name":"tool calls","before":2,"after":2,"gained":0,"lost":0,"moved":0},"#
                        + #"{"name":"refunds","before":1,"after":2,"gained":1,"lost":0,"moved":0},"#
                        + #"{"name":"problems","before":0,"after":2,"gained":2,"lost":0,"moved":0},"#
                        + #"{"name":"figures","before":48,"after":48,"gained":0,"lost":0,"moved":0},"#
                        + #"{"name":"the call as it goes","before":17,"after":17,"gained":0,"lost":0,"moved":0},"#
                        + #"{"name":"failures","before":2,"after":0,"gained":0,"lost":2,"moved":0}],"#
                        + #""renamed":[{"old":"failures","new":"problems"}],"#
                        + #""sessions":[{"session":"Examples/Sessions/quickstart.jsonl","events":120,"changed":1,"#
                        + #""changes":[{"position":"67.1","type":"router.utterance.heard","#
                        + #""old":{"routes":[],"handlers":[]},"#
                        + #""new":{"routes":["refunds"],"handlers":["page","console"]}}]},"#
                        + #"{"session":"Examples/Sessions/failed-response.jsonl","events":62,"changed":2,"#
                        + #""changes":[{"position":"17","type":"response.done","#
                        + #""old":{"routes":["failures"],"handlers":["meter","page"]},"#
                        + #""new":{"routes":["problems"],"handlers":["meter","page"]}}]},"#
                        + #"{"session":"Examples/Sessions/tool-call.jsonl","events":50,"changed":0,"changes":[]}]}"#
                        + "\n"))
    }

    /// A route with a new name and other events or handlers is not renamed.
    @Test func diff_changedRouteIsNotRenamed() async throws {
        let old = try #require(place.text("routes.yml"))
        for (text, replacement) in [
            ("status: [ failed, incomplete ]", "status: [ incomplete ]"), ("to: [meter, page]", "to: page"),
        ] {
            try place.write(
                "new.yml", old.replacing("name: failures", with: "name: problems").replacing(text, with: replacement))
            let ending = try await diff(["routes.yml", "new.yml", "--format", "json"] + sessions)
            #expect(ending.code == 1 && ending.output.contains(#""renamed":[]"#))
        }
    }

    @Test func diff_sameRules_isEqual() async throws {
        #expect(
            try await diff(["routes.yml", "routes.yml"] + sessions)
                == RunningProgram.Ending(
                    code: 0, output: "all events are routed alike: 3 sessions, 232 events of the server read\n"))
    }

    @Test func diff_unusableInput_exitsWith2() async throws {
        #expect(
            try await diff(["routes.yml", "new.yml", "none.jsonl"])
                == RunningProgram.Ending(code: 2, error: "error: cannot read none.jsonl: No such file or directory\n"))
        #expect(
            try await diff(["routes.yml", "none.yml", sessions[0]])
                == RunningProgram.Ending(code: 2, error: "error: cannot read none.yml: No such file or directory\n"))
        #expect(
            try await diff(["routes.yml", "new.yml", "-"])
                == RunningProgram.Ending(
                    code: 2,
                    error: """
                        error: standard input can be read only once, and diff routes a session twice: give a file
                        Usage: realtime-router diff <old> <new> <session> ... [--label <name=value> ...] [--started <time>] [--format <format>] [--shown <shown>]
                          See 'realtime-router diff --help' for more information.

                        """))
    }
}
