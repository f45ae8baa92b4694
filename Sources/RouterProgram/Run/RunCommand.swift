import ArgumentParser
import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `run`: routes sessions.
struct RunCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Routes the events of sessions to handlers, by the rules in routes.yml.",
        discussion: """
            Example: realtime-router run call.jsonl --outbound answers.jsonl
            Example: realtime-router run calls/ 'more-calls/*.jsonl'
            Example: agent | realtime-router run - --live --session-key call-7 --outbound -

            SESSION has one server event per line, or one envelope {"at": seconds, "direction": "server", "event": {...}} per \
            line. From a folder, `run` reads the files that end in .jsonl. Without SESSION, it runs the `sources` of routes.yml, all \
            at the same time; if there are none, it reads standard input. With several sessions, --outbound writes \
            {"session": key, "direction": "client", "event": {...}}.

            The exit code is 0 if the sessions were routed, 2 if a file or the rules cannot be used, 3 if a file \
            could not be written or a delivery became a dead letter, 130 after SIGINT, and 143 after SIGTERM.
            """)

    @Argument(
        help: ArgumentHelp(
            "The sessions: files of JSON Lines, folders of such files, or - for standard input.", valueName: "session"))
    var sessions: [String] = []

    @Flag(help: "The session is live: its events arrive as they happen, and it receives what --outbound writes.")
    var live = false

    @Option(
        help: ArgumentHelp(
            "End the session if no event arrives for this long, such as 5m. Needs --live.", valueName: "duration"))
    var sessionIdle: DurationArgument?

    @Option(help: ArgumentHelp("The session's key. By default, the name of its file.", valueName: "key"))
    var sessionKey: String?

    @Option(help: "The replay speed: max, 1x (as recorded) or a factor such as 10x. Needs envelopes.")
    var speed: SpeedArgument = SpeedArgument(pace: .unlimited)

    @Option(
        help: ArgumentHelp(
            "The file for the client events that handlers send, one per line; - for standard output.", valueName: "file"
        ))
    var outbound: String?

    @OptionGroup var options: RunOptions

    @OptionGroup var startOption: StartOption

    @Option(help: "The API of the session: realtime or translation.")
    var dialect: DialectArgument = DialectArgument(dialect: .realtime)

    @Flag(help: "Run all function calls, including those that the recording's client answered.")
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

    /// The given options that have no meaning for a live session.
    private var recordingOptions: [String] {
        let all = [
            ("--speed", speed.pace != .unlimited), ("--started", startOption.started != nil),
            ("--rerun-calls", rerunCalls),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// The given options that have no meaning for several sessions.
    private var singleSessionOptions: [String] {
        let all = [
            ("--session-key", sessionKey != nil), ("--live", live), ("--session-idle", sessionIdle != nil),
            ("--started", startOption.started != nil),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// Refuses options that do not apply to the input.
    ///
    /// - Throws: `ProgramExit` with exit code 2.
    private func checkOptions(for input: RunInput) throws(ProgramExit) {
        if input.isLive, !live, let option = recordingOptions.first {
            throw .unusable("\(option) is for recordings, and a source in \(options.routes.path.printable) is live")
        }
        guard input.hasSeveralSessions else { return }
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
    /// The input that the arguments name, or else the sources of routes.yml. Opens only the file of a single session.
    ///
    /// - Throws: `ProgramExit`, or `FileFailure` for a path that cannot be read or matches no file.
    init(_ command: RunCommand, _ configuration: RouteConfiguration) throws {
        switch command.sessions.count {
        case 0 where !configuration.sources.isEmpty: self = .sources(SourceGroup(configuration.sources))
        case 0:
            guard isatty(STDIN_FILENO) == 0 else { throw Self.noInput(command.options.routes.path) }
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
        // A path that matches no file is likely a mistake, so it is reported before anything starts.
        _ = try files.files()
        return SourceGroup(paths.contains("-") ? [files, PipeSource()] : [files])
    }

    private static func noInput(_ routes: String) -> ProgramExit {
        .unusable(
            """
            there is no session to run, and standard input is a terminal
               help: give a SESSION (a file of JSON Lines, a folder of such files, or - for standard input), or write `sources` in \
            \(routes.printable)
            """)
    }
}
