import ArgumentParser
import RealtimeRouter
import Synchronization

/// Why did this event go there, and why did that route not fire?
struct ExplainCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says why events went where they went.",
        discussion: """
            Example: realtime-router explain call.jsonl --route refunds

            Shows for each route how often it fired and what kept it from doing so, then the events that fired one. \
            Nothing is started and nothing delivered; calls are not run, so what they would come to is not there. \
            The sessions of a file with several are explained one after the other.

            The exit code is 0 when it was explained, 2 when a file cannot be used or there is no such event or route.
            """)

    @Argument(help: "The session: a file of JSON Lines, or - for standard input.")
    var session = "-"

    @OptionGroup var routes: RoutesOption

    @Option(help: ArgumentHelp("This route, with every event of its types.", valueName: "name"))
    var route: String?

    @Option(
        help: ArgumentHelp(
            "This event at every route: a line, or 207.1 for one derived from it.", valueName: "position"))
    var event: PositionArgument?

    @Option(
        help: ArgumentHelp(
            "The events at this time at every route: the seconds that the console prints, 14.0.", valueName: "seconds"))
    var at: Double?

    @OptionGroup var labelOptions: LabelOptions

    @OptionGroup var startOption: StartOption

    @Option(help: ArgumentHelp("The log of a run of this session: what became of the deliveries.", valueName: "file"))
    var log: String?

    @Option(help: "How it is shown: text, or json with an object a line.")
    var format: OutputFormat = .text

    @Flag(help: "With --event: an entry for the tests of routes.yml that expects what happened.")
    var asTest = false

    @Option(help: "What shared type names mean: realtime or translation.")
    var dialect: DialectArgument = DialectArgument(dialect: .realtime)

    func validate() throws {
        if route != nil && event != nil { throw ValidationError("give --route or --event, not both") }
        if at != nil && (route != nil || event != nil) {
            throw ValidationError("give --at, --route or --event, not several of them")
        }
        if asTest && event == nil { throw ValidationError("--as-test needs the event: --event 207.1") }
    }

    func run(_ handlers: HandlerRegistry) async throws {
        let configuration = try Routes.loadForReading(routes.path, handlers)
        let scope = try scope(configuration.table)
        do {
            let inputs = try await SessionInput.all(in: session, maxEventBytes: configuration.maxEventBytes)
            if let event {
                try await explain(event.position, inputs, configuration)
            } else {
                try await explain(inputs, scope, configuration)
            }
        } catch let ending as ProgramEnding {
            throw ending
        } catch {
            throw ProgramEnding.unusable("\(error)")
        }
    }

    /// What the log of a run says of a session, if there is one.
    private func story(of input: SessionInput, _ configuration: RouteConfiguration) async throws -> RunLog? {
        guard let log else { return nil }
        return try await RunLog.read(log, session: input.key, configuration.file, asked: event?.position)
    }

    /// Explains all events of the sessions that are asked about.
    private func explain(
        _ inputs: [SessionInput], _ scope: ExplanationRequest.Scope, _ configuration: RouteConfiguration
    ) async throws {
        var sessions: [(printer: ExplanationPrinter, report: RunReport)] = []
        for input in inputs {
            let printer = ExplanationPrinter(
                format, scope, try await story(of: input, configuration), session: inputs.count > 1 ? input.key : nil)
            let request = ExplanationRequest(scope, receive: printer.show)
            sessions.append((printer, try await explain(input.source, configuration, request)))
        }
        let undecodable = sessions.reduce(0) { $0 + $1.report.undecodable }
        if undecodable > 0, sessions.allSatisfy({ $0.report.events == 0 }) { throw ProgramEnding.noSession(session) }
        if let at {
            sessions = sessions.filter { $0.printer.count > 0 || inputs.count == 1 }
            if sessions.allSatisfy({ $0.printer.count == 0 }) {
                throw ProgramEnding.unusable(absence(at, sessions.map(\.report)))
            }
        } else if inputs.count > 1 {
            // Lines that are no events may belong to none of the sessions.
            sessions = sessions.filter { $0.report.events > 0 }
        }
        for (index, (printer, report)) in sessions.enumerated() {
            if index > 0, format == .text { Terminal.print("") }
            printer.finish(report)
        }
        Terminal.warn(ofUndecodable: undecodable)
    }

    /// Explains one event, of the session that its line is of.
    private func explain(
        _ position: EventPosition, _ inputs: [SessionInput], _ configuration: RouteConfiguration
    ) async throws {
        let input = inputs.first { $0.lineNumbers?.contains(position.line) ?? true } ?? inputs[0]
        let (source, story) = (input.source, try await story(of: input, configuration))
        let printer = ExplanationPrinter(format, .event(position), story, session: inputs.count > 1 ? input.key : nil)
        let (line, table, asTest) = (EventAtLine(position), configuration.table, asTest)
        let found = Mutex<EventExplanation?>(nil)
        let request = ExplanationRequest(.event(position)) { explanation in found.withLock { $0 = explanation } }
        let report = try await explain(source, configuration, request, observer: line)
        if inputs.count == 1 { try report.requireEvents(in: session) }
        guard let explanation = found.withLock(\.self) else {
            let absence = try await line.absence(in: session, maxEventBytes: configuration.maxEventBytes)
            throw ProgramEnding.unusable(absence + outcomesHelp(position, report, story))
        }
        guard !asTest else { return Terminal.print(try RouteTestEntry(explanation, table).text()) }
        printer.show(explanation)
        printer.finish(report)
    }

    private func explain(
        _ source: any SessionSource, _ configuration: RouteConfiguration, _ request: ExplanationRequest,
        observer: (any DispatchObserver)? = nil
    ) async throws -> RunReport {
        let options = RouterOptions(isDryRun: true, dialect: dialect.dialect)
        let router = Router(configuration, options: options, observer: observer, explaining: request)
        try await router.start()
        let report = try await router.run(source, labels: labelOptions.labels, started: startOption.started)
        await router.stop()
        if let failure = report.failure { throw failure }
        Terminal.warn(ofUndatedRoutes: report.undatedRoutes)
        return report
    }

    /// Why no event is there at the time that was asked for.
    private func absence(_ seconds: Double, _ reports: [RunReport]) -> String {
        guard reports.contains(where: \.hasTimes) else {
            return "the events of this session have no times, as they are in no envelopes; give --event and a line"
        }
        return "no event came at \(seconds) s; `realtime-router inspect --derived` shows when events came"
            + outcomesHelp(reports)
    }

    /// That an event of a run may be missing here, as calls are not run.
    private func outcomesHelp(_ reports: [RunReport]) -> String {
        let count = reports.reduce(0) { $0 + ($1.explanations.map(\.callsNotRun).max() ?? 0) }
        return count > 0 ? "\n   help: " + ExplanationText.callsNotRun(count) : ""
    }

    /// The same for one position, at which the log of a run may have an event.
    private func outcomesHelp(_ position: EventPosition, _ report: RunReport, _ log: RunLog?) -> String {
        guard position.derived > 0 else { return "" }
        guard let log, let path = self.log, !log.typesAtAsked.isEmpty else { return outcomesHelp([report]) }
        let types = log.typesAtAsked.map { quoted($0.printable) }.joined(separator: ", ")
        return "\n   help: \(path.printable) has \(types) at \(position), as calls were run there; explaining runs none"
    }

    private func scope(_ table: RouteTable) throws -> ExplanationRequest.Scope {
        if let at { return .time(at) }
        guard let route else { return .fired }
        let names = table.routes.map(\.name)
        guard names.contains(route) else {
            throw ProgramEnding.unusable(
                """
                there is no route \(quoted(route.printable)) in \(routes.path)
                   help: \(suggestion(for: route, among: names, called: "routes").printable)
                """)
        }
        return .route(route)
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
