import ArgumentParser
import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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

    @OptionGroup var options: RunOptions

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
        try options.checkStandardOutput(outbound: outbound)
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
            throw .unusable("\(option) is for recordings, and a source in \(options.routes.path.printable) is live")
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
                "\(option) is for one SESSION, and without one the `sources` of \(options.routes.path.printable) run\n   help: \(help)"
            )
        }
    }

    func run(_ handlers: HandlerRegistry) async throws {
        let run = ProgramRun(
            options, outbound: outbound, started: startOption.started,
            routing: RouterOptions(
                pace: speed.pace, isDryRun: options.dryRun, rerunsCalls: rerunCalls, dialect: dialect.dialect))
        try await run.run(handlers) { configuration in
            let input = try RunInput(self, configuration)
            try checkOptions(for: input)
            return input
        }
    }
}

extension RunInput {
    /// What the call and the file ask for. Opens the file of a single session, and nothing else.
    ///
    /// - Throws: `ProgramEnding`, and `FileFailure` for a path that cannot be read or matches nothing.
    init(_ command: RunCommand, _ configuration: RouteConfiguration) throws {
        switch command.sessions.count {
        case 0 where !configuration.sources.isEmpty: self = .sources(SourceGroup(configuration.sources))
        case 0:
            guard isatty(STDIN_FILENO) == 0 else { throw Self.nothingToRun(command.options.routes.path) }
            self = .session(try Self.session("-", command, configuration))
        case 1: self = try Self.one(command.sessions[0], command, configuration)
        default: self = .sources(try Self.several(command.sessions))
        }
    }

    private static func one(_ path: String, _ command: RunCommand, _ configuration: RouteConfiguration) throws -> Self {
        if path != "-" {
            let files = FileSource(paths: [path])
            guard try files.files() == [path] else { return .sources(SourceGroup([files])) }
        }
        return .session(try session(path, command, configuration))
    }

    private static func session(
        _ path: String, _ command: RunCommand, _ configuration: RouteConfiguration
    ) throws -> RecordedSession {
        try RecordedSession(
            path: path, key: command.sessionKey, isInteractive: command.live,
            maxEventBytes: configuration.maxEventBytes, idleLimit: command.sessionIdle?.duration)
    }

    private static func several(_ paths: [String]) throws -> SourceGroup {
        let files = FileSource(paths: paths.filter { $0 != "-" })
        // A path that matches nothing is likely a mistake: known before anything starts.
        _ = try files.files()
        return SourceGroup(paths.contains("-") ? [files, PipeSource()] : [files])
    }

    private static func nothingToRun(_ routes: String) -> ProgramEnding {
        .unusable(
            """
            there is no session to run, and standard input is a terminal
               help: give a SESSION (a file of JSON Lines, a folder of such files, or - for standard input), or write `sources` in \
            \(routes.printable)
            """)
    }
}

/// What a run reads: one session, or sources that may open any number of sessions.
enum RunInput {
    /// One file, pipe or standard input; its path is the source's name.
    case session(RecordedSession)
    case sources(SourceGroup)

    /// Runs it.
    func run(
        on router: Router, labels: [SessionLabel], started: Double?, outbound: any OutboundSink,
        record: @escaping @Sendable (_ key: String) throws -> RecordingFile?
    ) async throws -> RunReport {
        switch self {
        case .session(let session):
            try await router.run(session, labels: labels, started: started, outbound: outbound, record: record)
        case .sources(let group): try await router.run(group, labels: labels, outbound: outbound, record: record)
        }
    }

    /// Whether some session is live.
    var isLive: Bool {
        switch self {
        case .session(let session): session.isInteractive
        case .sources(let group): group.isLive
        }
    }

    /// How long its sessions may go on when the program is to end, where the file does not say it.
    var shutdownTimeout: Duration? {
        switch self {
        case .session: nil
        case .sources(let group): group.shutdownTimeout
        }
    }

    /// Whether it may be several sessions.
    var isSeveral: Bool { if case .sources = self { true } else { false } }
}
