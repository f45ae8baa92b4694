import ArgumentParser
import LocalCommands
import RealtimeRouter

/// The routes as a picture.
struct GraphCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draws which sources there are, which events fire which routes, and to which handlers they go.",
        discussion: """
            Example: realtime-router graph routes.yml --format svg > routes.svg

            mermaid is what GitHub draws in a Markdown file; dot is for Graphviz; svg needs Graphviz's `dot` to be installed.
            """)

    /// The languages of pictures.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mermaid
        case dot
        case svg
    }

    @OptionGroup var routes: RoutesArgument

    @Option(help: "mermaid, dot or svg.")
    var format: Format = .mermaid

    func run(_ handlers: HandlerRegistry) async throws {
        let graph = RouteGraph(try Routes.loadForReading(routes.path, handlers))
        switch format {
        case .mermaid: Terminal.print(MermaidDrawing.text(graph))
        case .dot: Terminal.print(DOTDrawing.text(graph))
        case .svg: Terminal.write(bytes: try await Self.svg(DOTDrawing.text(graph)))
        }
    }

    /// The picture as Graphviz lays it out.
    private static func svg(_ dot: String) async throws -> [UInt8] {
        let command = LocalCommand(
            ["dot", "-Tsvg"], standardInput: Array(dot.utf8),
            limits: CommandLimits(timeout: .seconds(60), maximumOutput: 64 << 20))
        let result: LocalCommandResult
        do {
            result = try await command.run()
        } catch let error as LocalCommandError where error.code == .programNotFound {
            throw ProgramEnding.unusable(
                "for SVG Graphviz's `dot` is needed, and it is not installed; "
                    + "install graphviz, or use --format mermaid or --format dot")
        }
        guard result.isSuccess, !result.isTruncated else {
            let said = String(decoding: result.standardErrorTail, as: UTF8.self).split(whereSeparator: \.isNewline)
                .joined(separator: "; ").printable
            throw ProgramEnding.unusable(
                result.isTimedOut ? "Graphviz's `dot` took longer than 60 s" : "Graphviz's `dot` failed: \(said)")
        }
        return result.standardOutput
    }
}
