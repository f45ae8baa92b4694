import Testing

/// `max_duration`, `max_cost` and `idle_after` of a live pipe, through the built program.
@Suite(.timeLimit(.minutes(5))) struct SessionLimitProgramTests {
    private static func routes(_ limits: String) -> String {
        """
        version: 1
        idle_after: 1s
        sources:
          agent: { type: pipe, live: true, \(limits) }
        handlers:
          told: { type: console }
          figures: { type: metrics, prices: [{ model: gpt-realtime, text: { input: 4, output: 16 } }] }
        routes:
          - { name: told, match: { type: [router.user.idle, router.session.limit, error] }, to: told }
          - { name: figures, to: figures }
        """
    }

    private static let created =
        #"{"type":"session.created","session":{"id":"sess_1","type":"realtime","model":"gpt-realtime"}}"# + "\n"

    private static let response = """
        {"type":"response.done","response":{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":500000,\
        "input_token_details":{"text_tokens":500000}}}}

        """

    @Test("A session ends at its longest duration, though its pipe stays open, and so does the program")
    func maxDuration_endsTheProgram() async throws {
        let place = try Workplace(routes: Self.routes("max_duration: 3s"))
        let input = try NamedPipe(in: place)
        let program = try place.start("run", input: input.path)
        try input.write(Self.created)
        let ending = await program.end()
        input.end()
        #expect(ending.code == 0)
        #expect(ending.output.contains("limit   the session ends in "))
        #expect(ending.output.contains("idle    the caller has said nothing for 1.0 s"))
    }

    @Test("A session ends when it has cost as much as it may")
    func maxCost_endsTheProgram() async throws {
        let place = try Workplace(routes: Self.routes("max_cost: 2"))
        let input = try NamedPipe(in: place)
        let program = try place.start("run", input: input.path)
        try input.write(Self.created + Self.response)
        let ending = await program.end()
        input.end()
        #expect(ending.code == 0)
        #expect(ending.output.contains("limit   the session has cost $2.0 of $2.0"))
    }

    @Test("`check` says which `max_cost` cannot be kept")
    func check_knowsPrices() async throws {
        let place = try Workplace(
            routes: Self.routes("max_cost: 2") + "\nsession: { model: gpt-other }\n")
        let ending = try await place.run("check")
        #expect(ending.code == 0)
        let warning = """
            routes.yml:4:46: warning: `max_cost` cannot be enforced: `prices` has no price for the model `gpt-other`
                4 |   agent: { type: pipe, live: true, max_cost: 2 }
                  |                                              ^
               help: add a row `{model: gpt-other, …}` to `prices`

            """
        #expect((ending.output + ending.error).contains(warning))
    }
}
