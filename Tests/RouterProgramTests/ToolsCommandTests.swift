import EventJSON
import Testing

/// The output of `tools`, and the functions that a session announces.
@Suite struct ToolsCommandTests {
    private static let routes = """
        version: 1
        handlers:
          tools:
            type: function_call
            announce: true
            declare: tools.json
            functions:
              get_weather: { command: [./weather, "{city}"] }
          more:
            type: function_call
            functions:
              hang_up: { command: [./hang-up], description: Ends the call }
              get_weather: { command: [./other] }
        routes:
          - { name: calls, match: { name: get_weather }, to: [tools, more] }
        """
    private static let weather =
        #"{"type":"function","name":"get_weather","description":"Weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}"#

    private func place() throws -> Workplace {
        let place = try Workplace(routes: Self.routes)
        try place.write("tools.json", "[\(Self.weather)]")
        return place
    }

    @Test func tools_functionsOfAllHandlersAreOneArray() async throws {
        let ending = try await place().run("tools")
        #expect(
            ending
                == .init(
                    code: 0,
                    output: """
                        [
                          {
                            "type": "function",
                            "name": "get_weather",
                            "description": "Weather",
                            "parameters": { "type": "object", "properties": { "city": { "type": "string" } } }
                          },
                          { "type": "function", "name": "hang_up", "description": "Ends the call" }
                        ]

                        """))
        #expect(try JSONValue(parsing: ending.output).array?.first == JSONValue(parsing: Self.weather))
    }

    @Test func tools_withoutFunctions_exitsWith1() async throws {
        let place = try Workplace(
            routes: "version: 1\nhandlers: {c: {type: console}}\nroutes: [{name: a, match: {type: error}, to: c}]\n")
        let error = "error: routes.yml has no handler of type `function_call`, so there are no functions to declare\n"
        #expect(try await place.run("tools") == .init(code: 1, error: error))
    }

    @Test func tools_unusableFile_exitsWith2() async throws {
        let place = try place()
        try place.write("tools.json", "[]")
        let ending = try await place.run("tools")
        #expect(ending.code == 2 && ending.output == "")
        #expect(
            ending.error.contains("routes.yml:8:7: error: the function `get_weather` is not declared in tools.json"))
    }

    @Test func tools_announce_sendsSessionUpdate() async throws {
        let place = try place()
        try place.write(
            "session.jsonl",
            #"{"type":"session.created","event_id":"e1","session":{"id":"s1","type":"realtime","model":"gpt-realtime"}}"#
                + "\n")
        #expect(try await place.run("run", "session.jsonl", "--outbound", "out.jsonl").code == 0)
        #expect(
            place.lines("out.jsonl") == [
                #"{"type":"session.update","event_id":"rr_tools","session":{"type":"realtime","tools":[\#(Self.weather)]}}"#
            ])
    }
}
