import ConfigSource
import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// The options of a handler of type `function_call`, and the diagnostics for invalid ones.
@Suite struct OptionTests {
    func read(
        _ node: Node, context: HandlerContext = HandlerContext(), _ diagnostics: Diagnostics
    ) throws -> FunctionCallHandler? {
        var registry = HandlerRegistry()
        registry.registerFunctionCalls()
        registry.function("roll_dice") { _ in FunctionCallResult("4") }
        let section = try #require(Section(node, what: "the handler `tools`", diagnostics))
        var options = HandlerOptions(
            name: "tools", section: section, context: context, functions: registry.functions)
        let make = try #require(registry.factory("function_call"))
        let handler = make(&options)
        options.section.finish()
        return handler as? FunctionCallHandler
    }

    @Test func options_allOptions() throws {
        let diagnostics = Diagnostics()
        let node: Node = [
            "journal": "calls.jsonl", "once": "journal", "max_journal": "64MiB", "max_concurrent": 4,
            "max_queued": 8, "max_calls_per_turn": 5, "max_calls_per_session": 100,
            "functions": [
                "get_weather": [
                    "description": "Current weather for a city",
                    "parameters": [
                        "type": "object", "properties": ["city": ["type": "string", "maxLength": 1.5e2]],
                        "required": ["city"], "additionalProperties": false, "default": .null,
                    ],
                    "command": ["./get-weather", "--city={city}"], "stdin": "call", "timeout": "5s", "kill_after": "1s",
                    "max_output": "1KiB", "env": ["LANG", "TZ"], "working_directory": "work",
                    "error_output": "stderr", "output": "json", "max_concurrent": 2,
                    "limits": ["cpu": "5s", "memory": "256MiB", "files": 64], "idempotent": true,
                    "on_duplicate": "join", "once": ["by": ["city"], "within": "24h"],
                ],
                "roll": ["swift": "roll_dice", "timeout": "1ms"],
            ],
        ]
        let handler = try #require(
            try read(node, context: HandlerContext(folder: "/etc/agent"), diagnostics))
        #expect(diagnostics.isEmpty)
        #expect(handler.functions.map(\.name) == ["get_weather", "roll"])
        #expect(handler.functions.map(\.timeout) == [.seconds(5), .milliseconds(1)])
        #expect(handler.functions.map(\.maxConcurrent) == [2, nil])
        #expect(
            handler.functions.map(\.policy) == [
                FunctionPolicy(
                    isIdempotent: true, onDuplicate: .join,
                    once: OnceRule(by: ["city"], within: .seconds(24 * 3600))), FunctionPolicy(),
            ])
        #expect(
            handler.tools.map(\.json.description) == [
                #"{"type":"function","name":"get_weather","description":"Current weather for a city","parameters":{"type":"object","properties":{"city":{"type":"string","maxLength":150.0}},"required":["city"],"additionalProperties":false,"default":null}}"#,
                #"{"type":"function","name":"roll"}"#,
            ])
        let command = try #require(handler.functions[0].executor as? CommandExecutor)
        #expect(command.template == (try CommandTemplate(["./get-weather", "--city={city}"])))
        #expect(command.input == .call)
        #expect(command.errorOutput == .stderr)
        #expect(command.output == .json)
        #expect(command.inherited == ["LANG", "TZ"])
        #expect(command.workingDirectory == "work")
        #expect(command.baseFolder == "/etc/agent")
        #expect(
            command.resources == CommandResources(processorTime: .seconds(5), memory: 256 << 20, openFiles: 64))
        #expect(
            command.limits
                == CommandLimits(timeout: .seconds(5), killAfter: .seconds(1), maximumOutput: 1024))
    }

    @Test func options_worker() throws {
        let diagnostics = Diagnostics()
        let node: Node = [
            "functions": [
                "f": [
                    "worker": ["./weather-worker", "--fast"], "timeout": "5s", "kill_after": "1s",
                    "max_output": "1KiB", "env": ["LANG"], "working_directory": "work",
                ]
            ]
        ]
        let handler = try #require(
            try read(node, context: HandlerContext(folder: "/etc/agent"), diagnostics))
        #expect(diagnostics.isEmpty)
        let worker = try #require(handler.functions[0].executor as? WorkerExecutor)
        #expect(
            worker.command
                == LocalCommand(
                    ["./weather-worker", "--fast"], environment: CommandEnvironment(inherited: ["LANG"]),
                    workingDirectory: "work", baseFolder: "/etc/agent",
                    limits: CommandLimits(timeout: .seconds(5), killAfter: .seconds(1), maximumOutput: 1024)))
    }

    @Test func options_defaults() throws {
        let diagnostics = Diagnostics()
        let node: Node = ["functions": ["f": ["command": ["./f"]]]]
        let handler = try #require(try read(node, diagnostics))
        #expect(diagnostics.isEmpty)
        let command = try #require(handler.functions[0].executor as? CommandExecutor)
        #expect(command.input == .arguments)
        #expect(command.errorOutput == .none)
        #expect(command.inherited == [])
        #expect(command.workingDirectory == ".")
        #expect(command.limits == CommandLimits(timeout: .seconds(10), killAfter: .seconds(2), maximumOutput: 65536))
    }

    @Test(
        arguments: [
            (["announce": true], true, .answer), (["announce": true, "unrouted_calls": "ignore"], true, .ignore),
            (["unrouted_calls": "answer"], false, .answer), ([:], false, .ignore),
        ] as [(Node, Bool, FunctionCallHandler.UnroutedCalls)])
    func whatTheRouterDoesAboutTheFunctions(
        _ options: Node, _ announces: Bool, _ unroutedCalls: FunctionCallHandler.UnroutedCalls
    ) throws {
        var node: Node = ["functions": ["f": ["command": ["./f"]]]]
        node.content = .mapping((node.entries ?? []) + (options.entries ?? []))
        let handler = try #require(try read(node, Diagnostics()))
        let offer = try #require(handler.toolOffer)
        #expect(offer.tools.map(\.name) == ["f"])
        #expect(offer.isAnnounced == announces && offer.answersUnrouted == (unroutedCalls == .answer))
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var options: Node
        var messages: [String]
        var testDescription: String { messages[0] }

        /// An error in the function `f`.
        init(_ function: Node, _ messages: String...) {
            options = ["functions": ["f": function]]
            self.messages = messages
        }

        init(handler options: Node, _ messages: String...) {
            self.options = options
            self.messages = messages
        }
    }

    private static let example =
        " / name what the model can call: `functions: { get_weather: { command: [./bin/get-weather] } }`"

    static let mistakes = [
        Mistake(handler: [:], "the handler `tools` needs the key `functions`" + example),
        Mistake(handler: ["functions": [:]], "`functions` is empty" + example),
        Mistake(handler: ["functions": ["a"]], "`functions` must be a mapping, and this is a list"),
        Mistake(
            handler: ["functions": ["f": "./f"]],
            "the function `f` must be a mapping, and this is the string `./f`"),
        Mistake(
            handler: ["max_concurent": 4, "functions": ["f": ["command": ["f"]]]],
            "unknown key `max_concurent` / did you mean `max_concurrent`?"),
        Mistake(
            handler: ["max_concurrent": 0, "functions": ["f": ["command": ["f"]]]],
            "`max_concurrent` must be a whole number from 1 to 1024, and this is `0`"),
        Mistake(
            handler: ["once": "journal", "max_journal": "1MiB", "functions": ["f": ["command": ["f"]]]],
            "`once` needs a journal in a file, and there is no journal / add `journal: calls.jsonl`",
            "`max_journal` needs a journal in a file, and there is no journal / add `journal: calls.jsonl`"),
        Mistake(
            handler: ["journal": "-", "once": "journal", "functions": ["f": ["command": ["f"]]]],
            "`once` needs a journal in a file, and standard output is not a file / add `journal: calls.jsonl`"),
        Mistake(
            handler: ["once": "always", "functions": ["f": ["command": ["f"]]]],
            "`once` must be `run` or `journal`, and this is `always`"),
        Mistake(
            [:],
            "the function `f` needs `command`, `worker` or `swift` / a local command, `command: [./bin/f]`, one that stays, `worker: [./bin/f]`, or a function registered in code, `swift: f`"
        ),
        Mistake(
            ["command": ["./f"], "swift": "roll_dice"],
            "the function `f` has both `command` and `swift` / keep the one that runs it"),
        Mistake(["swift": "roll_dise"], "there is no Swift function `roll_dise` / did you mean `roll_dice`?"),
        Mistake(["swift": "x"], "there is no Swift function `x` / registered functions: `roll_dice`"),
        Mistake(
            ["swift": "roll_dice", "env": ["LANG"], "stdin": "none"],
            "`stdin` is for commands, and the function `f` is a Swift function / remove `stdin`",
            "`env` is for commands and workers, and the function `f` is a Swift function / remove `env`"),
        Mistake(
            ["worker": ["./f"], "command": ["./f"]],
            "the function `f` has both `command` and `worker` / keep the one that runs it"),
        Mistake(
            ["worker": ["./f"], "output": "json"],
            "`output` is for commands, and the function `f` has a `worker` / remove `output`"),
        Mistake(
            ["swift": "roll_dice", "output": "json"],
            "`output` is for commands, and the function `f` is a Swift function / remove `output`"),
        Mistake(["command": ["./f"], "output": "yaml"], "`output` must be `text` or `json`, and this is `yaml`"),
        Mistake(
            ["worker": ["./f"], "stdin": "none"],
            "`stdin` is for commands, and the function `f` has a `worker` / remove `stdin`"),
        Mistake(
            ["worker": "./f --fast"],
            "`worker` must be a list of words, and this is a string; there is no shell that would split it / write `[./f, --fast]`"
        ),
        Mistake(["worker": []], "`worker` names no program / write a program and its arguments: `[./bin/f]`"),
        Mistake(
            ["worker": ["./f", "{city}", 5]],
            "each word of `worker` must be a string, and this is a number / quote it: `\"5\"`"),
        Mistake(
            ["worker": ["./f", "--city={city}"]],
            "a worker is started before there is a call, and `--city={city}` has a placeholder / it reads the arguments of each call from its standard input"
        ),
        Mistake(
            ["command": "./f --city {city}"],
            "`command` must be a list of words, and this is a string; there is no shell that would split it / write `[./f, --city, \"{city}\"]`"
        ),
        Mistake(
            ["command": ["./f", ["city": .null], 5]],
            "each word of `command` must be a string, and this is a mapping / quote it: `\"{city}\"`",
            "each word of `command` must be a string, and this is a number / quote it: `\"5\"`"),
        Mistake(
            ["command": []],
            "`command` names no program / write a program and its arguments: `[./bin/get-weather, --city, \"{city}\"]`"),
        Mistake(
            ["command": ["./f", ["--units", 5], ["-v"]]],
            "each word of `command` must be a string, and this is a number / quote it: `\"5\"`"),
        Mistake(
            ["command": ["./f", ["-v"]]],
            "an optional group needs a placeholder / write its words without brackets around them, or `[--units, \"{units}\"]`"
        ),
        Mistake(
            ["command": ["./f", "x{a}y", "{b}z"]],
            "a placeholder cannot stand where it does in `x{a}y` / \(CommandTemplateTests.forms("a"))",
            "a placeholder cannot stand where it does in `{b}z` / \(CommandTemplateTests.forms("b"))"),
        Mistake(
            ["command": ["./f", "{citty}"], "parameters": ["properties": ["city": [:], "day": [:]]]],
            "the function `f` has no parameter `citty` / did you mean `city`?"),
        Mistake(
            ["command": ["./f"], "parameters": ["city"]],
            "`parameters` must be a JSON Schema, written as a mapping, and this is a list / for example `{ type: object, properties: { city: { type: string } } }`"
        ),
        Mistake(
            [
                "command": ["./f"],
                "parameters": ["propertes": [:], "properties": ["a": ["type": "text"]], "required": ["a", 1]],
            ],
            "a name must be a string, and this is a number",
            "\"text\" is no type / the types are `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`",
            "JSON Schema has no keyword \"propertes\" / did you mean `properties`?"),
        Mistake(
            ["command": ["./f"], "timeout": "0ms"],
            "`timeout` must be from 1ms to 24h, and this is `0ms`"),
        Mistake(
            ["command": ["./f"], "timeout": 5],
            "`timeout` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and `5` has no unit / add a unit: `5s` or `5ms`"
        ),
        Mistake(
            ["command": ["./f"], "max_output": 0], "`max_output` must be from 1 to 67108864 bytes, and this is `0`"),
        Mistake(
            ["command": ["./f"], "stdin": "argument"],
            "`stdin` must be `arguments`, `call` or `none`, and this is `argument` / did you mean `arguments`?"),
        Mistake(
            ["command": ["./f"], "error_output": "stdout"],
            "`error_output` must be `stderr` or `none`, and this is `stdout`"),
        Mistake(
            ["command": ["./f"], "env": ["LANG=C"]],
            "`LANG=C` is not the name of a variable / names only, without values: `[LANG, TZ]`"),
        Mistake(
            ["command": ["./f"], "once": ["by": ["cart"]]],
            "`once` needs the key `within` / write how long an answer is reused: `within: 24h`"),
        Mistake(
            ["command": ["./f"], "once": ["by": [], "within": "24h"]],
            "`by` is empty / name the arguments that say what a call is about: `by: [cart_id]`"),
        Mistake(
            [
                "command": ["./f"], "parameters": ["properties": ["cart_id": [:]]],
                "once": ["by": ["card_id"], "within": "24h"],
            ], "the function `f` has no parameter `card_id` / did you mean `cart_id`?"),
        Mistake(
            ["command": ["./f"], "redact": [["kind": "card"]]],
            "each element of `redact` must be a string, and this is a mapping / name arguments here: `redact: [card]`; `privacy` at the top of the file takes kinds"
        ),
        Mistake(
            ["command": ["./f"], "redact": "card"],
            "`redact` must be a list of strings, and this is the string `card` / write `[card]`"),
        Mistake(
            ["command": ["./f"], "on_duplicate": "drop"],
            "`on_duplicate` must be `allow`, `reject` or `join`, and this is `drop`"),
        Mistake(
            ["command": ["./f"], "limits": ["cpu": "100ms", "memry": 1]],
            "`cpu` must be from 1s to 24h, and this is `100ms`", "unknown key `memry` / did you mean `memory`?"),
        Mistake(
            ["swift": "roll_dice", "limits": ["files": 64]],
            "`limits` is for commands and workers, and the function `f` is a Swift function / remove `limits`"),
        Mistake(["command": ["./f"], "timout": "5s"], "unknown key `timout` / did you mean `timeout`?"),
    ]

    @Test(arguments: mistakes) func options_mistakes(mistake: Mistake) throws {
        let diagnostics = Diagnostics()
        _ = try read(mistake.options, diagnostics)
        let messages = diagnostics.items.map { $0.message + ($0.help.map { " / \($0)" } ?? "") }
        #expect(messages == mistake.messages)
        #expect(diagnostics.hasErrors)
    }

    @Test func placeholder_ofAComposedSchemaIsAccepted() throws {
        let diagnostics = Diagnostics()
        let schema: Node = ["properties": ["a": [:]], "patternProperties": ["^x": [:]]]
        let node: Node = ["functions": ["f": ["command": ["./f", "{xyz}"], "parameters": schema]]]
        #expect(try read(node, diagnostics) != nil)
        #expect(diagnostics.isEmpty)
    }

    @Test func paths_journalInOutputFolderAndProgramBesideRoutes() async throws {
        let (rules, output) = (try ScratchFolder(), try ScratchFolder())
        let node: Node = ["journal": "calls.jsonl", "functions": ["f": ["command": ["pwd"], "timeout": "240s"]]]
        let context = HandlerContext(folder: rules.path, outputFolder: output.path, clock: ManualClock())
        let handler = try #require(try read(node, context: context, Diagnostics()))
        let watched = WatchedSession()
        try await handler.start()
        try await handler.handle(watched.delivery())
        #expect(await watched.outcomes(1).map(\.output) == [rules.path])
        await handler.stop()
        #expect(output.lines("calls.jsonl").count == 2)
    }
}
