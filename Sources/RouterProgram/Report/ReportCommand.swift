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
        var undecodable: [Int] = []
        for session in sessions {
            let told = try await self.chapters(session, handlers)
            undecodable.append(told.reduce(0) { $0 + $1.report.undecodable })
            // Lines that are no events may belong to none of several sessions.
            chapters += told.count > 1 ? told.filter { $0.report.events > 0 } : told
        }
        do {
            try ReportPage(chapters).write(to: output)
        } catch {
            throw ProgramEnding.of(error, message: "\(error)")
        }
        if output != "-" { Terminal.write("wrote \(output)") }
        for count in undecodable { Terminal.warn(ofUndecodable: count) }
    }

    /// Tells the sessions of a file.
    private func chapters(_ path: String, _ handlers: HandlerRegistry) async throws -> [ReportChapter] {
        let rules = try routes ?? (FilePattern("routes.yml").files().isEmpty ? nil : "routes.yml")
        var configuration = try rules.map { try Routes.loadForReading($0, handlers) }
        var chapters: [ReportChapter] = []
        do {
            for input in try await SessionInput.all(in: path, maxEventBytes: configuration?.maxEventBytes) {
                // Each session has a meter of its own, which a table is made with.
                if !chapters.isEmpty { configuration = try rules.map { try Routes.loadForReading($0, handlers) } }
                chapters.append(try await chapter(input, configuration))
            }
        } catch let ending as ProgramEnding {
            throw ending
        } catch {
            throw ProgramEnding.unusable("\(error)")
        }
        if chapters.allSatisfy({ $0.report.events == 0 }), chapters.contains(where: { $0.report.undecodable > 0 }) {
            throw ProgramEnding.noSession(path)
        }
        return chapters
    }

    /// Tells a session: through the measuring handler that a run would have, and one that listens to the story.
    private func chapter(_ input: SessionInput, _ configuration: RouteConfiguration?) async throws -> ReportChapter {
        let meter = configuration?.table.handlers.lazy.compactMap { $0.handler as? MetricsHandler }.first
        let teller = StoryTeller(session: input.key, including: Set(include.map(\.inclusion)))
        let table = try RouteTable(
            handlers: [
                HandlerBinding("meter", QuietMeter(meter: meter ?? MetricsHandler())),
                HandlerBinding("teller", teller),
            ], routes: [Route("all", to: ["meter", "teller"])],
            redactors: configuration?.table.redaction.redactors ?? [])
        let hold = configuration?.utteranceHold ?? RouterOptions().utteranceHold
        let deadlines = configuration?.deadlines ?? RouterOptions().deadlines
        let router = Router(
            table, options: RouterOptions(dialect: dialect.dialect, utteranceHold: hold, deadlines: deadlines))
        try await router.start()
        let report = try await router.run(input.source)
        await router.stop()
        if let failure = report.failure { throw failure }
        return ReportChapter(story: teller.story, report: report)
    }
}

/// Measures, and opens none of the files and ports that a handler of routes.yml would.
private struct QuietMeter: Summarizing {
    let meter: MetricsHandler

    var interests: [EventType] { meter.interests }
    var summary: HandlerSummary? { meter.summary }
    func handle(_ delivery: EventDelivery) async throws { try await meter.handle(delivery) }
}
