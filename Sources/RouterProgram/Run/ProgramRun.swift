import Logging
package import RealtimeRouter

/// One run of the program: loads routes.yml, starts its handlers, runs sources, and prints the summary.
struct ProgramRun {
    private let options: RunOptions
    private let outbound: String?
    private let started: Double?
    private let routing: RouterOptions

    /// - Parameters:
    ///   - outbound: the file for client events; nil if a source sends them itself, or if they are discarded.
    ///   - started: the start of a recording, in seconds since 1970; nil if unknown.
    ///   - routing: the router's options.
    init(_ options: RunOptions, outbound: String?, started: Double?, routing: RouterOptions) {
        self.options = options
        self.outbound = outbound
        self.started = started
        self.routing = routing
    }

    private var standardOutputUsers: [String] { options.standardOutputUsers(outbound: outbound) }

    /// Runs the input and prints the summary.
    ///
    /// - Parameter makeInput: returns the input; may throw `ProgramExit`.
    /// - Throws: `ProgramExit` for every exit code but 0.
    func run(_ handlers: HandlerRegistry, _ makeInput: (RouteConfiguration) throws -> RunInput) async throws {
        let configuration = try Routes.load(
            options.routes.path, handlers, standardOutputIsTaken: !standardOutputUsers.isEmpty)
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
            let canDraw = configuration.keepsTerminalFree
            let logger = Logger(label: "realtime-router") { _ in LostEventLog { Self.clearBar(canDraw) } }
            router = Router(
                configuration, options: routing, logger: logger, log: logFile,
                reportUnwritten: { Self.report($0, canDraw) })
            try await router.start()
        } catch let ending as ProgramExit {
            throw ending
        } catch {
            throw ProgramExit.unusable("\(error)")
        }
        if !input.isLive, !options.dryRun { Self.warn(ofLiveOptions: configuration.table.liveOptions) }
        let shutdownTimeout = configuration.shutdownTimeout ?? input.shutdownTimeout ?? .seconds(10)
        let signals = TerminationSignals { urgency in
            Task { await router.shutDown(within: urgency.deadline(shutdownTimeout)) }
        }
        let recordings = options.dryRun ? nil : options.recordOptions.recordings
        let progress = ProgressBar(input, isDrawn: configuration.keepsTerminalFree)
        var report: RunReport
        do {
            report = try await input.run(
                on: router, labels: options.labelOptions.labels, started: started,
                outbound: outboundFile ?? DiscardedOutbound(),
                record: { try recordings?.begin(session: $0) })
        } catch {
            await router.stop()
            recordings?.close()
            throw ProgramExit.unusable("\(error)")
        }
        progress.end()
        await router.stop()
        recordings?.close()
        outboundFile?.close()
        logFile?.close()
        // Closing a file can fail to write its last records.
        report.unwritten = router.unwritten.files
        try finish(report, input, configuration, signals)
    }

    private static func warn(ofLiveOptions names: [String]) {
        guard !names.isEmpty else { return }
        let list = names.map { "`\($0)`" }.joined(separator: " and ")
        Terminal.warning("\(list) \(names.count == 1 ? "has" : "have") no effect: the session is not live (see --live)")
    }

    /// Reports immediately that a file lacks records. Prints nothing once standard output is a closed pipe.
    private static func report(_ file: UnwrittenFile, _ isBarDrawn: Bool) {
        guard !ClosedPipe.wasEncountered else { return }
        clearBar(isBarDrawn)
        Terminal.error("cannot write \(file.name.printable): \(file.error)")
    }

    private static func clearBar(_ isBarDrawn: Bool) {
        if isBarDrawn, Terminal.canDraw { Terminal.draw("\r\u{1B}[K") }
    }

    private func finish(
        _ report: RunReport, _ input: RunInput, _ configuration: RouteConfiguration, _ signals: TerminationSignals
    ) throws {
        try ClosedPipe.throwIfEncountered()
        let text = RunSummaryText(report, isDryRun: options.dryRun)
        switch options.summary {
        case .json: Terminal.print(report.json.description)
        case .text where standardOutputUsers.isEmpty:
            // Separates the summary from the lines that handlers printed.
            if !configuration.keepsTerminalFree && !options.dryRun { Terminal.print("") }
            Terminal.print(text.description)
        case .text: Terminal.write(text.description)
        }
        try ClosedPipe.throwIfEncountered()
        if routing.pace != .unlimited && !report.hasTimes {
            Terminal.warning("--speed has no effect: the session's lines are not envelopes, so they have no times")
        }
        if let warning = Self.missingTranscriptionWarning(report, configuration.table) { Terminal.warning(warning) }
        Terminal.warn(ofUndatedRoutes: report.undatedRoutes)
        for warning in text.warnings(deadLetters: configuration.deadLettersPath) { Terminal.warning(warning) }
        for message in Self.messages(of: report.failures) { Terminal.error(message) }
        if let code = signals.exitCode { throw ProgramExit(code: code, message: nil) }
        if report.failure != nil { throw ProgramExit.unusable() }
        switch input {
        case .session(let session): try report.requireEvents(in: session.name)
        case .sources: try report.requireEventsInParts()
        }
        if !report.unwritten.isEmpty || report.deadLetters > 0 { throw ProgramExit.incomplete }
    }

    /// The failures' messages without duplicates. If there are more than eleven, the first ten and the number of the
    /// others.
    private static func messages(of failures: [any Error]) -> [String] {
        var messages: [String] = []
        for message in failures.map({ "\($0)" }) where !messages.contains(message) { messages.append(message) }
        guard messages.count > 11 else { return messages }
        return messages.prefix(10) + ["\(messages.count - 10) more sources or files failed"]
    }

    /// Warns if routes match the user's words but a session had no transcription, because nothing else explains why they did not
    /// fire.
    private static func missingTranscriptionWarning(_ report: RunReport, _ table: RouteTable) -> String? {
        guard report.untranscribedSessions > 0 else { return nil }
        let routes = table.rules.routesOnUserWords.map { "`\($0)`" }
        if routes.isEmpty { return nil }
        let sessions =
            report.sessions == 1 ? "the session" : "\(report.untranscribedSessions) of \(report.sessions) sessions"
        return """
            the user spoke and \(sessions) transcribed nothing of it, so there were no words for \
            \(routes.joined(separator: ", ")); set `audio.input.transcription` in the session's configuration
            """
    }
}

extension RunOptions {
    /// Runs a live source until it ends or a signal arrives.
    ///
    /// - Throws: the error that ends the program with an exit code other than 0.
    package func run(_ handlers: HandlerRegistry, source: (HandlerContext) throws -> any SessionSource)
        async throws
    {
        try checkStandardOutput(outbound: nil)
        let run = ProgramRun(
            self, outbound: nil, started: nil, routing: RouterOptions(isDryRun: dryRun))
        try await run.run(handlers) { _ in .sources(SourceGroup([try source(HandlerContext())])) }
    }
}
