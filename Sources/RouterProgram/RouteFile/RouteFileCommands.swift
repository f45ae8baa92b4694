import ArgumentParser
import RealtimeRouter

/// `check`: reports every mistake in a routes.yml.
struct CheckCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Reports every mistake in a routes.yml. Starts no handler.",
        discussion: """
            Example: realtime-router check routes.yml --deny-warnings

            The exit code is 0 if there are no errors, 1 if there are errors, and 2 if the file cannot be read.
            """)

    @OptionGroup var routes: RoutesArgument

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @Flag(help: "Treat warnings as errors.")
    var denyWarnings = false

    func run(_ handlers: HandlerRegistry) async throws {
        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.load(
            path: routes.path, registry: handlers, startsHandlers: false, diagnostics)
        guard configuration != nil || diagnostics.items.allSatisfy({ $0.file != nil }) else {
            Terminal.write(diagnostics.rendered())
            throw ProgramExit.unusable()
        }
        switch format {
        case .json: Terminal.print(diagnostics.json())
        case .text:
            if !diagnostics.isEmpty { Terminal.print(diagnostics.rendered()) }
            if let configuration, !diagnostics.hasErrors { Terminal.print(Self.summary(configuration, routes.path)) }
        }
        if diagnostics.hasErrors || (denyWarnings && !diagnostics.isEmpty) { throw ProgramExit.negative }
    }

    /// The numbers of routes, handlers and sources, and the event types of the routes whose `match` does not name them.
    private static func summary(_ configuration: RouteConfiguration, _ file: String) -> String {
        let table = configuration.table
        let sources = configuration.sources.isEmpty ? "" : ", \(count(configuration.sources.count, "source"))"
        var lines = [
            "\(file.printable): \(count(table.routes.count, "route")), \(count(table.handlers.count, "handler"))\(sources)"
        ]
        for route in table.routes {
            let types = table.interests(of: route)
            let whose = route.side == .client ? " of the client" : ""
            if !types.isEmpty {
                lines.append("  \(route.name.printable): takes \(types.joined(separator: ", ").printable)\(whose)")
            } else if route.side == .client {
                if !(route.pattern?.constrainsType ?? false) {
                    lines.append(
                        "  \(route.name.printable): \(route.handlers.isEmpty ? "drops" : "takes") every event\(whose)")
                }
            } else if route.handlers.isEmpty, route.pattern?.constrainsType == false {
                lines.append("  \(route.name.printable): drops events of every type, the router's own (`router.*`) too")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func count(_ number: Int, _ one: String) -> String { "\(number) \(one)\(number == 1 ? "" : "s")" }
}

/// `schema`: prints the JSON Schema of routes.yml.
struct SchemaCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints a JSON Schema (2020-12) of routes.yml, so that editors can complete and check the file.",
        discussion: """
            Example: realtime-router schema > routes.schema.json

            To use it in VS Code with the YAML extension, and in other editors, make this the first line of routes.yml:

              # yaml-language-server: $schema=routes.schema.json

            The schema describes the handler and source types of this program.
            """)

    func run(_ handlers: HandlerRegistry) async throws {
        Terminal.print(RouteFileSchema.json(handlers).indented())
    }
}

/// `tools`: prints the functions that the model can call.
struct ToolsCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Prints the functions of a routes.yml as the `tools` of a session.update.",
        discussion: """
            Example: realtime-router tools routes.yml > tools.json

            The output is one JSON array: the functions of all handlers of type function_call, in file order. A handler with \
            `announce: true` declares its functions to the model itself.

            The exit code is 1 if there are no functions.
            """)

    @OptionGroup var routes: RoutesArgument

    func run(_ handlers: HandlerRegistry) async throws {
        let tools = try Routes.loadForReading(routes.path, handlers).table.tools
        guard !tools.isEmpty else {
            throw ProgramExit.negative(
                "\(routes.path) has no handler of type `function_call`, so there are no functions to declare")
        }
        Terminal.print(JSONValue.array(tools.map(\.json)).indented())
    }
}
