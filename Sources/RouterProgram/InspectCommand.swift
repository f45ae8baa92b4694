import ArgumentParser
import RealtimeRouter

/// What is in this session?
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows a session as a timeline.",
        discussion: """
            Example: realtime-router inspect call.jsonl --derived

            The exit code is 0 when the session was shown and 2 when it cannot be used.
            """)

    @Argument(help: "The session: a file of JSON Lines, or - for standard input.")
    var session = "-"

    @Flag(help: "Each event decoded into its type and encoded again, a line of JSON each.")
    var json = false

    @Flag(help: "Derived events too.")
    var derived = false

    @Option(help: "What shared type names mean: realtime or translation.")
    var dialect: DialectArgument = DialectArgument(dialect: .realtime)

    func run() async throws {
        let router: Router
        let source: RecordedSession
        do {
            source = try RecordedSession(path: session)
            router = Router(try table(), options: RouterOptions(dialect: dialect.dialect))
            try await router.start()
        } catch {
            throw ProgramEnding.unusable("\(error)")
        }
        let report = try await router.run(source)
        await router.stop()
        if let failure = report.failure { throw ProgramEnding.unusable("\(failure)") }
        try report.requireEvents(in: session)
    }

    /// Every event goes to one handler that prints it.
    private func table() throws -> RouteTable {
        let showsDerived = derived
        let asJSON = json
        let printer = ClosureHandler { delivery in
            guard showsDerived || !delivery.event.type.isDerived else { return }
            Terminal.print(asJSON ? Self.json(of: delivery.event) : TimelineEntry(delivery.event).description)
        }
        let everything = try Pattern(json: #"{"type": [{"exists": true}]}"#)
        return try RouteTable(
            handlers: [HandlerBinding("timeline", printer)],
            routes: [Route("everything", match: everything, to: ["timeline"])], unmatched: "timeline",
            deadLetters: LineWarnings())
    }

    private static func json(of event: RealtimeEvent) -> String {
        event.type.isDerived ? event.json.description : event.payload.json.description
    }
}

/// Says on standard error which lines are no events.
private struct LineWarnings: DeadLetterSink {
    func record(_ letter: DeadLetter) {
        Terminal.warning("line \(letter.line): \(letter.error)")
    }
}
