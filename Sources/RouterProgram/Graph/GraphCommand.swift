import ArgumentParser
import LocalCommands
import RealtimeRouter

/// `graph`: draws a routes.yml.
struct GraphCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draws the sources, event types, routes and handlers of a routes.yml as a graph.",
        discussion: """
            Example: realtime-router graph routes.yml --format svg > routes.svg

            GitHub draws mermaid in Markdown files. dot is the language of Graphviz. svg needs Graphviz's `dot` program.
            """)

    /// The format of the graph.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mermaid
        case dot
        case svg
    }

    @OptionGroup var routes: RoutesArgument

    @Option(help: "The output format: mermaid, dot or svg.")
    var format: Format = .mermaid

    func run(_ handlers: HandlerRegistry) async throws {
        let graph = RouteGraph(try Routes.loadForReading(routes.path, handlers))
        switch format {
        case .mermaid: Terminal.print(MermaidDrawing.text(graph))
        case .dot: Terminal.print(DOTDrawing.text(graph))
        case .svg: Terminal.write(bytes: try await Self.svg(DOTDrawing.text(graph)))
        }
    }

    /// The graph as SVG, laid out by Graphviz.
    ///
    /// - Throws: `ProgramExit` if Graphviz is missing, fails, or takes longer than 60 s.
    private static func svg(_ dot: String) async throws -> [UInt8] {
        let command = LocalCommand(
            ["dot", "-Tsvg"], standardInput: Array(dot.utf8),
            limits: CommandLimits(timeout: .seconds(60), maximumOutput: 64 << 20))
        let result: LocalCommandResult
        do {
            result = try await command.run()
        } catch let error as LocalCommandError where error.code == .programNotFound {
            throw ProgramExit.unusable(
                "for SVG Graphviz's `dot` is needed, and it is not installed; "
                    + "install graphviz, or use --format mermaid or --format dot")
        }
        guard result.isSuccess, !result.isTruncated else {
            let errorOutput = String(decoding: result.standardErrorTail, as: UTF8.self).split(
                whereSeparator: \.isNewline
            )
            .joined(separator: "; ").printable
            throw ProgramExit.unusable(
                result.isTimedOut ? "Graphviz's `dot` took longer than 60 s" : "Graphviz's `dot` failed: \(errorOutput)"
            )
        }
        return result.standardOutput
    }
}
