import ConfigSource
import EventJSON
import EventRouter
import Foundation
import FunctionCalls
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Functions declared in a file of OpenAI tool definitions, and the errors in such a file.
@Suite struct DeclarationTests {
    /// What is read from a file `tools.json`, and the diagnostics.
    private func read(
        _ tools: String?, _ functions: Node
    ) throws -> (handler: FunctionCallHandler?, messages: String) {
        let folder = try ScratchFolder()
        if let tools { try Data(tools.utf8).write(to: URL(filePath: "\(folder.path)/tools.json")) }
        var registry = HandlerRegistry()
        registry.registerFunctionCalls()
        let diagnostics = Diagnostics()
        let node: Node = ["declare": "tools.json", "functions": functions]
        let section = try #require(Section(node, what: "the handler `tools`", diagnostics))
        var options = HandlerOptions(
            name: "tools", section: section,
            context: HandlerContext(folder: folder.path, looksForPrograms: false))
        let handler = registry.factory("function_call").flatMap { $0(&options) }
        options.section.finish()
        let text = diagnostics.rendered().replacing(folder.path + "/", with: "")
        return (handler as? FunctionCallHandler, text)
    }

    private static let weather =
        #"{"type":"function","name":"get_weather","description":"Current weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}"#

    @Test(arguments: [
        "[\(weather), {\"type\":\"function\",\"name\":\"hang_up\",\"strict\":true}]",
        "{\"tools\": [\(weather), {\"name\":\"hang_up\"}]}",
        """
        [{"type":"function","function":{"name":"get_weather","description":"Current weather","strict":null,
        "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},
        {"type":"function","function":{"name":"hang_up"}}]
        """,
    ])
    func eachFormIsUnderstood(_ tools: String) throws {
        let (handler, messages) = try read(
            tools, ["hang_up": ["command": ["./hang-up"]], "get_weather": ["command": ["./w", "{city}"]]])
        #expect(messages == "")
        #expect(
            handler?.tools.map(\.json.description) == [
                #"{"type":"function","name":"hang_up"}"#, Self.weather,
            ])
    }

    @Test func declarations_inAFileOfTheirOwn() throws {
        let (handler, messages) = try read(
            "[\(Self.weather)]",
            [
                "get_weather": ["command": ["./w"]],
                "roll": ["command": ["./roll"], "description": "Rolls a die"],
            ])
        #expect(messages == "")
        #expect(handler?.tools.map(\.description) == ["Current weather", "Rolls a die"])
    }

    @Test func declarations_schemaIsEnforced() throws {
        let (_, messages) = try read("[\(Self.weather)]", ["get_weather": ["command": ["./w", "{town}"]]])
        #expect(
            messages == """
                error: the function `get_weather` has no parameter `town`
                   help: parameters: `city`
                """)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var tools: String?
        var functions: Node
        var message: String
        var testDescription: String { message }

        init(_ tools: String?, with functions: Node = ["f": ["command": ["./f"]]], _ message: String) {
            self.tools = tools
            self.functions = functions
            self.message = message
        }
    }

    static let mistakes = [
        Mistake(nil, "error: cannot read tools.json: No such file or directory"),
        Mistake(
            "[{\"name\": \"f\",}]",
            """
            tools.json:1:15: error: the file of tools is not JSON: expected a key at byte 14
                1 | [{"name": "f",}]
                  |               ^
            """),
        Mistake(
            "{\n  \"tools\": 5\n}",
            """
            tools.json:2:12: error: a list of tool definitions is expected, and this is a number
                2 |   "tools": 5
                  |            ^
               help: write `[{"type": "function", "name": "get_weather"}]`
            """),
        Mistake(
            "[{\"name\": \"f\", \"paramters\": {}}]",
            """
            tools.json:1:16: error: unknown key `paramters`
                1 | [{"name": "f", "paramters": {}}]
                  |                ^
               help: did you mean `parameters`?
            """),
        Mistake(
            "[{\"type\": \"mcp\", \"server_label\": \"x\"}, {\"name\": \"f\"}]",
            """
            tools.json:1:11: error: a tool of type `mcp` is no function that could run here
                1 | [{"type": "mcp", "server_label": "x"}, {"name": "f"}]
                  |           ^
               help: remove it from the file
            """),
        Mistake(
            "[{\"name\": \"f\"},\n {\"name\": \"f\"}]",
            """
            tools.json:2:11: error: the function `f` is declared twice
                2 |  {"name": "f"}]
                  |           ^
               help: remove one of them
            tools.json:1:11: note: the first is here
                1 | [{"name": "f"},
                  |           ^
            """),
        Mistake(
            "[{\"name\": \"f\", \"parameters\":\n  {\"type\": \"objekt\"}}]",
            """
            tools.json:2:12: error: "objekt" is no type
                2 |   {"type": "objekt"}}]
                  |            ^
               help: the types are `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`
            """),
        Mistake(
            "[{\"name\": \"f\"},\n {\"name\": \"g\"}]",
            """
            tools.json:2:11: error: the function `g` is declared, and the handler `tools` does not say what runs it
                2 |  {"name": "g"}]
                  |           ^
               help: add it to `functions`: `g: { command: [./bin/g] }`, or remove it here
            """),
        Mistake(
            "[{\"name\": \"f\"}]", with: ["f": ["command": ["./f"]], "ff": ["command": ["./ff"]]],
            """
            error: the function `ff` is not declared in tools.json
               help: declared functions: `f`
            """),
        Mistake(
            "[{\"name\": \"f\"}]", with: ["f": ["command": ["./f"], "description": "What it does"]],
            """
            error: the function `f` is declared in tools.json, and its `description` is set here too
               help: remove one of them
            tools.json:1:11: note: the declaration is here
                1 | [{"name": "f"}]
                  |           ^
            """),
    ]

    @Test(arguments: mistakes) func options_mistakes(_ mistake: Mistake) throws {
        #expect(try read(mistake.tools, mistake.functions).messages == mistake.message)
    }
}
