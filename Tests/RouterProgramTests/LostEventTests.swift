import Testing

/// The messages of `run` about lost events without a `dead_letters` file.
@Suite struct LostEventTests {
    private static let routes = """
        version: 1
        handlers: { page: { type: command, command: [./page] } }
        routes: [ { name: errors, match: { type: error }, to: page } ]

        """

    @Test("Without `dead_letters`, each lost event is a warning with the reason, without what was said")
    func run_withoutDeadLetters_warnsOfLostEvents() async throws {
        let place = try Workplace(routes: Self.routes)
        try await place.writeProgram("page", "#!/bin/sh\necho nobody is at the desk >&2\nexit 3\n")
        try place.write(
            "session.jsonl", #"{"type":"error","error":{"message":"My name is Ada"}}"# + "\nMy name is Ada\n")
        let ending = try await place.run("run", "session.jsonl")
        #expect(ending.code == 3)
        #expect(
            lineList(ending.error).sorted() == [
                "warning: 1 delivery failed for good; `dead_letters: { path: … }` in routes.yml would keep them",
                "warning: 1 line could not be read as an event; `dead_letters: { path: … }` in routes.yml would keep them",
                "warning: line 1, handler `page`, route `errors`: the command exited with status 3: nobody is at the desk",
                "warning: line 2: expected a value at byte 0",
            ])
    }

    @Test("Of many lost events ten are told of, and all are counted")
    func run_warnsOfTenLostEvents() async throws {
        let place = try Workplace(routes: Self.routes.replacing("./page", with: "/bin/true"))
        let noise = String(repeating: "\nhello", count: 30)
        try place.write("session.jsonl", #"{"type":"session.created"}"# + noise + "\n")
        let lines = lineList(try await place.run("run", "session.jsonl").error)
        #expect(lines.dropLast() == (2...11).map { "warning: line \($0): expected a value at byte 0" }[...])
        #expect(
            lines.last
                == "warning: 30 lines could not be read as an event; `dead_letters: { path: … }` in routes.yml would keep them"
        )
    }
}
