import Testing

/// Files that are given as sessions but are not: unusable input, exit code 2.
@Suite struct NoSessionTests {
    private static let routes = """
        version: 1
        handlers: { log: { type: console, output: log.txt } }
        routes: [ { name: errors, match: { type: error }, to: log } ]
        tests: [ { name: it, session: notes.txt, expect: it.jsonl } ]

        """

    private static let error = "error: notes.txt is not a session: none of its lines is an event of the server\n"
    private static let warning = "warning: 2 lines could not be read as an event\n"

    private func place() throws -> Workplace {
        let place = try Workplace(routes: Self.routes)
        try place.write("notes.txt", "call the plumber\n{\"milk\": 2\n")
        try place.write("call.jsonl", "{\"type\": \"error\"}\nthis is no event\n")
        return place
    }

    @Test(
        "A file without any event ends a command with exit code 2",
        arguments: [
            ("explain notes.txt", "", error),
            ("explain notes.txt --event 1", "", error),
            ("report notes.txt -o page.html", "", error),
            ("match {type: error} notes.txt", "", warning + error),
            ("match {type: error} notes.txt -c", "0\n", warning + error),
            ("diff routes.yml routes.yml call.jsonl notes.txt", "", error),
            (
                "inspect notes.txt", "",
                "warning: line 1: expected a value at byte 0\n"
                    + "warning: line 2: unexpected end of the text at byte 10\n" + error
            ),
            (
                "run notes.txt --summary json",
                #"{"events":0,"derived":0,"undecodable":2,"unmatched":0,"sessions":0,"sent":0,"duration_seconds":0.0,"#
                    + #""routes":{"errors":{"matched":0}},"handlers":{"log":{"delivered":0,"failed":0,"retried":0,"#
                    + #""dropped":0,"dead_letters":0}},"metrics":{}}"# + "\n",
                "warning: line 1: expected a value at byte 0\n"
                    + "warning: line 2: unexpected end of the text at byte 10\n"
                    + "warning: 2 lines could not be read as an event; `dead_letters: { path: … }` in routes.yml would keep them\n"
                    + error
            ),
            (
                "test",
                """
                error   it
                        routes.yml:4:10: notes.txt is not a session: none of its lines is an event of the server

                1 test: 1 not run

                """, ""
            ),
        ])
    func noEvent_isUnusable(_ call: String, _ output: String, _ error: String) async throws {
        let place = try place()
        var words = call.split(separator: " ").map(String.init)
        if words[0] == "match" { words.replaceSubrange(1...2, with: ["{type: error}"]) }
        var ending = try await place.run(words)
        ending.output.replace(#/"duration_seconds":[0-9.]+/#, with: #""duration_seconds":0.0"#)
        #expect(ending == .init(code: 2, output: output, error: error))
        #expect(place.text("page.html") == nil)
    }

    @Test("A session on standard input is named so")
    func standardInput_isNamed() async throws {
        let place = try place()
        let ending = try await place.run("explain", "-", input: place.path + "/notes.txt")
        #expect(
            ending
                == .init(
                    code: 2,
                    error:
                        "error: standard input is not a session: none of its lines is an event of the server\n"))
    }

    @Test("diff warns of lines that are no events, with the session's name")
    func diff_warnsOfLines() async throws {
        let ending = try await place().run("diff", "routes.yml", "routes.yml", "call.jsonl")
        #expect(
            ending
                == .init(
                    code: 0, output: "all events are routed alike: 1 session, 1 event of the server read\n",
                    error: "warning: 1 line of call.jsonl could not be read as an event\n"))
    }
}
