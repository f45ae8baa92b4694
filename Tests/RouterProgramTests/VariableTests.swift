import Testing

/// What the environment holds is used, and not told, by a program that runs too.
@Suite struct VariableTests {
    private func place(_ handler: String) throws -> Workplace {
        try Workplace(
            routes: """
                version: 1
                handlers: {out: \(handler)}
                routes: [{name: all, match: {type: router.utterance.heard}, to: out}]
                dead_letters: {path: dead-letters.jsonl}
                """)
    }

    @Test func itIsUsed() async throws {
        let place = try place(#"{type: transcript, output: "${NAME}.jsonl"}"#)
        let ending = try await place.run(
            "run", BuiltProgram.session("spoken-turn"), environment: ["NAME": "tonight"])
        #expect(ending.code == 0 && !place.lines("tonight.jsonl").isEmpty)
        #expect(!(ending.output + ending.error).contains("tonight"))
    }

    @Test func itIsNotInTheErrorOfAHandlerThatDoesNotStart() async throws {
        let place = try place(#"{type: transcript, output: "${FOLDER}/t.jsonl"}"#)
        let ending = try await place.run(
            "run", BuiltProgram.session("spoken-turn"), environment: ["FOLDER": "routes.yml"])
        #expect(
            ending
                == .init(
                    code: 2,
                    error:
                        "error: handler `out` did not start: cannot write ${FOLDER}/t.jsonl: Not a directory\n"
                ))
    }

    @Test func itIsNotInADeadLetter() async throws {
        let place = try place(#"{type: command, command: [/bin/true], working_directory: "/no/such/${CUSTOMER}"}"#)
        let ending = try await place.run(
            "run", BuiltProgram.session("spoken-turn"), environment: ["CUSTOMER": "acme-and-sons"])
        let letters = try #require(place.text("dead-letters.jsonl"))
        #expect(letters.contains("/no/such/${CUSTOMER}"))
        #expect(!(letters + ending.output + ending.error).contains("acme"))
    }
}
