import ArgumentParser
import RealtimeRouter
import Synchronization

/// What is in this session?
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows a session as a timeline.",
        discussion: """
            Example: realtime-router inspect call.jsonl --derived

            The sessions that lines name are shown one after the other, each under its key; with --json their lines are \
            envelopes, {"session": key, "event": {...}}.

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
        let printer: TimelinePrinter
        do {
            source = try RecordedSession(path: session)
            printer = TimelinePrinter(
                own: try await source.namesSessions() ? nil : source.key, asJSON: json, showsDerived: derived)
            router = Router(try table(printer), options: RouterOptions(dialect: dialect.dialect))
            try await router.start()
        } catch {
            throw ProgramEnding.unusable("\(error)")
        }
        let report = try await router.run(source)
        await router.stop()
        printer.finish()
        if let failure = report.failure { throw ProgramEnding.unusable("\(failure)") }
        try report.requireEvents(in: session)
    }

    /// Every event goes to one handler that prints it.
    private func table(_ printer: TimelinePrinter) throws -> RouteTable {
        let everything = try Pattern(json: #"{"type": [{"exists": true}]}"#)
        return try RouteTable(
            handlers: [HandlerBinding("timeline", ClosureHandler { printer.show($0) })],
            routes: [Route("everything", match: everything, to: ["timeline"])], unmatched: "timeline",
            deadLetters: LineWarnings())
    }
}

/// Prints the events of the source's own session as they come, and those of others at the end, session by session.
private final class TimelinePrinter: Sendable {
    /// A session that lines name: the place of its first event, and the text.
    private struct Group {
        let first: EventPosition
        var lines: [String] = []
    }

    private let groups = Mutex<[String: Group]>([:])
    private let own: String?
    private let asJSON: Bool
    private let showsDerived: Bool

    /// - Parameter own: the key of the source's own session; nil if it is one among others.
    init(own: String?, asJSON: Bool, showsDerived: Bool) {
        self.own = own
        self.asJSON = asJSON
        self.showsDerived = showsDerived
    }

    func show(_ delivery: EventDelivery) {
        let (event, session) = (delivery.event, delivery.session.key)
        guard showsDerived || !event.type.isDerived else { return }
        if isOwn(session) { return Terminal.print(asJSON ? json(event).description : TimelineEntry(event).description) }
        let line =
            asJSON
            ? JSONValue.object(["session": .string(session), "event": json(event)]).description
            : TimelineEntry(event).description
        groups.withLock { $0[session, default: Group(first: event.position)].lines.append(line) }
    }

    private func json(_ event: RealtimeEvent) -> JSONValue { event.type.isDerived ? event.json : event.payload.json }

    /// Prints the sessions that lines name, each with its key above it unless the lines have it.
    func finish() {
        let groups = groups.withLock { $0.sorted { $0.value.first < $1.value.first } }
        for (index, (session, group)) in groups.enumerated() {
            if !asJSON {
                if index > 0 || own != nil { Terminal.print("") }
                Terminal.print("session \(session.printable)")
            }
            for line in group.lines { Terminal.print(line) }
        }
    }

    /// Whether a session is the source's own, or one that followed it there.
    private func isOwn(_ session: String) -> Bool { own.map { SessionFamily($0).contains(session) } ?? false }
}

/// Says on standard error which lines are no events.
private struct LineWarnings: DeadLetterSink {
    func record(_ letter: DeadLetter) {
        Terminal.warning("line \(letter.line): \(letter.error)")
    }
}
