import EventJSON
import RealtimeRouter
import RouterTesting
import ScratchFolders
import Testing

/// A kind of function that a program registers beside `command`, `worker` and `swift`.
@Suite(.timeLimit(.minutes(5)))
struct FunctionKindTests {
    /// What a routes.yml with these functions comes to, with everything that is said about it.
    private func load(
        _ functions: String, _ registry: HandlerRegistry = .withForecast(),
        context: HandlerContext = HandlerContext()
    ) -> (configuration: RouteConfiguration?, diagnostics: Diagnostics) {
        let diagnostics = Diagnostics()
        let text = """
            version: 1
            handlers:
              tools:
                type: function_call
                journal: calls.jsonl
                functions:
                  \(functions.replacing("\n", with: "\n      "))
            routes:
              - { name: calls, to: tools }
            """
        let configuration = RouteConfiguration.read(
            SourceFile(path: "routes.yml", text: text), registry: registry, context: context, diagnostics)
        return (configuration, diagnostics)
    }

    private static func call(_ id: String, _ city: String) -> String {
        let item: JSONValue = [
            "id": .string("i_\(id)"), "type": "function_call", "status": "completed", "call_id": .string(id),
            "name": "get_forecast", "arguments": .string(#"{"city":"\#(city)"}"#),
        ]
        return #"{"type":"response.output_item.done","response_id":"r1","item":\#(item)}"#
    }

    /// The session's lines, the line of the journal without what all of them begin with.
    private func run(_ functions: String, _ steps: Collected<String>, _ folder: ScratchFolder, _ calls: [String])
        async throws -> [String]
    {
        let context = HandlerContext(folder: folder.path, clock: ManualClock())
        let (configuration, diagnostics) = load(functions, .withForecast(steps), context: context)
        #expect(diagnostics.rendered() == "")
        let router = Router(try #require(configuration).table, clock: ManualClock())
        try await router.start()
        for call in calls {
            _ = try await router.run(
                ScriptedSource([
                    #"{"type":"response.created","response":{"id":"r1"}}"#, call,
                    #"{"type":"response.done","response":{"id":"r1","status":"completed"}}"#,
                ]))
        }
        await router.stop()
        let head = #"{"session":"test","time":"2026-01-01T00:00:00.000Z","#
        return folder.lines("calls.jsonl").map { line in
            line.hasPrefix(head) ? String(line.dropFirst(head.count)) : line
        }
    }

    @Test("A function of a kind of one's own starts with its handler, runs, is journalled, and stops")
    func kind_runsCallsAndIsJournalled() async throws {
        let (steps, folder) = (Collected<String>(), try ScratchFolder())
        let journal = try await run(
            "get_forecast: { forecast: { server: north }, description: Tomorrow's weather }", steps, folder,
            [Self.call("c1", "Lisbon")])
        #expect(steps.elements == ["start north", "run c1", "stop north"])
        #expect(
            journal == [
                #""call_id":"c1","response_id":"r1","item_id":"i_c1","name":"get_forecast","arguments":{"city":"Lisbon"},"state":"started","queued_ms":0}"#,
                #""call_id":"c1","response_id":"r1","item_id":"i_c1","name":"get_forecast","arguments":{"city":"Lisbon"},"state":"completed","exit_status":0,"output":"12 degrees","stderr":"asked north","queued_ms":0,"ran_ms":0,"output_bytes":10}"#,
            ])
    }

    @Test("A call that the executor refuses is not run, and the model learns why")
    func kind_refusesACall() async throws {
        let (steps, folder) = (Collected<String>(), try ScratchFolder())
        let journal = try await run(
            "get_forecast: { forecast: { server: north } }", steps, folder, [Self.call("c1", "Atlantis")])
        #expect(steps.elements == ["start north", "stop north"])
        #expect(
            journal == [
                #""call_id":"c1","response_id":"r1","item_id":"i_c1","name":"get_forecast","arguments":{"city":"Atlantis"},"state":"rejected","output":"{\"error\":\"there is no forecast for Atlantis (reference c1)\"}","error":"there is no forecast for Atlantis"}"#
            ])
    }

    @Test("What the executor throws fails the call, and the journal does not have the executor's secrets")
    func kind_failsACall_withoutItsSecrets() async throws {
        let (steps, folder) = (Collected<String>(), try ScratchFolder())
        let journal = try await run(
            "get_forecast: { forecast: { server: north, token: sk-12345678 } }", steps, folder,
            [Self.call("c1", "Oslo")])
        #expect(
            journal.last
                == #""call_id":"c1","response_id":"r1","item_id":"i_c1","name":"get_forecast","arguments":{"city":"Oslo"},"state":"failed","output":"{\"error\":\"the function failed (reference c1)\"}","error":"no answer, token ${TOKEN}","queued_ms":0,"ran_ms":0}"#
        )
    }

    @Test("If an executor does not start, the router does not, and those before it are stopped")
    func kind_thatDoesNotStart_stopsTheStart() async throws {
        let (steps, folder) = (Collected<String>(), try ScratchFolder())
        let context = HandlerContext(folder: folder.path)
        let functions = """
            north: { forecast: { server: north } }
            south: { forecast: { server: nowhere } }
            west: { forecast: { server: west } }
            """
        let table = try #require(load(functions, .withForecast(steps), context: context).configuration).table
        let failure = await #expect(throws: RouterFailure.self) { try await Router(table).start() }
        #expect(
            failure?.description
                == "handler `tools` did not start: the function `south`: there is no server `nowhere`")
        #expect(steps.elements == ["start north", "stop north"])
        // The journal is free for another one.
        let other = try #require(
            load("north: { forecast: { server: north } }", .withForecast(steps), context: context)
                .configuration
        ).table
        let router = Router(other)
        try await router.start()
        await router.stop()
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var functions: String
        var diagnostics: String
        var testDescription: String { functions }
    }

    private static let mistakes = [
        Mistake(
            functions: "f: { forecst: { server: north } }",
            diagnostics: """
                routes.yml:7:12: error: there is no kind of function `forecst`
                    7 |       f: { forecst: { server: north } }
                      |            ^
                   help: did you mean `forecast`?
                """),
        Mistake(
            functions: "f: { mcp: { server: north } }",
            diagnostics: """
                routes.yml:7:12: error: there is no kind of function `mcp`
                    7 |       f: { mcp: { server: north } }
                      |            ^
                   help: kinds of functions: `command`, `worker`, `swift`, `forecast`
                """),
        Mistake(
            functions: "f: { forecast: { servr: north } }",
            diagnostics: """
                routes.yml:7:24: error: unknown key `servr`
                    7 |       f: { forecast: { servr: north } }
                      |                        ^
                   help: did you mean `server`?
                """),
        Mistake(
            functions: "f: { forecast: north }",
            diagnostics: """
                routes.yml:7:22: error: `forecast` of the function `f` must be a mapping, and this is the string `north`
                    7 |       f: { forecast: north }
                      |                      ^
                """),
        Mistake(
            functions: "f: { forecast: { server: north }, command: [./f] }",
            diagnostics: """
                routes.yml:7:22: error: the function `f` has both `command` and `forecast`
                    7 |       f: { forecast: { server: north }, command: [./f] }
                      |                      ^
                   help: keep the one that runs it
                """),
        Mistake(
            functions: "f: { forecast: { server: north }, env: [LANG] }",
            diagnostics: """
                routes.yml:7:46: error: `env` is for commands and workers, and the function `f` is of the kind `forecast`
                    7 |       f: { forecast: { server: north }, env: [LANG] }
                      |                                              ^
                   help: remove `env`
                """),
        Mistake(
            functions: "f: { description: Tomorrow }",
            diagnostics: """
                routes.yml:7:10: error: the function `f` needs `command`, `worker`, `swift` or `forecast`
                    7 |       f: { description: Tomorrow }
                      |          ^
                   help: a local command, `command: [./bin/f]`, one that stays, `worker: [./bin/f]`, a function registered in code, `swift: f`, or the options of a kind, `forecast: {…}`
                """),
    ]

    @Test("What is wrong with a kind's options stands at its place", arguments: mistakes)
    func kind_withAMistake_isReported(_ mistake: Mistake) {
        #expect(load(mistake.functions).diagnostics.rendered() == mistake.diagnostics)
    }

    @Test("A program that starts nothing only warns of a kind that it does not know")
    func kind_ofAnotherProgram_isAWarning() throws {
        let (configuration, diagnostics) = load(
            "f: { mcp: { server: north }, description: Asks }",
            context: HandlerContext(startsHandlers: false))
        #expect(
            diagnostics.rendered() == """
                routes.yml:7:12: warning: there is no kind of function `mcp` in this program
                    7 |       f: { mcp: { server: north }, description: Asks }
                      |            ^
                   help: only a program that registers it can run this file; the kinds here: `command`, `worker`, `swift`, `forecast`
                """)
        #expect(
            try #require(configuration).table.tools.map(\.json.description)
                == [#"{"type":"function","name":"f","description":"Asks"}"#])
    }

    @Test("The schema for editors has the kind's options, and a function has one kind")
    func kind_inTheSchema() {
        let schema = RouteFileSchema.json(.withForecast())
        let function = schema["$defs"]?["handler_function_call"]?["properties"]?["functions"]?["additionalProperties"]
        #expect(
            function?["properties"]?["forecast"]?.description
                == #"{"description":"Asks a forecast server.","type":"object","properties":{"server":{"description":"The server's name.","type":"string"},"token":{"description":"The token that the server wants.","type":"string","default":""}},"additionalProperties":false,"required":["server"]}"#
        )
        #expect(
            function?["oneOf"]?.description
                == #"[{"required":["command"]},{"required":["worker"]},{"required":["swift"]},{"required":["forecast"]}]"#
        )
    }

    @Test("The tools are those of the kind too")
    func kind_inTheTools() throws {
        let configuration = try #require(
            load("get_forecast: { forecast: { server: north }, description: Tomorrow's weather }").configuration)
        #expect(
            configuration.table.tools.map(\.json.description)
                == [#"{"type":"function","name":"get_forecast","description":"Tomorrow's weather"}"#])
    }
}
