import Logging
package import RealtimeRouter

/// One run of the program: routes.yml is loaded, its handlers are started, sources run, and the summary says what came of it.
struct ProgramRun {
    private let options: RunOptions
    private let outbound: String?
    private let started: Double?
    private let routing: RouterOptions

    /// - Parameters:
    ///   - outbound: the file of client events; nil if they have another way, or none.
    ///   - started: when a recording began, in seconds since 1970.
    ///   - routing: how sessions are run.
    init(_ options: RunOptions, outbound: String?, started: Double?, routing: RouterOptions) {
        self.options = options
        self.outbound = outbound
        self.started = started
        self.routing = routing
    }

    private var standardOutputTakers: [String] { options.standardOutputTakers(outbound: outbound) }

    /// Runs what the call and the file ask for, and prints the summary.
    ///
    /// - Parameter makeInput: says what to run; it may throw `ProgramEnding`.
    /// - Throws: `ProgramEnding` for every end with another exit code than 0.
    func run(_ handlers: HandlerRegistry, _ makeInput: (RouteConfiguration) throws -> RunInput) async throws {
        let configuration = try Routes.load(
            options.routes.path, handlers, standardOutputIsTaken: !standardOutputTakers.isEmpty)
        let input: RunInput
        let router: Router
        var outboundFile: OutboundFile?
        var logFile: DispatchLogFile?
        do {
            input = try makeInput(configuration)
            if !options.dryRun {
                outboundFile = try outbound.map { try OutboundFile(path: $0) }
                try options.recordOptions.forgetOld(keep: configuration.table.keep)
                logFile = try options.log.map { try DispatchLogFile(path: $0, routes: configuration.file) }
            }
            let mayDraw = configuration.leavesTerminalAlone
            let logger = Logger(label: "realtime-router") { _ in LostEventLog { Self.clearBar(mayDraw) } }
            router = Router(
                configuration, options: routing, logger: logger, log: logFile,
                reportUnwritten: { Self.report($0, mayDraw) })
            try await router.start()
        } catch let ending as ProgramEnding {
            throw ending
        } catch {
            throw ProgramEnding.unusable("\(error)")
        }
        if !input.isLive, !options.dryRun { Self.warn(ofLiveOptions: configuration.table.liveOptions) }
        let patience = configuration.shutdownTimeout ?? input.shutdownTimeout ?? .seconds(10)
        let signals = Signals { urgency in Task { await router.shutDown(within: urgency.deadline(patience)) } }
        let recordings = options.dryRun ? nil : options.recordOptions.recordings
        let progress = ProgressBar(input, isDrawn: configuration.leavesTerminalAlone)
        var report: RunReport
        do {
            report = try await input.run(
                on: router, labels: options.labelOptions.labels, started: started,
                outbound: outboundFile ?? DiscardedOutbound(),
                record: { try recordings?.begin(session: $0) })
        } catch {
            await router.stop()
            recordings?.close()
            throw ProgramEnding.unusable("\(error)")
        }
        progress.end()
        await router.stop()
        recordings?.close()
        outboundFile?.close()
        logFile?.close()
        // Files that were closed only now may turn out to lack records.
        report.unwritten = router.unwritten.files
        try finish(report, input, configuration, signals)
    }

    private static func warn(ofLiveOptions names: [String]) {
        guard !names.isEmpty else { return }
        let list = names.map { "`\($0)`" }.joined(separator: " and ")
        Terminal.warning("\(list) \(names.count == 1 ? "has" : "have") no effect: the session is not live (see --live)")
    }

    /// Says at once that a file lacks records. Whoever closed the pipe that is standard output wants to hear no more.
    private static func report(_ file: UnwrittenFile, _ isBarDrawn: Bool) {
        guard !ClosedPipe.isMet else { return }
        clearBar(isBarDrawn)
        Terminal.error("cannot write \(file.name.printable): \(file.error)")
    }

    private static func clearBar(_ isBarDrawn: Bool) {
        if isBarDrawn, Terminal.mayDraw { Terminal.draw("\r\u{1B}[K") }
    }

    private func finish(
        _ report: RunReport, _ input: RunInput, _ configuration: RouteConfiguration, _ signals: Signals
    ) throws {
        try ClosedPipe.throwIfMet()
        let text = RunSummaryText(report, isDryRun: options.dryRun)
        switch options.summary {
        case .json: Terminal.print(report.json.description)
        case .text where standardOutputTakers.isEmpty:
            // Handlers wrote their lines above it.
            if !configuration.leavesTerminalAlone && !options.dryRun { Terminal.print("") }
            Terminal.print(text.description)
        case .text: Terminal.write(text.description)
        }
        try ClosedPipe.throwIfMet()
        if routing.pace != .unlimited && !report.hasTimes {
            Terminal.warning("--speed changed nothing: the session's lines have no times, as they are no envelopes")
        }
        if let warning = Self.unheardWarning(report, configuration.table) { Terminal.warning(warning) }
        Terminal.warn(ofUndatedRoutes: report.undatedRoutes)
        for warning in text.warnings(deadLetters: configuration.deadLettersPath) { Terminal.warning(warning) }
        for message in Self.messages(of: report.failures) { Terminal.error(message) }
        if let code = signals.exitCode { throw ProgramEnding(code: code, message: nil) }
        if report.failure != nil { throw ProgramEnding.unusable() }
        switch input {
        case .session(let session): try report.requireEvents(in: session.name)
        case .sources: try report.requireEventsInParts()
        }
        if !report.unwritten.isEmpty || report.deadLetters > 0 { throw ProgramEnding.incomplete }
    }

    /// What went wrong, each once; of very much the first ten.
    private static func messages(of failures: [any Error]) -> [String] {
        var messages: [String] = []
        for message in failures.map({ "\($0)" }) where !messages.contains(message) { messages.append(message) }
        guard messages.count > 11 else { return messages }
        return messages.prefix(10) + ["\(messages.count - 10) more sources or files failed"]
    }

    /// Routes on the user's words in a session that has none: they did not fire, and nothing else says why.
    private static func unheardWarning(_ report: RunReport, _ table: RouteTable) -> String? {
        guard report.unheardSessions > 0 else { return nil }
        let routes = table.rules.routesOnUserWords.map { "`\($0)`" }
        if routes.isEmpty { return nil }
        let sessions = report.sessions == 1 ? "the session" : "\(report.unheardSessions) of \(report.sessions) sessions"
        return """
            the user spoke and \(sessions) transcribed nothing of it, so there were no words for \
            \(routes.joined(separator: ", ")); set `audio.input.transcription` in the session's configuration
            """
    }
}

extension RunOptions {
    /// Runs a live source, until it ends or a signal comes.
    ///
    /// - Throws: what ends the program with another exit code than 0.
    package func run(_ handlers: HandlerRegistry, source: (HandlerSurroundings) throws -> any SessionSource)
        async throws
    {
        try checkStandardOutput(outbound: nil)
        let run = ProgramRun(
            self, outbound: nil, started: nil, routing: RouterOptions(isDryRun: dryRun))
        try await run.run(handlers) { _ in .sources(SourceGroup([try source(HandlerSurroundings())])) }
    }
}
