import ArgumentParser
import RealtimeRouter
import Synchronization

/// `inspect`: prints the events of a session as a timeline.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Prints the events of a session as a timeline.",
        discussion: """
            Example: realtime-router inspect call.jsonl --derived

            If the lines of the file name several sessions, the sessions are printed one after the other, each under its \
            key; with --json, each line has the form {"session": key, "event": {...}}. --client also prints the client's events, \
            including those that the router sent; with --json as {"direction": "client", "event": {...}}.

            The exit code is 0 if the session was printed, and 2 if it cannot be read.
            """)

    @Argument(help: "The session: a file of JSON Lines, or - for standard input.")
    var session = "-"

    @Flag(help: "Decode each event into its type, and print it as one line of JSON.")
    var json = false

    @Flag(help: "Also print derived events.")
    var derived = false

    @Flag(help: "Also print the client's events.")
    var client = false

    @Option(help: "The API of the session: realtime or translation.")
    var dialect: DialectArgument = DialectArgument(dialect: .realtime)

    func run() async throws {
        let router: Router
        let source: RecordedSession
        let printer: TimelinePrinter
        do {
            source = try RecordedSession(path: session)
            printer = TimelinePrinter(
                sourceKey: try await source.namesSessions() ? nil : source.key, asJSON: json, showsDerived: derived)
            var options = RouterOptions(dialect: dialect.dialect)
            options.routesOwnEvents = true
            router = Router(try table(printer), options: options)
            try await router.start()
        } catch {
            throw ProgramExit.unusable("\(error)")
        }
        let report = try await router.run(source)
        await router.stop()
        printer.finish()
        if let failure = report.failure { throw ProgramExit.unusable("\(failure)") }
        try report.requireEvents(in: session)
    }

    /// A table that routes every event to one handler, which prints it.
    private func table(_ printer: TimelinePrinter) throws -> RouteTable {
        let everything = try Pattern(json: #"{"type": [{"exists": true}]}"#)
        var routes = [Route("everything", match: everything, to: ["timeline"])]
        if client { routes.append(Route("client", from: .client, to: ["timeline"])) }
        return try RouteTable(
            handlers: [HandlerBinding("timeline", ClosureHandler { printer.show($0) })], routes: routes,
            unmatched: "timeline", deadLetters: LineWarnings())
    }
}

/// Prints the events of the source's own session as they arrive, and at the end the events of the sessions that lines
/// name.
private final class TimelinePrinter: Sendable {
    /// The output of a session that lines name, with the position of its first event.
    private struct Group {
        let first: EventPosition
        var lines: [String] = []
    }

    private let groups = Mutex<[String: Group]>([:])
    private let sourceKey: String?
    private let asJSON: Bool
    private let showsDerived: Bool

    /// - Parameter sourceKey: the key of the source's own session; nil if the file's lines name sessions.
    init(sourceKey: String?, asJSON: Bool, showsDerived: Bool) {
        self.sourceKey = sourceKey
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

    /// The event as JSON, in an envelope if it is the client's or if `session` is not nil.
    ///
    /// - Parameter session: the session that the envelope names; nil if it names none.
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

    /// Prints the sessions that lines name. In text, each has its key above it; in JSON, each line has the key.
    func finish() {
        let groups = groups.withLock { $0.sorted { $0.value.first < $1.value.first } }
        for (index, (session, group)) in groups.enumerated() {
            if !asJSON {
                if index > 0 || sourceKey != nil { Terminal.print("") }
                Terminal.print("session \(session.printable)")
            }
            for line in group.lines { Terminal.print(line) }
        }
    }

    /// Whether a session is the source's own, or followed it in the same source.
    private func isOwn(_ session: String) -> Bool { sourceKey.map { SessionFamily($0).contains(session) } ?? false }
}

/// Reports the lines that are not events on standard error.
private struct LineWarnings: DeadLetterSink {
    func record(_ letter: DeadLetter) {
        Terminal.warning("line \(letter.line): \(letter.error)")
    }
}
