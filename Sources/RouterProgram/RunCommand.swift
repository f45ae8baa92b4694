import ArgumentParser
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
