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
/// A router runs any number of sources and sessions, one after the other or at the same time; its handlers are started once.
public final class Router: Sendable {
    /// What it routes by; ``replace(_:options:)`` changes it.
    public var table: RouteTable { state.withLock { $0.table } }
    let isDryRun: Bool
    let environment: RouterEnvironment
    var clock: any RouterClock { environment.clock }
    let logger: Logger
    let log: (any DispatchLog)?
    /// The records that the router and its handlers could not write since it was made. Files are still closed by ``stop()``, and may
    /// only then turn out to lack some.
    public let unwritten: UnwrittenRecords
    let hidden: HiddenTexts
    let observer: (any DispatchObserver)?
    let explaining: ExplanationRequest?
    let intervals = RouteIntervals()
    let timers: WakeTimers
    let rooms = ScanRooms()
    let unpriced: UnpricedModels
    /// What sources count of their own.
    let figures = SourceFigureRegistry()
    let state: Mutex<RouterState>

    /// Makes a router; nothing is opened before ``start()``.
    ///
    /// - Parameters:
    ///   - table: the routes and handlers.
    ///   - options: how sessions are run.
    ///   - clock: the time to go by.
    ///   - executor: where the router's tasks run; nil for Swift's own executor. With one that orders its jobs, and a clock that it moves,
    ///     a simulation has all of a router in its hand.
    ///   - logger: where the router itself logs, dead letters too if the table names no place for them; by default nowhere.
    ///   - log: where the story of every delivery goes, if anywhere.
    ///   - observer: who looks on as events are routed, if anybody; in a dry run too.
    ///   - explaining: which events are explained, if any; the summary then stands in ``RunReport/explanations``.
    ///   - reportUnwritten: gets each file when the first of its records could not be written. It must not block.
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

    /// What the router does, where a handler watches it.
    var activity: RouterActivity? { state.withLock { $0.activity } }

    /// Begins to keep what the router does, unless it does already.
    func observeActivity(_ table: RouteTable) {
        state.withLock { state in
            if state.activity == nil {
                state.activity = RouterActivity(
                    routes: table.routes.map(\.name), handlers: table.handlers.map(\.name), figures: figures)
            }
        }
    }

    /// Runs a source to its end: it opens sessions and gives them what comes. At its end open utterances are flushed, calls finish and are
    /// answered, and queues drain.
    ///
    /// - Parameters:
    ///   - source: where the events come from.
    ///   - labels: what the operator says about the source's sessions; copied into every record.
    ///   - started: when a recording began, in seconds since 1970. Without it the recording's header line counts.
    ///   - outbound: where client events go.
    ///   - record: makes the file for the recording of a session with a key, if there is to be one. The router closes it.
    /// - Returns: what it came to. An error of the source or of `outbound` ends the run like the end of the source does;
    ///   it stands in ``RunReport/failure``.
    /// - Throws: ``RouterFailure`` when the router was not started, and what the source threw before it opened a session.
    public func run(
        _ source: some SessionSource, labels: [SessionLabel] = [], started: Double? = nil,
        outbound: any OutboundSink = DiscardedOutbound(),
        record: @escaping @Sendable (_ key: String) throws -> RecordingFile? = { _ in nil }
    ) async throws -> RunReport {
        outbound.reportUnwritten(to: unwritten)
        let begin = clock.now
        // Before the source begins: it may listen.
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

    /// Opens a live session whose connection somebody else has: see ``AttachedSession``.
    ///
    /// - Parameters:
    ///   - key: the session's key; no running session may have it.
    ///   - labels: what is known about it; copied into every record.
    ///   - idleLimit: how long nothing may come before the session ends; `nil` for no limit.
    ///   - recording: the file for a recording, if there is to be one. The router closes it.
    ///   - configuration: how the router configures the session; nil if the app does.
    ///   - limits: what the session may last and cost. The app closes the connection when ``AttachedSession/waitForEnd()`` returns.
    /// - Throws: ``RouterFailure`` if the router is not started, or a session with this key runs.
    public func session(
        key: String, labels: [String: String] = [:], idleLimit: Duration? = nil, recording: RecordingFile? = nil,
        configuration: SessionBlock? = nil, limits: SessionLimits = SessionLimits()
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

    /// What a source may know of the router.
    private var view: RouterView {
        RouterView(
            session: { [self] in state.withLock { $0.options.session } },
            functions: { [self] in
                guard !isDryRun, let active = state.withLock({ $0.active }) else { return OfferedFunctions() }
                return active.rules.offeredFunctions
            },
            shutdownDeadline: state.withLock { $0.shutdownDeadline })
    }

    /// What handlers have to say, in file order.
    private var summaries: [(handler: String, summary: HandlerSummary)] {
        let runtimes = state.withLock { $0.active }?.runtimes ?? []
        return runtimes.compactMap { runtime in runtime.roles.summary?.summary.map { (runtime.name, $0) } }
    }

    /// Ends all running sessions: no further lines are routed, and what was routed is brought to its end.
    ///
    /// Sessions whose source says so go on until it ends them, within the same deadline (``SessionDescription/outlastsShutdown``).
    ///
    /// Returns when that is done. Calls and handlers that are not done within `deadline` are cancelled; a handler that
    /// does not heed that keeps its session, and this, waiting. Client events that are not sent a second later are given up. Runs that
    /// begin later, before ``stop()``, end at once.
    public func shutDown(within deadline: Duration) async {
        let (sessions, sources) = state.withLock { state in
            state.isStopping = true
            return (state.controls, Array(state.sources.values))
        }
        for source in sources { source.cancel() }
        for session in sessions where !session.outlastsShutdown { session.stop() }
        let alarm = environment.throwingTask { [self] in
            try await clock.sleep(for: deadline)
            // Those that were opened meanwhile, too.
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
        // A source may have more to end than sessions: the deadline is for that too.
        environment.throwingTask {
            for source in sources { _ = await source.result }
            alarm.cancel()
        }
    }

    /// What the handlers have settled of a session that runs, in file order.
    ///
    /// - Parameter session: the session, as a delivery has it.
    public func settledEvents(of session: RouterSession) -> [SettledEvents] {
        // Read first, so that what is routed meanwhile is not taken for settled.
        let last = session.lastRouted
        let runtimes = state.withLock { $0.active }?.runtimes ?? []
        return runtimes.map { SettledEvents(handler: $0.name, routed: last, open: $0.openEvents(of: session)) }
    }
}

/// What the handlers of all tables do not want to be shown.
final class HiddenTexts: Sendable {
    private let tables: Mutex<[[@Sendable (String) -> String]]>

    init(_ table: RouteTable) { tables = Mutex([table.handlers.map(\.hide)]) }

    /// Adds those of another table. Handlers of the last few may still finish what they have begun.
    func add(_ table: RouteTable) { tables.withLock { $0 = ($0 + [table.handlers.map(\.hide)]).suffix(4) } }

    @Sendable func hide(in text: String) -> String {
        tables.withLock { $0 }.joined().reduce(text) { $1($0) }
    }
}
