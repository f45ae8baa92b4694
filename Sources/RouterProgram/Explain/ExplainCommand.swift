import ArgumentParser
import RealtimeRouter
import Synchronization

/// `explain`: reports why routes fired or did not fire.
struct ExplainCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Reports why routes fired or did not fire for a session's events.",
        discussion: """
            Example: realtime-router explain call.jsonl --route refunds

            For each route, prints how often it fired and which conditions failed; then the events that fired a route. \
            No handler is started and nothing is delivered. Function calls are not run, so their outcomes are missing. \
            If a file has several sessions, they are explained one after the other.

            The exit code is 0 if the session was explained, and 2 if a file cannot be read or the event or route does not exist.
            """)

    @Argument(help: "The session: a file of JSON Lines, or - for standard input.")
    var session = "-"

    @OptionGroup var routes: RoutesOption

    @Option(help: ArgumentHelp("Explain only this route, for every event of its types.", valueName: "name"))
    var route: String?

    @Option(
        help: ArgumentHelp(
            "Explain only this event, for every route: a line number, or 207.1 for the first event derived from line 207.",
            valueName: "position"))
    var event: PositionArgument?

    @Option(
        help: ArgumentHelp(
            "Explain the events at this time, for every route: seconds as the console prints them, such as 14.0.",
            valueName: "seconds"))
    var at: Double?

    @OptionGroup var labelOptions: LabelOptions

    @OptionGroup var startOption: StartOption

    @Option(
        help: ArgumentHelp(
            "The log of a run of this session (`run --log`), to show lost deliveries.", valueName: "file"))
    var log: String?

    @Option(help: "The output format: text, or json with one object per line.")
    var format: OutputFormat = .text

    @Flag(help: "With --event, print a test for routes.yml that expects the routes that fired.")
    var asTest = false

    @Option(help: "The API of the session: realtime or translation.")
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
        } catch let ending as ProgramExit {
            throw ending
        } catch {
            throw ProgramExit.unusable("\(error)")
        }
    }

    /// The session's part of the log file; nil without `--log`, or if the log does not have the session.
    private func runLog(of input: SessionInput, _ configuration: RouteConfiguration) async throws -> RunLog? {
        guard let log else { return nil }
        return try await RunLog.read(log, session: input.key, configuration.file, requested: event?.position)
    }

    /// Explains the events of all sessions.
    private func explain(
        _ inputs: [SessionInput], _ scope: ExplanationRequest.Scope, _ configuration: RouteConfiguration
    ) async throws {
        var sessions: [(printer: ExplanationPrinter, report: RunReport)] = []
        for input in inputs {
            let printer = ExplanationPrinter(
                format, scope, try await runLog(of: input, configuration), session: inputs.count > 1 ? input.key : nil)
            let request = ExplanationRequest(scope, receive: printer.show)
            sessions.append((printer, try await explain(input.source, configuration, request)))
        }
        let undecodable = sessions.reduce(0) { $0 + $1.report.undecodable }
        if undecodable > 0, sessions.allSatisfy({ $0.report.events == 0 }) { throw ProgramExit.notASession(session) }
        if let at {
            sessions = sessions.filter { $0.printer.count > 0 || inputs.count == 1 }
            if sessions.allSatisfy({ $0.printer.count == 0 }) {
                throw ProgramExit.unusable(absence(at, sessions.map(\.report)))
            }
        } else if inputs.count > 1 {
            // A session without events consists of lines that belong to no session.
            sessions = sessions.filter { $0.report.events > 0 }
        }
        for (index, (printer, report)) in sessions.enumerated() {
            if index > 0, format == .text { Terminal.print("") }
            printer.finish(report)
        }
        Terminal.warn(ofUndecodable: undecodable)
    }

    /// Explains one event of the session that its line belongs to.
    private func explain(
        _ position: EventPosition, _ inputs: [SessionInput], _ configuration: RouteConfiguration
    ) async throws {
        let input = inputs.first { $0.lineNumbers?.contains(position.line) ?? true } ?? inputs[0]
        let (source, log) = (input.source, try await runLog(of: input, configuration))
        let printer = ExplanationPrinter(format, .event(position), log, session: inputs.count > 1 ? input.key : nil)
        let (line, table, asTest) = (DerivedEventsAtLine(position), configuration.table, asTest)
        let found = Mutex<EventExplanation?>(nil)
        let request = ExplanationRequest(.event(position)) { explanation in found.withLock { $0 = explanation } }
        let report = try await explain(source, configuration, request, observer: line)
        if inputs.count == 1 { try report.requireEvents(in: session) }
        guard let explanation = found.withLock(\.self) else {
            let absence = try await line.absence(in: session, maxEventBytes: configuration.maxEventBytes)
            throw ProgramExit.unusable(absence + outcomesHelp(position, report, log))
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

    /// The message if there is no event at the requested time.
    private func absence(_ seconds: Double, _ reports: [RunReport]) -> String {
        guard reports.contains(where: \.hasTimes) else {
            return "the events of this session have no times, because its lines are not envelopes; "
                + "use --event with a line"
        }
        return "no event came at \(seconds) s; `realtime-router inspect --derived` shows when events came"
            + outcomesHelp(reports)
    }

    /// The help text that outcomes of calls are missing because `explain` runs no calls; empty if there are no calls.
    private func outcomesHelp(_ reports: [RunReport]) -> String {
        let count = reports.reduce(0) { $0 + ($1.explanations.map(\.callsNotRun).max() ?? 0) }
        return count > 0 ? "\n   help: " + ExplanationText.callsNotRun(count) : ""
    }

    /// The help text for a missing derived event, which the log of a run may have at this position.
    private func outcomesHelp(_ position: EventPosition, _ report: RunReport, _ log: RunLog?) -> String {
        guard position.derived > 0 else { return "" }
        guard let log, let path = self.log, !log.typesAtRequested.isEmpty else { return outcomesHelp([report]) }
        let types = log.typesAtRequested.map { quoted($0.printable) }.joined(separator: ", ")
        return "\n   help: \(path.printable) has \(types) at \(position), as calls were run there; explaining runs none"
    }

    private func scope(_ table: RouteTable) throws -> ExplanationRequest.Scope {
        if let at { return .time(at) }
        guard let route else { return .fired }
        let names = table.routes.map(\.name)
        guard names.contains(route) else {
            throw ProgramExit.unusable(
                """
                there is no route \(quoted(route.printable)) in \(routes.path)
                   help: \(suggestion(for: route, among: names, called: "routes").printable)
                """)
        }
        return .route(route)
    }
}

/// The position of an event: `207` or `207.1`.
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
