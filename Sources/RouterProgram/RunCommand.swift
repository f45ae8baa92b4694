import ArgumentParser
import Logging
import RealtimeRouter

/// The main job: a session through the rules to the handlers.
struct RunCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Routes a session through the rules to the handlers.",
        discussion: """
            Example: realtime-router run call.jsonl --outbound answers.jsonl
            Example: agent | realtime-router run - --live --session-key call-7 --outbound -

            SESSION holds a server event a line, or envelopes {"at": seconds, "direction": "server", "event": {...}}.

            The exit code is 0 when the session was routed, 2 when a file or the rules cannot be used, 3 when a file \
            could not be written or a delivery ended as a dead letter, 130 and 143 after SIGINT and SIGTERM.
            """)

    @Argument(help: "The session: a file of JSON Lines, or - for standard input.")
    var session = "-"

    @OptionGroup var routes: RoutesOption

    @Flag(help: "The session is going on: its events come as they happen, and it gets what --outbound writes.")
    var live = false

    @Option(help: ArgumentHelp("The session's key; by default the name of its file.", valueName: "key"))
    var sessionKey: String?

    @Option(help: "How fast: max, or as recorded (1x), or a number of times faster (10x); needs envelopes.")
    var speed: SpeedArgument = SpeedArgument(pace: .unlimited)

    @Option(
        help: ArgumentHelp(
            "Where the client events go that handlers send, a line each; - for standard output.", valueName: "file"))
    var outbound: String?

    @OptionGroup var recordOptions: RecordOptions

    @Option(help: "The summary at the end: text or json.")
    var summary: OutputFormat = .text

    @Option(
        help: ArgumentHelp(
            "Where the story of every delivery goes, a line each; - for standard output.", valueName: "file"))
    var log: String?

    @Flag(help: "Match and count only: start no handler, deliver nothing.")
    var dryRun = false

    @OptionGroup var labelOptions: LabelOptions

    @OptionGroup var startOption: StartOption

    @Option(help: "What shared type names mean: realtime or translation.")
    var dialect: DialectArgument = DialectArgument(dialect: .realtime)

    @Flag(help: "Run the calls too that the recording's client answered.")
    var rerunCalls = false

    func validate() throws {
        if sessionKey?.isEmpty == true { throw ValidationError("--session-key is empty") }
        if live, let other = recordingOptions.first {
            throw ValidationError("--live and \(other) exclude each other: \(other) is for recordings")
        }
        let takers = standardOutputTakers
        if takers.count > 1 {
            throw ValidationError(
                "\(takers[0]) and \(takers[1]) both want standard output: give one of them a file")
        }
    }

    /// The options that are given and mean nothing in a live session.
    private var recordingOptions: [String] {
        let all = [
            ("--speed", speed.pace != .unlimited), ("--started", startOption.started != nil),
            ("--rerun-calls", rerunCalls),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// The options that want standard output for themselves; handlers and the text summary then go to standard error.
    private var standardOutputTakers: [String] {
        let all = [("--outbound -", outbound == "-"), ("--log -", log == "-"), ("--summary json", summary == .json)]
        return all.filter(\.1).map(\.0)
    }

    func run(_ handlers: HandlerRegistry) async throws {
        let configuration = try Routes.load(routes.path, handlers, standardOutputIsTaken: !standardOutputTakers.isEmpty)
        let source: RecordedSession
        let router: Router
        var outboundFile: OutboundFile?
        var logFile: DispatchLogFile?
        do {
            source = try RecordedSession(
                path: session, key: sessionKey, isInteractive: live, maxEventBytes: configuration.maxEventBytes)
            if !dryRun {
                outboundFile = try outbound.map { try OutboundFile(path: $0) }
                try recordOptions.forgetOld(keep: configuration.table.keep)
                logFile = try log.map { try DispatchLogFile(path: $0, routes: configuration.file) }
            }
            let mayDraw = configuration.leavesTerminalAlone
            let logger = Logger(label: "realtime-router") { _ in LostEventLog { Self.clearBar(mayDraw) } }
            router = Router(
                configuration, options: options, logger: logger, log: logFile,
                reportUnwritten: { Self.report($0, mayDraw) })
            try await router.start()
        } catch {
            throw ProgramEnding.unusable("\(error)")
        }
        if !live, !dryRun { Self.warn(ofLiveOptions: configuration.table.liveOptions) }
        let signals = Signals { urgency in Task { await router.shutDown(within: urgency.deadline) } }
        let progress = ProgressBar(source, isDrawn: configuration.leavesTerminalAlone)
        var report: RunReport
        do {
            report = try await router.run(
                source, labels: labelOptions.labels, started: startOption.started,
                outbound: outboundFile ?? DiscardedOutbound(),
                record: { [recordOptions, dryRun] in dryRun ? nil : try recordOptions.open(session: $0) })
        } catch {
            await router.stop()
            throw ProgramEnding.unusable("\(error)")
        }
        progress.end()
        await router.stop()
        outboundFile?.close()
        logFile?.close()
        // Files that were closed only now may turn out to lack records.
        report.unwritten = router.unwritten.files
        try finish(report, configuration, signals)
    }

    private var options: RouterOptions {
        RouterOptions(pace: speed.pace, isDryRun: dryRun, rerunsCalls: rerunCalls, dialect: dialect.dialect)
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

    private func finish(_ report: RunReport, _ configuration: RouteConfiguration, _ signals: Signals) throws {
        try ClosedPipe.throwIfMet()
        let text = RunSummaryText(report, isDryRun: dryRun)
        switch summary {
        case .json: Terminal.print(report.json.description)
        case .text where standardOutputTakers.isEmpty:
            // Handlers wrote their lines above it.
            if !configuration.leavesTerminalAlone && !dryRun { Terminal.print("") }
            Terminal.print(text.description)
        case .text: Terminal.write(text.description)
        }
        try ClosedPipe.throwIfMet()
        if speed.pace != .unlimited && !report.hasTimes {
            Terminal.warning("--speed changed nothing: the session's lines have no times, as they are no envelopes")
        }
        if let warning = Self.unheardWarning(report, configuration.table) { Terminal.warning(warning) }
        Terminal.warn(ofUndatedRoutes: report.undatedRoutes)
        for warning in text.warnings(deadLetters: configuration.deadLettersPath) { Terminal.warning(warning) }
        if let failure = report.failure { Terminal.error("\(failure)") }
        if let code = signals.exitCode { throw ProgramEnding(code: code, message: nil) }
        if report.failure != nil { throw ProgramEnding.unusable() }
        try report.requireEvents(in: session)
        if !report.unwritten.isEmpty || report.deadLetters > 0 { throw ProgramEnding.incomplete }
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
