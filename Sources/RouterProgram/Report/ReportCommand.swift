import ArgumentParser
import RealtimeRouter

/// What happened in this session, as a page?
struct ReportCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Makes a page of sessions: timeline, latencies, tokens, cost and transcript.",
        discussion: """
            Example: realtime-router report call.jsonl -o report.html

            The page is one file that loads nothing from anywhere. Its figures are those of a \
            run's summary. Prices and what must not be written (`privacy`) come from routes.yml, where there is one.

            Nothing is started: what functions would do is not in it, only what the recording says.

            The exit code is 0 when the page was written, 2 when a session or the rules cannot be used, 3 when its disk \
            did not take the page.
            """)

    @Argument(help: ArgumentHelp("The sessions: files of JSON Lines, or - for standard input.", valueName: "session"))
    var sessions: [String]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The page to write; - for standard output.", valueName: "file"))
    var output = "report.html"

    @Option(help: ArgumentHelp("The file with the rules; by default routes.yml, if there is one.", valueName: "file"))
    var routes: String?

    @Option(help: "What shared type names mean: realtime or translation.")
    var dialect: DialectArgument = DialectArgument(dialect: .realtime)

    @Option(help: "What the transcript has beside the conversation: out_of_band.")
    var include: [InclusionArgument] = []

    func run(_ handlers: HandlerRegistry) async throws {
        var chapters: [ReportChapter] = []
        for session in sessions { chapters.append(try await chapter(session, handlers)) }
        do {
            try ReportPage(chapters).write(to: output)
        } catch {
            throw ProgramEnding.of(error, message: "\(error)")
        }
        if output != "-" { Terminal.write("wrote \(output)") }
        for chapter in chapters { Terminal.warn(ofUndecodable: chapter.report.undecodable) }
    }

    /// Tells a session: through the measuring handler that a run would have, and one that listens to the story.
    private func chapter(_ session: String, _ handlers: HandlerRegistry) async throws -> ReportChapter {
        let path = try routes ?? (FilePattern("routes.yml").files().isEmpty ? nil : "routes.yml")
        let configuration = try path.map { try Routes.loadForReading($0, handlers) }
        let meter = configuration?.table.handlers.lazy.compactMap { $0.handler as? MetricsHandler }.first
        do {
            let source =
                try configuration.map { try RecordedSession(path: session, maxEventBytes: $0.maxEventBytes) }
                ?? RecordedSession(path: session)
            let teller = StoryTeller(session: source.key, including: Set(include.map(\.inclusion)))
            let table = try RouteTable(
                handlers: [
                    HandlerBinding("meter", QuietMeter(meter: meter ?? MetricsHandler())),
                    HandlerBinding("teller", teller),
                ], routes: [Route("all", to: ["meter", "teller"])],
                redactors: configuration?.table.redaction.redactors ?? [])
            let hold = configuration?.utteranceHold ?? RouterOptions().utteranceHold
            let deadlines = configuration?.deadlines ?? RouterOptions().deadlines
            let router = Router(
                table,
                options: RouterOptions(dialect: dialect.dialect, utteranceHold: hold, deadlines: deadlines))
            try await router.start()
            let report = try await router.run(source)
            await router.stop()
            if let failure = report.failure { throw failure }
            try report.requireEvents(in: session)
            return ReportChapter(story: teller.story, report: report)
        } catch let ending as ProgramEnding {
            throw ending
        } catch {
            throw ProgramEnding.unusable("\(error)")
        }
    }
}

/// Measures, and opens none of the files and ports that a handler of routes.yml would.
private struct QuietMeter: Summarizing {
    let meter: MetricsHandler

    var interests: [EventType] { meter.interests }
    var summary: HandlerSummary? { meter.summary }
    func handle(_ delivery: EventDelivery) async throws { try await meter.handle(delivery) }
}
