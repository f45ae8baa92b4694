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
/// A router runs any number of sources, one after the other or at the same time; its handlers are started once.
public final class Router: Sendable {
    /// What it routes by; ``replace(_:options:)`` changes it.
    public var table: RouteTable { life.withLock { $0.table } }
    let isDryRun: Bool
    let clock: any RouterClock
    let logger: Logger
    let log: (any DispatchLog)?
    /// The records that the router and its handlers could not write since it was made. Files are still closed by ``stop()``, and may
    /// only then turn out to lack some.
    public let unwritten: UnwrittenRecords
    let hidden: HiddenTexts
    private let observer: (any DispatchObserver)?
    let explaining: ExplanationRequest?
    private let intervals = RouteIntervals()
    let life: Mutex<RouterLife>

    /// Makes a router; nothing is opened before ``start()``.
    ///
    /// - Parameters:
    ///   - table: the routes and handlers.
    ///   - options: how sessions are run.
    ///   - clock: the time to go by.
    ///   - logger: where the router itself logs; by default nowhere.
    ///   - log: where the story of every delivery goes, if anywhere.
    ///   - observer: who looks on as events are routed, if anybody; in a dry run too.
    ///   - explaining: which events are explained, if any; the summary then stands in ``RunReport/explanations``.
    ///   - reportUnwritten: gets each file when the first of its records could not be written. It must not block.
    public init(
        _ table: RouteTable, options: RouterOptions = RouterOptions(), clock: any RouterClock = .system,
        logger: Logger = Logger(label: "realtime-router", factory: { _ in SwiftLogNoOpLogHandler() }),
        log: (any DispatchLog)? = nil, observer: (any DispatchObserver)? = nil,
        explaining: ExplanationRequest? = nil,
        reportUnwritten: @escaping @Sendable (UnwrittenFile) -> Void = { _ in }
    ) {
        isDryRun = options.isDryRun
        self.clock = clock
        self.logger = logger
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
        let isWatched = !options.isDryRun && table.handlers.contains { $0.handler is any RouterWatcher }
        if isWatched { watchActivity(table) }
        log?.reportUnwritten(to: unwritten)
    }

    /// What the router does, where a handler watches it.
    var activity: RouterActivity? { life.withLock { $0.activity } }

    /// Begins to keep what the router does, unless it does already.
    func watchActivity(_ table: RouteTable) {
        life.withLock { life in
            if life.activity == nil { life.activity = RouterActivity(table) }
        }
    }

    /// Routes one source to its end: open utterances are flushed, calls finish and are answered, queues drain.
    ///
    /// - Parameters:
    ///   - source: the session's events.
    ///   - labels: what the operator says about the session; copied into every record.
    ///   - started: when a recording began, in seconds since 1970. Without it the recording's header line counts.
    ///   - outbound: where client events go.
    ///   - recording: the file for a recording of the session, if there is to be one.
    /// - Returns: what it came to. An error of the source or of `outbound` ends the run like the end of the source does;
    ///   it stands in ``RunReport/failure``.
    /// - Throws: ``RouterFailure`` when the router was not started, and what looking ahead before the first batch threw.
    public func run(
        _ source: some EventSource, labels: [SessionLabel] = [], started: Double? = nil,
        outbound: any OutboundSink = DiscardedOutbound(), recording: RecordingFile? = nil
    ) async throws -> RunReport {
        let control = RunControl()
        let (id, active) = try life.withLock { try $0.enter(control) }
        defer {
            life.withLock { _ = $0.runs.removeValue(forKey: id) }
            intervals.forget(run: id)
            control.end()
        }
        outbound.reportUnwritten(to: unwritten)
        recording?.reportUnwritten(to: unwritten)
        let options = life.withLock { $0.options }
        let sessionRecording = recording.map {
            SessionRecording($0, redaction: active.rules.redaction, dialect: options.dialect, clock: clock)
        }
        let begin = clock.now
        let recorded = source.answersInEnvelopes ? nil : try await source.recordedOutputs()
        let mailbox = BatchMailbox(signal: control.signal, clock: clock)
        let lanes = RunLanes()
        for runtime in active.runtimes {
            _ = lanes.begin(runtime, isLive: source.isInteractive, wakes: control.signal)
        }
        let activity = activity
        let loop = SessionLoop(
            makePipeline(source, labels, started, recorded, active, lanes, control, sessionRecording, run: id),
            mailbox: mailbox,
            control: control,
            writer: OutboundWriter(
                outbound, session: source.key, capacity: options.outboundCapacity, signal: control.signal,
                unwritten: unwritten, logger: logger, recording: sessionRecording),
            clock: clock, readOutputs: source.recordedOutputs,
            publish: { activity?.note($0, of: id) })
        activity?.begin(id, lanes)
        let reader = Task { await mailbox.fill(from: source) }
        defer {
            reader.cancel()
            mailbox.close()
        }
        let failure = await withTaskCancellationHandler {
            await loop.run()
        } onCancel: {
            control.stop()
            control.expire()
        }
        activity?.end(id, loop.counts)
        var report = report(loop, lanes, control, seconds: (clock.now - begin).seconds)
        report.failure = failure
        return report
    }

    /// Ends all running sessions: no further lines are routed, and what was routed is brought to its end.
    ///
    /// Returns when that is done. Calls and handlers that are not done within `deadline` are cancelled; a handler that
    /// does not heed that keeps its session, and this, waiting. Client events that are not sent a second later are given up. Runs that
    /// begin later, before ``stop()``, end at once.
    public func shutDown(within deadline: Duration) async {
        let runs = life.withLock { life in
            life.isStopping = true
            return Array(life.runs.values)
        }
        for run in runs { run.stop() }
        let alarm = Task { [clock] in
            try await clock.sleep(for: deadline)
            for run in runs { run.expire() }
        }
        for run in runs { await run.waitForEnd() }
        alarm.cancel()
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
        _ source: some EventSource, _ labels: [SessionLabel], _ started: Double?, _ recorded: RecordedOutputs?,
        _ active: ActiveRules, _ lanes: RunLanes, _ control: RunControl, _ recording: SessionRecording?, run: Int
    ) -> EventPipeline {
        let options = life.withLock { $0.options }
        let configuration = SessionConfiguration(
            key: source.key, labels: SessionLabel.values(of: labels), source: source.name,
            isInteractive: source.isInteractive, utteranceHold: options.utteranceHold, deadlines: options.deadlines,
            observed: active.rules.observed,
            recordedOutputs: recorded ?? [:], rerunCalls: options.rerunsCalls,
            dialect: options.dialect)
        return EventPipeline(
            active, options: options, lanes: lanes, inbox: control.inbox,
            session: RouterSession(
                key: source.key, labels: labels, isInteractive: source.isInteractive, redaction: active.rules.redaction,
                receive: control.inbox.put),
            labels: labels, state: SessionState(configuration), awaitsOutputs: recorded == nil, clock: clock,
            isLive: source.isLive,
            time: SessionTime(
                started: started, isInteractive: source.isInteractive, isLive: source.isLive, run: run),
            intervals: intervals, observer: observer,
            explainer: explaining.map { RouteExplainer($0, active.rules) }, recording: recording)
    }

    private func report(
        _ loop: SessionLoop, _ lanes: RunLanes, _ control: RunControl, seconds: Double
    ) -> RunReport {
        var report = RunReport()
        let counts = loop.counts
        report.events = counts.events
        report.derived = counts.derived
        report.derivedMatched = counts.derivedMatched
        report.undecodable = counts.undecodable
        report.unmatched = counts.unmatched
        report.unroutedCalls = counts.unroutedCalls
        report.hasTimes = counts.hasTimes
        report.undatedRoutes = counts.undatedRoutes.sorted().map { counts.routeNames[$0] }
        report.sessions = loop.sessionCount
        report.unheardSessions = loop.unheardSessions
        let outbound = loop.outboundCounts
        report.sent = outbound.sent
        report.unsent = outbound.unsent
        report.outboundWaits = outbound.waits
        report.durationSeconds = seconds
        report.routes = counts.matched
        report.handlers = lanes.counts(loop.handlers.map(\.name))
        report.eventsByType = EventType.Code.allCases.compactMap { code in
            let count = counts.byCode[Int(code.rawValue)]
            return count > 0 ? (code == .unknown ? "" : EventType(code).name, count) : nil
        }
        report.summaries = loop.handlers.compactMap { runtime in
            runtime.handler.summary.map { (runtime.name, $0) }
        }
        report.explanations = loop.explanations
        report.wasInterrupted = control.isStopping
        report.unwritten = unwritten.files
        return report
    }
}

/// What the handlers of all tables do not want to be shown.
final class HiddenTexts: Sendable {
    private let hiding: Mutex<[@Sendable (String) -> String]>

    init(_ table: RouteTable) { hiding = Mutex(table.handlers.map(\.hide)) }

    func add(_ table: RouteTable) { hiding.withLock { $0 = table.handlers.map(\.hide) } }

    @Sendable func hide(in text: String) -> String { hiding.withLock { $0 }.reduce(text) { $1($0) } }
}

/// A router that can't do what it was asked for, with the reason.
public struct RouterFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong and what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
