import EventJSON
import Foundation
import Testing

/// Commands that show a recording, and a recording with several sessions.
@Suite(.timeLimit(.minutes(5))) struct SeveralSessionsTests {
    private let place: Workplace

    private static func line(_ session: String, _ at: Double, _ event: String, _ more: String = "") -> String {
        #"{"session":"\#(session)","at":\#(at),\#(more)"event":\#(event)}"#
    }

    private static func created(_ id: String) -> String { #"{"type":"session.created","session":{"id":"\#(id)"}}"# }

    /// What a user typed, with the same item id in every session.
    private static func said(_ text: String) -> String {
        #"{"type":"conversation.item.added","item":{"id":"u1","type":"message","role":"user","status":"completed","content":[{"type":"input_text","text":"\#(text)"}]}}"#
    }

    /// Two sessions side by side, and another one of the first name.
    private static let lines = [
        line("a", 0, created("s1"), #""labels":{"tenant":"acme"},"#), line("b", 0, created("s2")),
        line("a", 1, said("hello from a")), line("b", 1.5, said("hello from b")),
        line("a", 2, #"{"type":"error","error":{"code":"x"}}"#), #"{"session":"a","at":2,"end":true}"#,
        line("a", 3, created("s3")),
    ]

    init() throws {
        let routes = """
            version: 1
            handlers: { out: { type: console } }
            routes:
              - { name: words, match: { type: router.utterance.done, role: user }, to: out }
              - { name: errors, match: { type: error }, to: out }
            tests:
              - { name: both, session: two.jsonl, expect: two.expected.jsonl }

            """
        place = try Workplace(routes: routes)
        try place.write("new.yml", routes.replacing("role: user", with: "role: user, labels: { tenant: acme }"))
        try place.write("two.jsonl", Self.lines.map { $0 + "\n" }.joined())
    }

    @Test("inspect shows each session under its key, from a file and from a pipe", arguments: ["two.jsonl", "-"])
    func inspect_hasASectionForEach(_ session: String) async throws {
        let ending = try await place.run("inspect", session, "--derived", input: place.path + "/two.jsonl")
        let rows = lineList(ending.output).map { $0.split(separator: " ").prefix(3).joined(separator: " ") }
        #expect(
            rows == [
                "session a", "1 0.000 session.created", "1.1 0.000 router.session.started",
                "3 1.000 conversation.item.added", "3.1 1.000 router.utterance.heard",
                "3.2 1.000 router.utterance.done", "5 2.000 error", "5.1 2.000 router.error.raised",
                "5.2 2.000 router.session.ended", "", "session b", "2 0.000 session.created",
                "2.1 0.000 router.session.started", "4 1.500 conversation.item.added",
                "4.1 1.500 router.utterance.heard", "4.2 1.500 router.utterance.done",
                "4.3 1.500 router.session.ended", "", "session a#2", "7 3.000 session.created",
                "7.1 3.000 router.session.started", "7.2 3.000 router.session.ended",
            ])
    }

    @Test("The lines of inspect --json name their session")
    func inspectJSON_namesTheSession() async throws {
        let ending = try await place.run("inspect", "two.jsonl", "--json")
        let events = try lineList(ending.output).map { try JSONValue(parsing: $0) }
        #expect(
            events.map { "\($0["session"]?.string ?? "") \($0["event"]?["type"]?.string ?? "")" } == [
                "a session.created", "a conversation.item.added", "a error", "b session.created",
                "b conversation.item.added", "a#2 session.created",
            ])
    }

    @Test("explain has the routes and events of each session", arguments: ["two.jsonl", "-"])
    func explain_hasASectionForEach(_ session: String) async throws {
        let ending = try await place.run("explain", session, input: place.path + "/two.jsonl")
        #expect(
            ending
                == .init(
                    code: 0,
                    output: """
                        session a

                        3 events of the server, 1 derived; 2 of 2 routes fired

                        words: fired once
                        errors: fired once

                             3.2  router.utterance.done                   words -> out
                               5  error                                   errors -> out

                        session b

                        2 events of the server, 1 derived; 1 of 2 routes fired

                        words: fired once
                        errors: never fired
                          no `error` came

                             4.2  router.utterance.done                   words -> out

                        session a#2

                        1 event of the server, 0 derived; 0 of 2 routes fired

                        words: never fired
                          no `router.utterance.done` came
                        errors: never fired
                          no `error` came

                        """))
    }

    @Test("explain finds an event by its line in the file, and the summaries of routes name their session as JSON")
    func explain_findsTheSessionOfAnEvent() async throws {
        let event = try await place.run("explain", "two.jsonl", "--event", "4.2")
        #expect(
            event.output == """
                session b

                     4.2  router.utterance.done
                            words -> out
                            errors: no, `type` is "router.utterance.done" (routes.yml:5:30)

                """)
        let absent = try await place.run("explain", "two.jsonl", "--event", "4.1")
        #expect(
            absent
                == .init(
                    code: 2,
                    error:
                        "error: there is no event 4.1 in two.jsonl: line 4 derives 4.2 (router.utterance.done)\n"))
        let json = try await place.run("explain", "two.jsonl", "--route", "errors", "--format", "json")
        let routes = try lineList(json.output).map { try JSONValue(parsing: $0) }.filter { $0["fired"] != nil }
        #expect(
            routes.map { "\($0["session"]?.string ?? "") \($0["fired"]?.int ?? -1)" } == ["a 1", "b 0", "a#2 0"])
    }

    @Test("diff compares session by session, with the labels of each")
    func diff_comparesEach() async throws {
        let ending = try await place.run("diff", "routes.yml", "new.yml", "two.jsonl")
        #expect(
            ending
                == .init(
                    code: 1,
                    output: """
                        route  before  after  gained  lost  moved
                        words       2      1       0     1      0

                        two.jsonl, session b: 1 event
                          4.2  router.utterance.done  words → no route

                        1 event would be routed differently, in 1 of 3 sessions; 6 events of the server read

                        """))
        let json = try await place.run("diff", "routes.yml", "new.yml", "two.jsonl", "--format", "json")
        let sessions = try JSONValue(parsing: json.output)["sessions"]?.array ?? []
        #expect(sessions.map { $0["key"] } == ["a", "b", "a#2"])
    }

    @Test("report has a section for each session, and no words are lost where item ids are equal")
    func report_hasASectionForEach() async throws {
        let ending = try await place.run("report", "two.jsonl", "-o", "-")
        #expect(ending.code == 0)
        for session in ["a", "b", "a#2"] { #expect(ending.output.contains("<header><h1>\(session)</h1>")) }
        for session in ["a", "b"] { #expect(ending.output.contains("<p>hello from \(session)</p>")) }
        #expect(ending.output.contains("<h1>3 sessions</h1>"))
    }

    @Test("The expectations of a test have the sessions one after the other")
    func test_routesEach() async throws {
        #expect(try await place.run("test", "--update").code == 0)
        let expected = try place.lines("two.expected.jsonl").map { try JSONValue(parsing: $0)["position"]?.string }
        #expect(expected == ["3.2", "5", "4.2"])
        for _ in 1...3 { #expect(try await place.run("test").code == 0) }
    }
}
