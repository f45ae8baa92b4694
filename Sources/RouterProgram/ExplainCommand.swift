import ArgumentParser
import RealtimeRouter

/// Why did this event go there, and why did that route not fire?
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says why events went where they went.",
        discussion: """
            Example: realtime-router explain call.jsonl --route refunds

            Shows the events that fired a route, then for each route how often it fired and what kept it from doing so. \
            Nothing is started and nothing delivered; calls are not run.
            """)

    /// How explanations are shown.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Argument(help: "The session: a file of JSON Lines, or - for standard input.")
    var session = "-"

    @OptionGroup var routes: RoutesOption

    @Option(help: ArgumentHelp("Every event at this route.", valueName: "name"))
    var route: String?

    @Option(
        help: ArgumentHelp(
            "This event at every route: a line, or 207.1 for one derived from it.", valueName: "position"))
    var event: PositionArgument?

    @Option(help: ArgumentHelp("The log of a run of this session: what became of the deliveries.", valueName: "file"))
    var log: String?

    @Option(help: "How it is shown: text, or json with an object a line.")
    var format: Format = .text

    @Flag(help: "With --event: an entry for the tests of routes.yml that expects what happened.")
    var asTest = false

    @Option(help: "What shared type names mean: realtime or translation.")
    var dialect: DialectArgument = DialectArgument(dialect: .realtime)

    func validate() throws {
        if route != nil && event != nil { throw ValidationError("give --route or --event, not both") }
        if asTest && event == nil { throw ValidationError("--as-test needs the event: --event 207.1") }
    }

    func run() async throws {
        let configuration = try Routes.load(routes.path, standardOutputIsTaken: true)
        let scope = try scope(configuration.table)
        do {
            let source = try RecordedSession(path: session, maxEventBytes: configuration.maxEventBytes)
            var story: RunLog?
            if let log { story = try await RunLog.read(log, session: source.key, configuration.file) }
            let printer = ExplanationPrinter(format, configuration.table, story, asTest: asTest)
            let report = try await explain(source, scope, configuration, printer)
            if let failure = report.failure { throw failure }
            if let event, printer.count == 0 { throw ProgramEnding.unusable(missing(event.position)) }
            if event == nil { printer.summarize(report, scope) }
        } catch let ending as ProgramEnding {
            throw ending
        } catch {
            throw ProgramEnding.unusable("\(error)")
        }
    }

    private func explain(
        _ source: RecordedSession, _ scope: ExplanationRequest.Scope, _ configuration: RouteConfiguration,
        _ printer: ExplanationPrinter
    ) async throws -> RunReport {
        let options = RouterOptions(
            isDryRun: true, dialect: dialect.dialect, utteranceHold: configuration.utteranceHold)
        let request = ExplanationRequest(scope) { printer.show($0) }
        let router = Router(configuration.table, options: options, explaining: request)
        try await router.start()
        let report = try await router.run(source)
        await router.stop()
        return report
    }

    private func scope(_ table: RouteTable) throws -> ExplanationRequest.Scope {
        if let event { return .event(event.position) }
        guard let route else { return .fired }
        let names = table.routes.map(\.name)
        guard names.contains(route) else {
            let help =
                closest(to: route, among: names).map { "did you mean \(quoted($0))?" }
                ?? "the routes are " + names.map { quoted($0) }.joined(separator: ", ")
            throw ProgramEnding.unusable("there is no route \(quoted(route)) in \(routes.path): \(help)")
        }
        return .route(route)
    }

    private func missing(_ position: EventPosition) -> String {
        let what = "there is no event \(position) in \(session)"
        return position.derived == 0
            ? what + ": only what the server sent is an event"
            : what + ": events that no route can match are not derived; `inspect --derived` shows all"
    }
}

/// `207` or `207.1`.
struct PositionArgument: ExpressibleByArgument {
    let position: EventPosition

    init?(argument: String) {
        let parts = argument.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
        guard let line = parts[0], line > 0 else { return nil }
        guard parts.count == 2 else {
            position = EventPosition(line: line)
            return
        }
        guard let derived = parts[1], derived > 0 else { return nil }
        position = EventPosition(line: line, derived: derived)
    }
}
