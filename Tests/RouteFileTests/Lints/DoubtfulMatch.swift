import ConfigSource
import EventRouter
import RealtimeEvents
import RouteFile
import Testing

/// A valid but probably unintended `match`, with its one expected warning.
struct DoubtfulMatch: Sendable, CustomTestStringConvertible {
    /// The pattern, with `‸` before the expected position of the caret.
    let marked: String
    let message: String
    let help: String?
    var handler = "out"
    var testDescription: String { marked }

    init(_ marked: String, _ message: String, help: String? = nil, to handler: String = "out") {
        self.marked = marked
        self.message = message
        self.help = help
        self.handler = handler
    }

    /// Loads a file with the route, and compares all diagnostics.
    func check(severity: String = "warning") {
        let line = "  - {name: a, match: \(marked), to: \(handler)}"
        #expect(Self.reported(line.replacing("‸", with: "")) == Self.rendered(line, severity, message, help))
    }

    /// The diagnostics for a file that ends with a line.
    static func reported(_ line: String) -> String {
        var registry = HandlerRegistry.probes
        registry.register("calls") { options in
            let tools = (options.section.stringList("functions") ?? []).map { name in
                var tool = Tool()
                tool.name = name
                return tool
            }
            return CallHandler(tools: tools)
        }
        let text = """
            version: 1
            handlers:
              out: {type: console}
              tools: {type: calls, functions: [get_weather, roll_dice]}
            routes:
              - {name: all, match: {type: [error, router.function_call.ready]}, to: [out, tools]}
            \(line)
            """
        let diagnostics = Diagnostics()
        _ = RouteConfiguration.read(SourceFile(path: "routes.yml", text: text), registry: registry, diagnostics)
        return diagnostics.rendered()
    }

    /// A diagnostic of line 7, at the mark.
    static func rendered(_ marked: String, _ severity: String, _ message: String, _ help: String?) -> String {
        let before = marked.prefix { $0 != "‸" }
        let rendered = """
            routes.yml:7:\(before.count + 1): \(severity): \(message)
                7 | \(marked.replacing("‸", with: ""))
                  | \(String(repeating: " ", count: before.count))^
            """
        return help.map { rendered + "\n   help: \($0)" } ?? rendered
    }

    private struct CallHandler: FunctionCallHandling {
        let tools: [Tool]
        var interests: [EventType] { [.routerFunctionCallReady] }
        var toolOffer: ToolOffer? { ToolOffer(tools) }

        func handle(_ delivery: EventDelivery) async throws {}
    }
}
