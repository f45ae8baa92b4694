import ConfigSource
import EventRouter
import RouteFile
import Testing

/// `${NAME}` in the options of handlers, and everywhere else.
@Suite struct VariableTests {
    private static let variables = [
        "FOLDER": "/var/log", "WAIT": "5s", "LIMIT": "7", "TOKEN": "s3cret-t0ken", "SHORT": "a", "EMPTY": "",
        "SYNTAX": "x, on_full: drop_newest}\n", "LONG": String(repeating: "long-secret ", count: 10),
    ]

    private func load(
        _ handler: String, match: String = "{type: error}", root: String = ""
    ) -> (configuration: RouteConfiguration?, diagnostics: Diagnostics) {
        let text = """
            version: 1
            handlers:
              out: \(handler)
            routes:
              - {name: all, match: \(match), to: out}
            \(root)
            """
        var registry = HandlerRegistry()
        registry.register("free") { options in
            let output = options.section.string("output")
            options.section.know(["nested", "command"])
            return ProbeHandler(output: output)
        }
        registry.register("declared", options: Self.keys) { options in
            _ = options.read(Self.wait)
            _ = options.read(Self.limit)
            _ = options.read(Self.isOn)
            _ = options.section.choice("choice", among: ["x", "y"])
            return ProbeHandler(output: options.read(Self.output))
        }
        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.read(
            SourceFile(path: "routes.yml", text: text), registry: registry,
            context: HandlerContext(variable: { Self.variables[$0] }), diagnostics)
        return (configuration, diagnostics)
    }

    private static let wait = SectionKey.duration("wait", in: .zero ... .seconds(10), "A time.")
    private static let limit = SectionKey.int("limit", in: 1...10, "A number.")
    private static let isOn = SectionKey.bool("on", "Whether.")
    private static let output = SectionKey.string("output", "A path.")
    private static let keys: [any DeclaredKey] = [
        wait, limit, isOn, output, KeyForm("choice", .choice(["x", "y"]), "One."),
        KeyForm("command", .command, "What is run."),
        KeyForm("either", .either([.command, .bool]), "What is run, or not."),
        KeyForm("schema", .mapping(of: .anything), "Anything."),
    ]

    /// The option `output` as the handler gets it.
    @Test(arguments: [
        (#""${FOLDER}/t.jsonl""#, "/var/log/t.jsonl"),
        (#""${FOLDER}${FOLDER}""#, "/var/log/var/log"),
        (#""${NONE:-.}/t""#, "./t"),
        (#""${EMPTY:-full}""#, "full"),
        (#""${EMPTY}""#, ""),
        (#""${FOLDER:-x}""#, "/var/log"),
        (#""$${FOLDER} $FOLDER""#, "${FOLDER} $FOLDER"),
        // The value of a variable is never parsed as YAML, and a number stays text.
        (#""${SYNTAX}""#, "x, on_full: drop_newest}\n"),
        (#""${LIMIT}""#, "7"),
    ])
    func variable_isReplacedInOption(_ written: String, _ output: String) throws {
        for type in ["free", "declared"] {
            let (configuration, diagnostics) = load("{type: \(type), output: \(written)}")
            #expect(diagnostics.rendered() == "")
            let handler = try #require(configuration?.table.handlers.first)
            #expect((handler.handler as? ProbeHandler)?.output == output)
            #expect(handler.queue == QueuePolicy())
        }
    }

    @Test func variable_isReplacedInNumbersAndCommonKeys() throws {
        let (configuration, diagnostics) = load(
            #"{type: declared, wait: "${WAIT}", limit: "${LIMIT}", on: "${NONE:-true}", queue_capacity: "${LIMIT}", retry: {attempts: "${LIMIT}"}}"#
        )
        #expect(diagnostics.rendered() == "")
        let handler = try #require(configuration?.table.handlers.first)
        #expect(handler.queue.capacity == 7)
        #expect(handler.retry.attempts == 7)
    }

    /// A handler with a mistake, and its diagnostics, which never contain a variable's value.
    @Test(arguments: [
        (
            #"{type: free, output: "${NONE}/x"}"#,
            #"""
            routes.yml:3:29: error: the variable `NONE` is not set
                3 |   out: {type: free, output: "${NONE}/x"}
                  |                             ^
               help: set it, or give a default: `${NONE:-default}`
            """#
        ),
        (
            #"{type: declared, wait: "${NONE}"}"#,
            #"""
            routes.yml:3:31: error: the variable `NONE` is not set
                3 |   out: {type: declared, wait: "${NONE}"}
                  |                               ^
               help: set it, or give a default: `${NONE:-default}`
            """#
        ),
        (
            #"{type: free, output: "${A-b}"}"#,
            #"""
            routes.yml:3:29: error: `A-b` between `${` and `}` is not a variable name
                3 |   out: {type: free, output: "${A-b}"}
                  |                             ^
               help: write `${NAME}` or `${NAME:-default}`; for the characters `${` themselves write `$${`
            """#
        ),
        (
            #"{type: free, output: "${A"}"#,
            #"""
            routes.yml:3:29: error: a `}` is missing after `${`
                3 |   out: {type: free, output: "${A"}
                  |                             ^
               help: write `${NAME}` or `${NAME:-default}`; for the characters `${` themselves write `$${`
            """#
        ),
        (
            #"{type: free, output: "${}"}"#,
            #"""
            routes.yml:3:29: error: there is no name between `${` and `}`
                3 |   out: {type: free, output: "${}"}
                  |                             ^
               help: write `${NAME}` or `${NAME:-default}`; for the characters `${` themselves write `$${`
            """#
        ),
        (
            #"{type: free, output: "${NONE:-${TOKEN}}"}"#,
            #"""
            routes.yml:3:29: error: the default of `NONE` contains another variable, but can only be text
                3 |   out: {type: free, output: "${NONE:-${TOKEN}}"}
                  |                             ^
               help: set `NONE` where this program is started
            """#
        ),
        (
            #"{type: free, "${TOKEN}": x, nested: {"a${TOKEN}": y}}"#,
            #"""
            routes.yml:3:21: error: `${TOKEN}` is not replaced in a key: only in values
                3 |   out: {type: free, "${TOKEN}": x, nested: {"a${TOKEN}": y}}
                  |                     ^

            routes.yml:3:45: error: `${TOKEN}` is not replaced in a key: only in values
                3 |   out: {type: free, "${TOKEN}": x, nested: {"a${TOKEN}": y}}
                  |                                             ^
            """#
        ),
        (
            #"{type: declared, either: ["${TOKEN}"]}"#,
            #"""
            routes.yml:3:34: error: `${TOKEN}` is not replaced in a command, which runs exactly as written
                3 |   out: {type: declared, either: ["${TOKEN}"]}
                  |                                  ^
               help: let the program read the variable itself: `env: [TOKEN]`
            """#
        ),
        (
            #"{type: declared, wait: "${TOKEN}", limit: "${TOKEN}", choice: "x${TOKEN}", on: "${LONG}"}"#,
            #"""
            routes.yml:3:31: error: `wait` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and this is `${TOKEN}`
                3 |   out: {type: declared, wait: "${TOKEN}", limit: "${TOKEN}", choice: "x${TOKEN}", on: "${LONG}"}
                  |                               ^

            routes.yml:3:50: error: `limit` must be a whole number, and this is the string `${TOKEN}`
                3 |   out: {type: declared, wait: "${TOKEN}", limit: "${TOKEN}", choice: "x${TOKEN}", on: "${LONG}"}
                  |                                                  ^

            routes.yml:3:70: error: `choice` must be `x` or `y`, and this is `x${TOKEN}`
                3 |   out: {type: declared, wait: "${TOKEN}", limit: "${TOKEN}", choice: "x${TOKEN}", on: "${LONG}"}
                  |                                                                      ^

            routes.yml:3:87: error: `on` must be true or false, and this is the string `${LONG}`
                3 |   out: {type: declared, wait: "${TOKEN}", limit: "${TOKEN}", choice: "x${TOKEN}", on: "${LONG}"}
                  |                                                                                       ^
            """#
        ),
        (
            // The help would show the value.
            #"{type: declared, wait: "${LIMIT}", limit: "${LIMIT}0", choice: "x${SHORT}"}"#,
            #"""
            routes.yml:3:31: error: `wait` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and `${LIMIT}` has no unit
                3 |   out: {type: declared, wait: "${LIMIT}", limit: "${LIMIT}0", choice: "x${SHORT}"}
                  |                               ^

            routes.yml:3:50: error: `limit` must be a whole number from 1 to 10, and this is `${LIMIT}0`
                3 |   out: {type: declared, wait: "${LIMIT}", limit: "${LIMIT}0", choice: "x${SHORT}"}
                  |                                                  ^

            routes.yml:3:71: error: `choice` must be `x` or `y`, and this is `x${SHORT}`
                3 |   out: {type: declared, wait: "${LIMIT}", limit: "${LIMIT}0", choice: "x${SHORT}"}
                  |                                                                       ^
            """#
        ),
        (
            // A one-letter value is hidden only in quotation marks, so that the words of the message stay.
            #"{type: declared, wait: "${SHORT}"}"#,
            #"""
            routes.yml:3:31: error: `wait` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and this is `${SHORT}`
                3 |   out: {type: declared, wait: "${SHORT}"}
                  |                               ^
            """#
        ),
        (
            #"{type: declared, command: [echo, "${TOKEN}"]}"#,
            #"""
            routes.yml:3:41: error: `${TOKEN}` is not replaced in a command, which runs exactly as written
                3 |   out: {type: declared, command: [echo, "${TOKEN}"]}
                  |                                         ^
               help: let the program read the variable itself: `env: [TOKEN]`
            """#
        ),
        (
            #"{type: free, nested: [{command: "echo ${TOKEN:-x}"}]}"#,
            #"""
            routes.yml:3:40: error: `${TOKEN}` is not replaced in a command, which runs exactly as written
                3 |   out: {type: free, nested: [{command: "echo ${TOKEN:-x}"}]}
                  |                                        ^
               help: let the program read the variable itself: `env: [TOKEN]`
            """#
        ),
        (
            #"{type: "${TOKEN}"}"#,
            #"""
            routes.yml:3:15: error: there is no handler type `${TOKEN}`
                3 |   out: {type: "${TOKEN}"}
                  |               ^
               help: handler types: `declared`, `free`
            """#
        ),
    ])
    func variable_reportsMistakeWithoutItsValue(_ handler: String, _ rendered: String) {
        let (configuration, diagnostics) = load(handler)
        #expect(diagnostics.rendered() == rendered)
        #expect(configuration == nil)
    }

    @Test func variable_inFreeMapping_isReplaced() {
        let (configuration, diagnostics) = load(
            #"{type: declared, schema: {command: {description: "${TOKEN} $${X}"}, pattern: "^[0-9]$"}}"#)
        #expect(diagnostics.rendered() == "")
        #expect(configuration != nil)
    }

    @Test func variable_elsewhere_isAnError() {
        let (configuration, diagnostics) = load(
            "{type: free}", match: #"{type: error, event_id: ["x${TOKEN}", {regexp: 'a${2}'}]}"#,
            root: #"""
                dead_letters: {path: "${FOLDER}/d"}
                lists: {"${TOKEN}": ["$${a}", "${TOKEN}"]}
                tests: [{routes: [], name: "${TOKEN}", event: {type: error, a: "${TOKEN}"}}]
                """#)
        #expect(configuration == nil)
        #expect(
            diagnostics.rendered() == #"""
                routes.yml:5:49: error: `${TOKEN}` is not replaced in a match: only in `session` and in the options of handlers and sources
                    5 |   - {name: all, match: {type: error, event_id: ["x${TOKEN}", {regexp: 'a${2}'}]}, to: out}
                      |                                                 ^
                   help: for the characters themselves write `[{regexp: '\$\{TOKEN\}'}]`

                routes.yml:6:22: error: `${FOLDER}` is not replaced here: only in `session` and in the options of handlers and sources
                    6 | dead_letters: {path: "${FOLDER}/d"}
                      |                      ^

                routes.yml:7:9: error: `${TOKEN}` is not replaced here: only in `session` and in the options of handlers and sources
                    7 | lists: {"${TOKEN}": ["$${a}", "${TOKEN}"]}
                      |         ^

                routes.yml:7:31: error: `${TOKEN}` is not replaced here: only in `session` and in the options of handlers and sources
                    7 | lists: {"${TOKEN}": ["$${a}", "${TOKEN}"]}
                      |                               ^

                routes.yml:8:28: error: `${TOKEN}` is not replaced here: only in `session` and in the options of handlers and sources
                    8 | tests: [{routes: [], name: "${TOKEN}", event: {type: error, a: "${TOKEN}"}}]
                      |                            ^
                """#)
    }
}
