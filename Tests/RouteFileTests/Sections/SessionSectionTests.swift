import ConfigSource
import EventJSON
import EventRouter
import RecordFiles
import RealtimeEvents
import RouteFile
import Testing

/// The `session` of a routes.yml.
@Suite struct SessionSectionTests {
    private func load(_ session: String, _ variables: [String: String] = [:]) -> (RouteConfiguration?, Diagnostics) {
        var registry = HandlerRegistry()
        registry.register("free") { _ in ClosureHandler { _ in } }
        let text = """
            version: 1
            session: \(session)
            handlers: { out: { type: free } }
            routes: [{ name: errors, match: { type: error }, to: out }]
            """
        let diagnostics = Diagnostics()
        let context = HandlerContext(variable: { variables[$0] })
        let file = SourceFile(path: "routes.yml", text: text)
        return (RouteConfiguration.read(file, registry: registry, context: context, diagnostics), diagnostics)
    }

    @Test("It is passed through, unknown keys too, with variables that are numbers where the API wants numbers")
    func session_isPassedThrough() throws {
        let (loaded, diagnostics) = load(
            """

              model: gpt-realtime
              instructions: "You serve ${HOTEL}."
              audio: { output: { speed: "${SPEED}", voice: marin }, input: { turn_detection: { type: server_vad, create_response: "${ANSWERS}" } } }
              max_output_tokens: "${TOKENS}"
              tools: [{ type: mcp, server_label: rooms, server_url: "https://example.com" }]
              more: { of: [this, 1, null, "2"] }
            """, ["HOTEL": "4", "SPEED": "1.25", "ANSWERS": "false", "TOKENS": "inf"])
        let session = try #require(loaded?.session, "\(diagnostics.rendered())")
        #expect(session.model == "gpt-realtime" && session.type == nil)
        #expect(
            JSONValue.object(session.json).description
                == #"{"model":"gpt-realtime","instructions":"You serve 4.","audio":{"output":{"speed":1.25,"voice":"marin"},"input":{"turn_detection":{"type":"server_vad","create_response":false}}},"max_output_tokens":"inf","tools":[{"type":"mcp","server_label":"rooms","server_url":"https://example.com"}],"more":{"of":[this,1,null,"2"]}}"#
                .replacing("[this", with: #"["this""#))
        #expect(
            diagnostics.rendered() == """
                routes.yml:8:3: warning: no session has the key `more`, and the server refuses the whole update for it
                    8 |   more: { of: [this, 1, null, "2"] }
                      |   ^
                   help: known keys: `type`, `model`, `instructions`, `output_modalities`, `audio`, `input_audio_sampling_rate`, `tool_choice`, `parallel_tool_calls`, `max_output_tokens`, `tracing`, `truncation`, `prompt`, `reasoning`, `include`
                """)
        for (parameter, place) in [
            ("session.audio.output.speed", "5:22"), ("session.audio.input.turn_detection.threshold", "5:66"),
            ("audio.output.voice", "5:41"), ("session.tools[0].server_url", "7:45"), ("session.reasoning", "2:1"),
        ] {
            let location = session.location(of: parameter)
            #expect(location.map { "\($0.line):\($0.column)" } == place, "\(parameter)")
        }
        #expect(session.location(of: nil)?.line == 2)
        #expect(SessionSettings(["model": "m"]).location(of: "session.model") == nil)
    }

    @Test(
        "What is wrong or doubtful is said at its place",
        arguments: [
            (
                "night", "10: error: `session` must be a mapping, and this is the string `night`",
                "write `session: {instructions: …}`"
            ),
            (
                "{ tools: [{ type: mcp, server_label: a }, { type: function, name: f }] }",
                "52: error: functions do not belong in `session`: a handler of the type `function_call` has them",
                "write them under `functions` of that handler, with `announce: true` beside it; only tools with `type: mcp` may stand here"
            ),
            (
                "{ voice: marin }",
                "12: warning: `voice` is a key of the beta, and the server refuses the whole update for it",
                "write `audio: {output: {voice: …}}`"
            ),
            (
                "{ temperature: 0.8 }",
                "12: warning: `temperature` is a key of the beta, and the server refuses the whole update for it",
                "remove it: there is no such key any more"
            ),
            (
                "{ instruction: x }",
                "12: warning: no session has the key `instruction`, and the server refuses the whole update for it",
                "did you mean `instructions`?"
            ),
            (
                "{ audio: { input: { turn_detction: null } } }",
                "30: warning: no session has the key `turn_detction`, and the server refuses the whole update for it",
                "did you mean `turn_detection`?"
            ),
            (
                "{ id: sess_1 }",
                "12: warning: `id` is set by the server, which refuses an update that contains it",
                "remove it"
            ),
            (
                "{ type: realtme }", "18: warning: no session has the type `realtme`", "did you mean `realtime`?"
            ),
            (
                "{ instructions: \"${NOTHING}\" }", "26: error: the variable `NOTHING` is not set",
                "set it, or give a default: `${NOTHING:-default}`"
            ),
        ])
    func session_reportsMistakeAtItsLocation(_ session: String, _ said: String, _ help: String) throws {
        let (loaded, diagnostics) = load(session)
        let item = try #require(diagnostics.items.first)
        #expect(diagnostics.items.count == 1)
        #expect(
            "\(item.location.map { "\($0.line):\($0.column)" } ?? ""): \(item.severity.rawValue): \(item.message)"
                == "2:\(said)")
        #expect(item.help == help)
        #expect((loaded == nil) == (item.severity == .error))
    }

    @Test("What its variables hold is a secret of the table")
    func variables_areHidden() throws {
        let (loaded, _) = load(#"{ instructions: "The word is ${PASSWORD}." }"#, ["PASSWORD": "swordfish-7"])
        let redaction = try #require(loaded).table.redaction
        #expect(redaction.redacted("it says swordfish-7 there") == "it says ${PASSWORD} there")
    }
}
