import ArgumentParser
import Logging
import RealtimeRouter

/// The main job: sessions through the rules to the handlers.
struct RunCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Routes sessions through the rules to the handlers.",
        discussion: """
            Example: realtime-router run call.jsonl --outbound answers.jsonl
            Example: realtime-router run calls/ 'more-calls/*.jsonl'
            Example: agent | realtime-router run - --live --session-key call-7 --outbound -

            SESSION holds a server event a line, or envelopes {"at": seconds, "direction": "server", "event": {...}}. In a folder, \
            the files that end in .jsonl are run. Without SESSION the `sources` of routes.yml run, all at the same time; if it has \
            none, standard input is read. With several sessions --outbound writes {"session": key, "direction": "client", "event": {...}}.

            The exit code is 0 when the sessions were routed, 2 when a file or the rules cannot be used, 3 when a file \
            could not be written or a delivery ended as a dead letter, 130 and 143 after SIGINT and SIGTERM.
            """)

    @Argument(
        help: ArgumentHelp(
            "The sessions: files of JSON Lines, folders of such files, or - for standard input.", valueName: "session"))
    var sessions: [String] = []

    @OptionGroup var routes: RoutesOption

    @Flag(help: "The session is going on: its events come as they happen, and it gets what --outbound writes.")
    var live = false

    @Option(
        help: ArgumentHelp(
            "How long nothing may come before a session ends, such as 5m; needs --live.", valueName: "duration"))
    var sessionIdle: DurationArgument?

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
        if sessions.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read only once") }
        if sessions.count > 1, let option = singleSessionOptions.first {
            throw ValidationError("\(option) is for one SESSION, and here are \(sessions.count)")
        }
        if live, let other = recordingOptions.first {
            throw ValidationError("--live and \(other) exclude each other: \(other) is for recordings")
        }
        if sessionIdle != nil, !live { throw ValidationError("--session-idle goes with --live") }
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

    /// The options that are given and mean nothing with several sessions.
    private var singleSessionOptions: [String] {
        let all = [
            ("--session-key", sessionKey != nil), ("--live", live), ("--session-idle", sessionIdle != nil),
            ("--started", startOption.started != nil),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// What may not be said of several sessions.
    private func checkOptions(for input: RunInput) throws(ProgramEnding) {
        if input.isLive, !live, let option = recordingOptions.first {
            throw .unusable("\(option) is for recordings, and a source in \(routes.path.printable) is live")
        }
        guard input.isSeveral else { return }
        if let option = singleSessionOptions.first {
            guard sessions.isEmpty else {
                throw .unusable("\(option) is for one session, and \(sessions[0].printable) may hold several")
            }
            let help =
                switch option {
                case "--session-key": "write `session_key` in a source of the type `pipe`"
                case "--live": "write `live: true` in a source of the type `pipe`"
                case "--session-idle": "write `session_idle` in a live source"
                default: "let the recordings say it, in their first line"
                }
            throw .unusable(
                "\(option) is for one SESSION, and without one the `sources` of \(routes.path.printable) run\n   help: \(help)"
            )
        }
    }

    /// The options that want standard output for themselves; handlers and the text summary then go to standard error.
    private var standardOutputTakers: [String] {
        let all = [("--outbound -", outbound == "-"), ("--log -", log == "-"), ("--summary json", summary == .json)]
        return all.filter(\.1).map(\.0)
    }

    func run(_ handlers: HandlerRegistry) async throws {
        let configuration = try Routes.load(routes.path, handlers, standardOutputIsTaken: !standardOutputTakers.isEmpty)
        let input: RunInput
        let router: Router
        var outboundFile: OutboundFile?
        var logFile: DispatchLogFile?
        do {
            input = try RunInput(self, configuration)
            try checkOptions(for: input)
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
        } catch let ending as ProgramEnding {
            throw ending
        } catch {
            throw ProgramEnding.unusable("\(error)")
        }
        if !input.isLive, !dryRun { Self.warn(ofLiveOptions: configuration.table.liveOptions) }
        let signals = Signals { urgency in Task { await router.shutDown(within: urgency.deadline) } }
        let recordings = dryRun ? nil : recordOptions.recordings
        let progress = ProgressBar(input, isDrawn: configuration.leavesTerminalAlone)
        var report: RunReport
        do {
            report = try await input.run(
                on: router, labels: labelOptions.labels, started: startOption.started,
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

    private func finish(
        _ report: RunReport, _ input: RunInput, _ configuration: RouteConfiguration, _ signals: Signals
    ) throws {
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
