import ArgumentParser
import RealtimeRouter

/// `report`: writes an HTML page about sessions.
struct ReportCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes an HTML page about sessions: timeline, latencies, tokens, cost and transcript.",
        discussion: """
            Example: realtime-router report call.jsonl -o report.html

            The page is one file that loads no other files and runs no scripts. It shows the same figures as the summary of a \
            run. If there is a routes.yml, the page uses its prices and its `privacy` rules.

            The command starts no handlers and runs no functions. The page shows only what was recorded.

            The exit code is 0 if the page was written, 2 if a session or the rules cannot be used, and 3 if the disk is full.
            """)

    @Argument(help: ArgumentHelp("The sessions: files of JSON Lines, or - for standard input.", valueName: "session"))
    var sessions: [String]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The HTML file to write; - for standard output.", valueName: "file"))
    var output = "report.html"

    @Option(help: ArgumentHelp("The file with the rules. By default, routes.yml if it exists.", valueName: "file"))
    var routes: String?

    @Option(help: "The API of the session: realtime or translation.")
    var dialect: DialectArgument = DialectArgument(dialect: .realtime)

    @Option(help: "Additional content of the transcript: out_of_band.")
    var include: [InclusionArgument] = []

    func run(_ handlers: HandlerRegistry) async throws {
        var reportedSessions: [ReportedSession] = []
        var undecodable: [Int] = []
        for session in sessions {
            let reported = try await read(session, handlers)
            undecodable.append(reported.reduce(0) { $0 + $1.report.undecodable })
            // If the file has several sessions, a session without events consists of lines that belong to no session.
            reportedSessions += reported.count > 1 ? reported.filter { $0.report.events > 0 } : reported
        }
        do {
            try ReportPage(reportedSessions).write(to: output)
        } catch {
            throw ProgramExit.of(error, message: "\(error)")
        }
        if output != "-" { Terminal.write("wrote \(output)") }
        for count in undecodable { Terminal.warn(ofUndecodable: count) }
    }

    /// Replays the sessions of a file.
    ///
    /// - Throws: `ProgramExit` with exit code 2 if the file is not a session.
    private func read(_ path: String, _ handlers: HandlerRegistry) async throws -> [ReportedSession] {
        let rules = try routes ?? (FilePattern("routes.yml").files().isEmpty ? nil : "routes.yml")
        var configuration = try rules.map { try Routes.loadForReading($0, handlers) }
        var reportedSessions: [ReportedSession] = []
        do {
            for input in try await SessionInput.all(in: path, maxEventBytes: configuration?.maxEventBytes) {
                // Each session needs its own `metrics` handler, so routes.yml is loaded again.
                if !reportedSessions.isEmpty {
                    configuration = try rules.map { try Routes.loadForReading($0, handlers) }
                }
                reportedSessions.append(try await replay(input, configuration))
            }
        } catch let ending as ProgramExit {
            throw ending
        } catch {
            throw ProgramExit.unusable("\(error)")
        }
        if reportedSessions.allSatisfy({ $0.report.events == 0 }),
            reportedSessions.contains(where: { $0.report.undecodable > 0 })
        {
            throw ProgramExit.notASession(path)
        }
        return reportedSessions
    }

    /// Routes a session to a `metrics` handler, configured as for a run, and to a timeline builder.
    private func replay(_ input: SessionInput, _ configuration: RouteConfiguration?) async throws -> ReportedSession {
        let meter = configuration?.table.handlers.lazy.compactMap { $0.handler as? MetricsHandler }.first
        let timeline = TimelineBuilder(session: input.key, including: Set(include.map(\.inclusion)))
        let table = try RouteTable(
            handlers: [
                HandlerBinding("meter", MeasuringHandler(meter: meter ?? MetricsHandler())),
                HandlerBinding("timeline", timeline),
            ], routes: [Route("all", to: ["meter", "timeline"])],
            redactors: configuration?.table.redaction.redactors ?? [])
        let hold = configuration?.transcriptTimeout ?? RouterOptions().transcriptTimeout
        let deadlines = configuration?.deadlines ?? RouterOptions().deadlines
        let router = Router(
            table, options: RouterOptions(dialect: dialect.dialect, transcriptTimeout: hold, deadlines: deadlines))
        try await router.start()
        let report = try await router.run(input.source)
        await router.stop()
        if let failure = report.failure { throw failure }
        return ReportedSession(timeline: timeline.timeline, report: report)
    }
}

/// Measures through a `metrics` handler that is never started, so that it opens no files or ports.
private struct MeasuringHandler: Summarizing {
    let meter: MetricsHandler

    var interests: [EventType] { meter.interests }
    var summary: HandlerSummary? { meter.summary }
    func handle(_ delivery: EventDelivery) async throws { try await meter.handle(delivery) }
}
