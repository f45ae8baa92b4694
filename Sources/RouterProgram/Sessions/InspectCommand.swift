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
            envelopes, {"session": key, "event": {...}}. With --client the client's events are there too, those that the router \
            sent among them; with --json in envelopes, {"direction": "client", "event": {...}}.

            The exit code is 0 when the session was shown and 2 when it cannot be used.
            """)

    @Argument(help: "The session: a file of JSON Lines, or - for standard input.")
    var session = "-"

    @Flag(help: "Each event decoded into its type and encoded again, a line of JSON each.")
    var json = false

    @Flag(help: "Derived events too.")
    var derived = false

    @Flag(help: "The client's events too.")
    var client = false

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
            var options = RouterOptions(dialect: dialect.dialect)
            options.routesOwnEvents = true
            router = Router(try table(printer), options: options)
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
        var routes = [Route("everything", match: everything, to: ["timeline"])]
        if client { routes.append(Route("client", from: .client, to: ["timeline"])) }
        return try RouteTable(
            handlers: [HandlerBinding("timeline", ClosureHandler { printer.show($0) })], routes: routes,
            unmatched: "timeline", deadLetters: LineWarnings())
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
        let isOwn = isOwn(session)
        let line =
            asJSON
            ? json(delivery, in: isOwn ? nil : session).description
            : TimelineEntry(event, from: delivery.side).description
        if isOwn { return Terminal.print(line) }
        groups.withLock { $0[session, default: Group(first: event.position)].lines.append(line) }
    }

    /// The event, in an envelope if that has something to say.
    ///
    /// - Parameter session: The session that the envelope names; nil for none.
    private func json(_ delivery: EventDelivery, in session: String?) -> JSONValue {
        let event = delivery.event
        let isOfClient = delivery.side == .client
        let json: JSONValue =
            isOfClient
            ? ClientEvent(json: event.json, dialect: event.dialect).json
            : event.type.isDerived ? event.json : event.payload.json
        guard isOfClient || session != nil else { return json }
        var envelope = JSONObject()
        envelope["session"] = session.map { .string($0) }
        if isOfClient { envelope["direction"] = .string(delivery.side.rawValue) }
        envelope["event"] = json
        return .object(envelope)
    }

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
