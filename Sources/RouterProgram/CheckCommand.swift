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
