import EventJSON
import Testing

/// The summary names the calls that no route takes, because the router does not answer them.
@Suite struct UnroutedCallTests {
    private static func routes(_ options: String, _ route: String) -> String {
        """
        version: 1
        handlers:
          log: { type: console, output: log.txt }
          tools: { type: function_call, \(options)functions: { get_weather: { command: [/bin/true] } } }
        routes:
          - { name: calls, match: { type: router.function_call.ready, name: get_weather }, to: \(route) }
          - { name: errors, match: { type: error }, to: log }

        """
    }

    private func run(_ routes: String, _ options: [String] = []) async throws -> RunningProgram.Ending {
        let place = try Workplace(routes: routes)
        return try await place.run(["run", "Examples/Sessions/parallel-tool-calls.jsonl"] + options)
    }

    @Test(
        "A call of a function that no route takes is in the summary, also of a dry run",
        arguments: [[], ["--dry-run"]] as [[String]])
    func unroutedCall_isInTheSummary(options: [String]) async throws {
        let ending = try await run(Self.routes("", "tools"), options)
        #expect(ending.code == 0 && ending.error == "")
        #expect(lineList(ending.output)[1] == "1 call taken by no route, so left to the client: `roll_dice`")
        let json = try JSONValue(
            parsing: try await run(Self.routes("", "tools"), options + ["--summary", "json"]).output)
        #expect(json["unrouted_calls"]?.description == #"{"roll_dice":1}"#)
    }

    @Test("A call that is answered with an error is not left to the client")
    func answeredCall_isNotInTheSummary() async throws {
        let ending = try await run(Self.routes("unrouted_calls: answer, ", "tools"))
        #expect(ending.code == 0 && !ending.output.contains("left to the client"))
    }

    @Test("Where no handler answers calls, all are the client's, and nothing is said")
    func withoutFunctions_nothingIsSaid() async throws {
        let routes = Self.routes("", "log").split(separator: "\n").filter { !$0.contains("tools:") }
        let ending = try await run(routes.joined(separator: "\n") + "\n", ["--summary", "json"])
        #expect(ending.code == 0 && !ending.output.contains("unrouted_calls"))
    }
}
