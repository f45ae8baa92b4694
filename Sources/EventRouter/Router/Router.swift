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
    public var table: RouteTable { life.withLock { $0.table } }
    let isDryRun: Bool
    let environment: RouterEnvironment
    var clock: any RouterClock { environment.clock }
    let logger: Logger
    let log: (any DispatchLog)?
    /// The records that the router and its handlers could not write since it was made. Files are still closed by ``stop()``, and may
    /// only then turn out to lack some.
    public let unwritten: UnwrittenRecords
    let hidden: HiddenTexts
    private let observer: (any DispatchObserver)?
    let explaining: ExplanationRequest?
    private let intervals = RouteIntervals()
    private let timers: WakeTimers
    private let rooms = ScanRooms()
    private let unpriced: UnpricedModels
    /// What sources count of their own.
    let figures = FigureBoard()
    let life: Mutex<RouterLife>

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
        life = Mutex(RouterLife(table, options))
        let hidden = HiddenTexts(table)
        self.hidden = hidden
        unwritten = UnwrittenRecords(hide: { hidden.hide(in: $0) }) { file in
            logger.error("cannot write \(file.name)", metadata: ["error": "\(file.error)"])
            reportUnwritten(file)
        }
        let isWatched = !options.isDryRun && table.handlers.contains { $0.roles.watcher != nil }
        if isWatched { watchActivity(table) }
        log?.reportUnwritten(to: unwritten)
    }

    /// What the router does, where a handler watches it.
    var activity: RouterActivity? { life.withLock { $0.activity } }

    /// Begins to keep what the router does, unless it does already.
    func watchActivity(_ table: RouteTable) {
        life.withLock { life in
            if life.activity == nil {
                life.activity = RouterActivity(
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
        guard life.withLock({ $0.active != nil }) else { throw RouterFailure.notStarted }
        let run = SourceRun(
            labels: labels, environment: environment, isRecorded: !isDryRun, board: figures, name: source.name,
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
            clock: clock, logger: logger, maxEventBytes: life.withLock { $0.options.maxEventBytes }, host: run)
        let reader = environment.throwingTask { try await source.run(context) }
        let id = try life.withLock { try $0.enter(reader) }
        run.begin(reader, isOver: source is any EventSource)
        defer { life.withLock { _ = $0.sources.removeValue(forKey: id) } }
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
            session: { [self] in life.withLock { $0.options.session } },
            functions: { [self] in
                guard !isDryRun, let active = life.withLock({ $0.active }) else { return OfferedFunctions() }
                return active.rules.offeredFunctions
            },
            shutdownDeadline: life.withLock { $0.shutdownDeadline })
    }

    /// What handlers have to say, in file order.
    private var summaries: [(handler: String, summary: HandlerSummary)] {
        let runtimes = life.withLock { $0.active }?.runtimes ?? []
        return runtimes.compactMap { runtime in runtime.roles.summary?.summary.map { (runtime.name, $0) } }
    }

    /// Makes a session and begins to route it.
    ///
    /// - Parameters:
    ///   - outbound: where its client events go; nil if a reader takes them.
    ///   - recording: makes the files for its recording.
    ///   - end: called when the session is over.
    func attach(
        _ description: SessionDescription, outbound: (any OutboundSink)?, started: Double?,
        recording: (_ key: String) throws -> [RecordingFile], end: @escaping @Sendable (AttachedSession) -> Void
    ) throws -> AttachedSession {
        let control = RunControl(timers, outlastsShutdown: description.outlastsShutdown)
        let entry = try life.withLock { try $0.enter(control, description) }
        do {
            let files = try recording(entry.key)
            for file in files { file.reportUnwritten(to: unwritten) }
            let session = makeSession(
                description, entry, control, description.readsOutbound ? nil : outbound, started, files)
            activity?.begin(entry.id, of: description.figuresName) { (session.counts, session.lanes.counts([])) }
            session.begin { [self] session in
                activity?.end(entry.id)
                intervals.forget(run: entry.id)
                life.withLock { $0.leave(entry.id) }
                end(session)
            }
            return session
        } catch {
            life.withLock { $0.leave(entry.id) }
            control.end()
            throw error
        }
    }

    private func makeSession(
        _ description: SessionDescription, _ entry: RouterLife.Entry, _ control: RunControl,
        _ outbound: (any OutboundSink)?, _ started: Double?, _ files: [RecordingFile]
    ) -> AttachedSession {
        let (active, options) = (entry.active, entry.options)
        let recording = makeRecording(description, entry, files)
        let lanes = RunLanes()
        for runtime in active.runtimes {
            _ = lanes.begin(runtime, isLive: description.isInteractive, wakes: control.signal)
        }
        let writer = OutboundWriter(
            outbound, session: description.address ?? entry.key, isAddressed: description.isAddressed,
            capacity: options.outboundCapacity, signal: control.signal, environment: environment, unwritten: unwritten,
            logger: logger,
            recording: recording)
        let intake = SessionIntake(
            signal: control.signal, clock: clock, maxEventBytes: options.maxEventBytes,
            waitingBytes: description.waitingBytes)
        let pipeline = makePipeline(description, entry, lanes, control, started, recording)
        let loop = SessionLoop(
            pipeline, intake: intake, control: control, writer: writer, environment: environment,
            idleLimit: description.idleLimit,
            longest: description.isLive ? description.limits.maxDuration : nil,
            outputsAhead: OutputsAhead(description.outputsAhead ?? { [:] }))
        return AttachedSession(
            key: entry.key, loop, control: control, intake: intake, writer: writer, lanes: lanes, clock: clock)
    }

    /// Ends all running sessions: no further lines are routed, and what was routed is brought to its end.
    ///
    /// Sessions whose source says so go on until it ends them, within the same deadline (``SessionDescription/outlastsShutdown``).
    ///
    /// Returns when that is done. Calls and handlers that are not done within `deadline` are cancelled; a handler that
    /// does not heed that keeps its session, and this, waiting. Client events that are not sent a second later are given up. Runs that
    /// begin later, before ``stop()``, end at once.
    public func shutDown(within deadline: Duration) async {
        let (sessions, sources) = life.withLock { life in
            life.isStopping = true
            return (life.controls, Array(life.sources.values))
        }
        for source in sources { source.cancel() }
        for session in sessions where !session.outlastsShutdown { session.stop() }
        let alarm = environment.throwingTask { [self] in
            try await clock.sleep(for: deadline)
            // Those that were opened meanwhile, too.
            let sessions = life.withLock { life in
                life.isPastDeadline = true
                return life.controls
            }
            for session in sessions {
                session.stop()
                session.expire()
            }
            life.withLock { $0.shutdownDeadline }.finish()
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
        let runtimes = life.withLock { $0.active }?.runtimes ?? []
        return runtimes.map { SettledEvents(handler: $0.name, routed: last, open: $0.openEvents(of: session)) }
    }

    private func makePipeline(
        _ description: SessionDescription, _ entry: RouterLife.Entry, _ lanes: RunLanes, _ control: RunControl,
        _ started: Double?, _ recording: SessionRecording?
    ) -> EventPipeline {
        let (active, options, key) = (entry.active, entry.options, entry.key)
        var configuration = SessionConfiguration(
            key: key, labels: SessionLabel.values(of: description.labels), source: description.source,
            isInteractive: description.isInteractive, utteranceHold: options.utteranceHold,
            deadlines: options.deadlines, observed: active.rules.observed,
            recordedOutputs: description.recordedOutputs, rerunCalls: options.rerunsCalls, dialect: options.dialect)
        configuration.sessionID = description.sessionID
        configuration.followingKey = { [self] number in
            life.withLock { $0.takeKey(key, after: number, of: entry.id) }
        }
        var pipeline = EventPipeline(
            active, options: options, lanes: lanes, inbox: control.inbox,
            session: RouterSession(
                key: key, labels: description.labels, isInteractive: description.isInteractive,
                redaction: active.rules.redaction, receive: control.inbox.put),
            labels: description.labels, state: SessionState(configuration),
            awaitsOutputs: description.outputsAhead != nil, clock: clock, isLive: description.isLive,
            time: SessionTime(
                started: started, isInteractive: description.isInteractive, isLive: description.isLive, run: entry.id),
            intervals: intervals, rooms: rooms, observer: observer,
            explainer: explaining.map { RouteExplainer($0, active.rules) }, recording: recording,
            description: description)
        pipeline.unpriced = unpriced
        pipeline.cost = costLimit(description, entry)
        return pipeline
    }

    /// What a live session may cost, with the prices that the table has when it begins.
    private func costLimit(_ description: SessionDescription, _ entry: RouterLife.Entry) -> CostLimit? {
        guard description.isLive, let highest = description.limits.maxCost else { return nil }
        guard let meter = life.withLock({ $0.table.pricing })?.makeMeter() else {
            unpriced.noteLack(session: entry.key)
            return nil
        }
        return CostLimit(highest, meter)
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
