import Testing

/// A running program uses the values of environment variables, and does not print them.
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

    @Test func variable_isUsed() async throws {
        let place = try place(#"{type: transcript, output: "${NAME}.jsonl"}"#)
        let ending = try await place.run(
            "run", BuiltProgram.session("spoken-turn"), environment: ["NAME": "tonight"])
        #expect(ending.code == 0 && !place.lines("tonight.jsonl").isEmpty)
        #expect(!(ending.output + ending.error).contains("tonight"))
    }

    @Test func variable_isNotInStartError() async throws {
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

    @Test func variable_isNotInDeadLetter() async throws {
        let place = try place(#"{type: command, command: [/bin/true], working_directory: "/no/such/${CUSTOMER}"}"#)
        let ending = try await place.run(
            "run", BuiltProgram.session("spoken-turn"), environment: ["CUSTOMER": "acme-and-sons"])
        let letters = try #require(place.text("dead-letters.jsonl"))
        #expect(letters.contains("/no/such/${CUSTOMER}"))
        #expect(!(letters + ending.output + ending.error).contains("acme"))
    }
}
