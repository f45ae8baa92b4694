import ArgumentParser
import RealtimeRouter

/// Is this routes.yml right?
struct CheckCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Says everything that is wrong with a routes.yml, and starts nothing.",
        discussion: """
            Example: realtime-router check routes.yml --deny-warnings

            The exit code is 0 when nothing is wrong, 1 when something is, and 2 when the file cannot be read.
            """)

    @OptionGroup var routes: RoutesArgument

    @Option(help: "How the findings are shown: text or json.")
    var format: OutputFormat = .text

    @Flag(help: "Warnings are errors.")
    var denyWarnings = false

    func run(_ handlers: HandlerRegistry) async throws {
        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.load(
            path: routes.path, registry: handlers, startsHandlers: false, diagnostics)
        guard configuration != nil || diagnostics.items.allSatisfy({ $0.file != nil }) else {
            Terminal.write(diagnostics.rendered())
            throw ProgramEnding.unusable()
        }
        switch format {
        case .json: Terminal.print(diagnostics.json())
        case .text:
            if !diagnostics.isEmpty { Terminal.print(diagnostics.rendered()) }
            if let configuration, !diagnostics.hasErrors { Terminal.print(Self.summary(configuration, routes.path)) }
        }
        if diagnostics.hasErrors || (denyWarnings && !diagnostics.isEmpty) { throw ProgramEnding.no }
    }

    /// What the file holds, and what the routes take that do not say it.
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

/// What may stand in a routes.yml, for editors.
struct SchemaCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints a JSON Schema (2020-12) of routes.yml, by which editors complete and check.",
        discussion: """
            Example: realtime-router schema > routes.schema.json

            Then this as the first line of routes.yml switches it on in VS Code with the YAML extension, and in other editors:

              # yaml-language-server: $schema=routes.schema.json

            It describes the handler and source types that this program knows.
            """)

    func run(_ handlers: HandlerRegistry) async throws {
        Terminal.print(RouteFileSchema.json(handlers).indented())
    }
}

/// What can the model call?
struct ToolsCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Prints the functions of a routes.yml as the `tools` of a session.update.",
        discussion: """
            Example: realtime-router tools routes.yml > tools.json

            They are those of all handlers of type function_call, in the order of the file, as one JSON array. With \
            `announce: true` such a handler tells them to the model itself.

            The exit code is 1 when there are none.
            """)

    @OptionGroup var routes: RoutesArgument

    func run(_ handlers: HandlerRegistry) async throws {
        let tools = try Routes.loadForReading(routes.path, handlers).table.tools
        guard !tools.isEmpty else {
            throw ProgramEnding.no(
                "\(routes.path) has no handler of type `function_call`, so there are no functions to declare")
        }
        Terminal.print(JSONValue.array(tools.map(\.json)).indented())
    }
}
