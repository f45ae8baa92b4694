import Foundation
import Testing

/// Every example runs without a network and prints the expected output.
@Suite struct ExampleTests {
    @Test(arguments: ["QuickStart", "TranscriptLog", "FunctionCalls", "SessionMetrics", "LiveAssistant"])
    func example_printsWhatItShows(_ name: String) async throws {
        let place = try Workplace()
        let ending = try await place.run(program: name)
        try Snapshot(name, ending, in: place).check("examples/\(name)")
    }

    /// The first routes.yml in the README.
    @Test func readme_routesFileIsValid() async throws {
        let readme = try String(contentsOfFile: BuiltProgram.package + "/README.md", encoding: .utf8)
        let routes = try #require(readme.components(separatedBy: "```yaml\n").dropFirst().first)
        let place = try Workplace(routes: routes.components(separatedBy: "```")[0])
        let check = try await place.run("check", "--deny-warnings")
        #expect(
            check
                == .init(
                    code: 0,
                    output: """
                        routes.yml: 3 routes, 3 handlers
                          everything that was said: takes router.utterance.done, router.utterance.revised

                        """))
        let run = try await place.run("run", BuiltProgram.session("quickstart"))
        #expect(run.code == 0)
        #expect(place.lines("transcript.jsonl").count == 6)
    }

    @Test func customHandlerExample_checksItsOptions() async throws {
        let place = try Workplace()
        let routes = "Examples/CustomHandler/alarms.yml"
        let run = try await place.run(
            "run", "Examples/Sessions/failed-response.jsonl", "--routes", routes, program: "CustomHandler")
        try Snapshot("CustomHandler run failed-response.jsonl", run, in: place).check("examples/CustomHandler")
        let check = try await place.run("check", routes, program: "CustomHandler")
        #expect(
            check == .init(code: 0, output: "\(routes): 1 route, 1 handler\n  errors: takes router.error.raised\n"))
    }
}
