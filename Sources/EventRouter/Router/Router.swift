import EventJSON
public import Logging
import RealtimeEvents
import RealtimeSession
public import RecordFiles
import Synchronization

/// Routes the events of sessions through a ``RouteTable`` to its handlers.
///
/// ```swift
/// let router = Router(table)
/// try await router.start()
/// let report = try await router.run(RecordedSession(path: "session.jsonl"))
/// await router.stop()
/// ```
///
/// A router runs any number of sources and sessions, one after the other or concurrently. Its handlers are started
/// once.
public final class Router: Sendable {
    /// The current table. ``replace(_:options:)`` changes it.
    public var table: RouteTable { state.withLock { $0.table } }
    let isDryRun: Bool
    let environment: RouterEnvironment
    var clock: any RouterClock { environment.clock }
    let logger: Logger
    let log: (any DispatchLog)?
    /// The records that the router and its handlers could not write since the router was made. ``stop()`` closes files,
    /// and may add more.
    public let unwritten: UnwrittenRecords
    let hidden: HiddenTexts
    let observer: (any DispatchObserver)?
    let explaining: ExplanationRequest?
    let intervals = RouteIntervals()
    let timers: WakeTimers
    let rooms = ScanRooms()
    let unpriced: UnpricedModels
    /// The metrics that sources report.
    let figures = SourceFigureRegistry()
    let state: Mutex<RouterState>

    /// Creates a router. Opens nothing before ``start()``.
    ///
    /// - Parameters:
    ///   - table: The routes and handlers.
    ///   - options: The options of sessions.
    ///   - clock: The clock to use.
    ///   - executor: The executor of the router's tasks; nil for Swift's default executor. An executor that orders its
    ///     jobs, with a clock that it advances, makes a simulation deterministic.
    ///   - logger: The router's log, which also gets dead letters if the table has no sink for them; by default none.
    ///   - log: The log of every delivery; nil if there is none.
    ///   - observer: Observes how events are routed, also in a dry run; nil if there is no observer.
    ///   - explaining: Selects the events that are explained; nil if no events are explained. The summary becomes
    ///     ``RunReport/explanations``.
    ///   - reportUnwritten: Called for each file when the first of its records could not be written. It must not block.
    public init(
        _ table: RouteTable, options: RouterOptions = RouterOptions(), clock: any RouterClock = .system,
        executor: (any TaskExecutor)? = nil,
        logger: Logger = Logger(label: "realtime-router", factory: { _ in SwiftLogNoOpLogHandler() }),
        log: (any DispatchLog)? = nil, observer: (any DispatchObserver)? = nil,
        explaining: ExplanationRequest? = nil,
        reportUnwritten: @escaping @Sendable (UnwrittenFile) -> Void = { _ in }
    ) {
        isDryRun = options.isDryRun
        let environment = RouterEnvironment(clock: clock, executor: executor)
        self.environment = environment
        timers = WakeTimers(environment)
        self.logger = logger
        unpriced = UnpricedModels(logger)
        self.log = log
        self.observer = observer
        self.explaining = explaining
        state = Mutex(RouterState(table, options))
        let hidden = HiddenTexts(table)
        self.hidden = hidden
        unwritten = UnwrittenRecords(hide: { hidden.hide(in: $0) }) { file in
            logger.error("cannot write \(file.name)", metadata: ["error": "\(file.error)"])
            reportUnwritten(file)
        }
        let isObserved = !options.isDryRun && table.handlers.contains { $0.roles.observer != nil }
        if isObserved { observeActivity(table) }
        log?.reportUnwritten(to: unwritten)
    }

    /// The router's live counts; nil unless a handler observes the router.
    var activity: RouterActivity? { state.withLock { $0.activity } }

    /// Begins to keep live counts, unless it does already.
    func observeActivity(_ table: RouteTable) {
        state.withLock { state in
            if state.activity == nil {
                state.activity = RouterActivity(
                    routes: table.routes.map(\.name), handlers: table.handlers.map(\.name), figures: figures)
            }
        }
    }

    /// Runs a source until it ends. The source opens sessions and passes them their messages. At its end, open
    /// utterances are flushed, calls finish and are answered, and queues drain.
    ///
    /// - Parameters:
    ///   - source: The source of events.
    ///   - labels: The labels of the source's sessions; copied into every record.
    ///   - started: The start of a recording, in seconds since 1970; by default that in its header line.
    ///   - outbound: The sink for client events.
    ///   - record: Makes the recording file of a session with a key, or returns nil for no recording. The router closes
    ///     the file.
    /// - Returns: The report of the run. An error of the source or of `outbound` ends the run like the end of the
    ///   source, and becomes ``RunReport/failure``.
    /// - Throws: ``RouterFailure`` if the router is not started; an error of the source before it opened a session.
    public func run(
        _ source: some SessionSource, labels: [SessionLabel] = [], started: Double? = nil,
        outbound: any OutboundSink = DiscardedOutbound(),
        record: @escaping @Sendable (_ key: String) throws -> RecordingFile? = { _ in nil }
    ) async throws -> RunReport {
        outbound.reportUnwritten(to: unwritten)
        let begin = clock.now
        // Check this before the source begins, because it may open a port.
        guard state.withLock({ $0.active != nil }) else { throw RouterFailure.notStarted }
        let run = SourceRun(
            labels: labels, environment: environment, isRecorded: !isDryRun, figureRegistry: figures, name: source.name,
            router: view
        ) {
            [self] description, isFirst, recordings, end in
            try attach(
                description, outbound: outbound, started: started,
                recording: { key in try recordingFiles(of: key, isFirst: isFirst, record, recordings) }, end: end)
        }
        var logger = logger
        logger[metadataKey: "source"] = "\(source.name)"
        let context = SourceContext(
            clock: clock, logger: logger, maxEventBytes: state.withLock { $0.options.maxEventBytes }, host: run)
        let reader = environment.throwingTask { try await source.run(context) }
        let id = try state.withLock { try $0.enter(reader) }
        run.begin(reader, isOver: source is any EventSource)
        defer { state.withLock { _ = $0.sources.removeValue(forKey: id) } }
        try await withTaskCancellationHandler {
            let result = SourceRun.outcome(await reader.result, of: reader)
            if case .failure(let error) = result, !run.hasOpened { throw error }
            await run.end(result)
        } onCancel: {
            run.cancel()
            reader.cancel()
        }
        var report = run.report
        report.durationSeconds = (clock.now - begin).seconds
        report.summaries = summaries
        report.unwritten = unwritten.files
        return report
    }

    /// Opens a live session whose connection the app owns: see ``AttachedSession``.
    ///
    /// - Parameters:
    ///   - key: The session's key; no running session may have it.
    ///   - labels: Its labels; copied into every record.
    ///   - idleLimit: The time without messages after which the session ends; nil for no limit.
    ///   - recording: The recording file; nil for no recording. The router closes it.
    ///   - configuration: The configuration that the router sends; nil if the app configures the session.
    ///   - limits: The limits on duration and cost. The app closes the connection when ``AttachedSession/waitForEnd()``
    ///     returns.
    /// - Throws: ``RouterFailure`` if the router is not started, or a session with this key runs.
    public func session(
        key: String, labels: [String: String] = [:], idleLimit: Duration? = nil, recording: RecordingFile? = nil,
        configuration: SessionSettings? = nil, limits: SessionLimits = SessionLimits()
    ) throws -> AttachedSession {
        let labels = labels.sorted { $0.key < $1.key }.map { SessionLabel($0.key, $0.value) }
        var description = SessionDescription(
            key: key, takenKey: .refuse, source: "app", labels: labels, idleLimit: idleLimit)
        description.configuration = configuration
        description.limits = limits
        do {
            return try attach(
                description, outbound: nil, started: nil, recording: { _ in recording.map { [$0] } ?? [] }
            ) { _ in }
        } catch {
            recording?.close()
            throw error
        }
    }

    /// The router's state that sources can read.
    private var view: RouterView {
        RouterView(
            session: { [self] in state.withLock { $0.options.session } },
            functions: { [self] in
                guard !isDryRun, let active = state.withLock({ $0.active }) else { return OfferedFunctions() }
                return active.rules.offeredFunctions
            },
            shutdownDeadline: state.withLock { $0.shutdownDeadline })
    }

    /// The handlers' summaries, in file order.
    private var summaries: [(handler: String, summary: HandlerSummary)] {
        let runtimes = state.withLock { $0.active }?.runtimes ?? []
        return runtimes.compactMap { runtime in runtime.roles.summary?.summary.map { (runtime.name, $0) } }
    }

    /// Ends all running sessions: no further lines are routed, and running calls and deliveries finish.
    ///
    /// Sessions with ``SessionDescription/outlastsShutdown`` continue until their source ends them, within the same
    /// deadline.
    ///
    /// Returns when all sessions have ended. Calls and handlers that are not done within `deadline` are cancelled; a
    /// handler that ignores cancellation delays its session and this call. Client events that are not sent one second
    /// later are dropped. Runs that begin later, before ``stop()``, end immediately.
    public func shutDown(within deadline: Duration) async {
        let (sessions, sources) = state.withLock { state in
            state.isStopping = true
            return (state.controls, Array(state.sources.values))
        }
        for source in sources { source.cancel() }
        for session in sessions where !session.outlastsShutdown { session.stop() }
        let alarm = environment.throwingTask { [self] in
            try await clock.sleep(for: deadline)
            // Include sessions that were opened meanwhile.
            let sessions = state.withLock { state in
                state.isPastDeadline = true
                return state.controls
            }
            for session in sessions {
                session.stop()
                session.expire()
            }
            state.withLock { $0.shutdownDeadline }.finish()
        }
        for session in sessions { await session.waitForEnd() }
        guard !sources.isEmpty else { return alarm.cancel() }
        // A source may have more to finish than sessions. The deadline applies to that work, too.
        environment.throwingTask {
            for source in sources { _ = await source.result }
            alarm.cancel()
        }
    }

    /// The events of a running session that each handler has settled, in file order.
    ///
    /// - Parameter session: The session, from a delivery.
    public func settledEvents(of session: RouterSession) -> [SettledEvents] {
        // Read first, so that events that are routed meanwhile are not mistaken for settled ones.
        let last = session.lastRouted
        let runtimes = state.withLock { $0.active }?.runtimes ?? []
        return runtimes.map { SettledEvents(handler: $0.name, routed: last, open: $0.openEvents(of: session)) }
    }
}

/// Replaces secrets in texts, with the handlers' functions of the last tables.
final class HiddenTexts: Sendable {
    private let tables: Mutex<[[@Sendable (String) -> String]]>

    init(_ table: RouteTable) { tables = Mutex([table.handlers.map(\.hide)]) }

    /// Adds the functions of another table. Those of the last four tables are kept, because their handlers may still be
    /// finishing.
    func add(_ table: RouteTable) { tables.withLock { $0 = ($0 + [table.handlers.map(\.hide)]).suffix(4) } }

    @Sendable func hide(in text: String) -> String {
        tables.withLock { $0 }.joined().reduce(text) { $1($0) }
    }
}
