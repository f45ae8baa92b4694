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
    /// What it routes by.
    public let table: RouteTable
    private let options: RouterOptions
    private let clock: any RouterClock
    private let logger: Logger
    private let log: (any DispatchLog)?
    /// The records that the router and its handlers could not write since it was made. Files are still closed by ``stop()``, and may
    /// only then turn out to lack some.
    public let unwritten: UnwrittenRecords
    private let observer: (any DispatchObserver)?
    private let explaining: ExplanationRequest?
    private let intervals = RouteIntervals()
    /// What the router does, where a handler watches it.
    private let activity: RouterActivity?

    private enum Phase {
        case stopped
        case starting
        case started
    }

    private struct State {
        var phase = Phase.stopped
        var isStopping = false
        var runs: [Int: RunControl] = [:]
        var nextRun = 0
    }
    private let state = Mutex(State())

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
        self.table = table
        self.options = options
        self.clock = clock
        self.logger = logger
        self.log = log
        self.observer = observer
        self.explaining = explaining
        unwritten = UnwrittenRecords(hide: { path in table.handlers.reduce(path) { $1.hide($0) } }) { file in
            logger.error("cannot write \(file.name)", metadata: ["error": "\(file.error)"])
            reportUnwritten(file)
        }
        let isWatched = !options.isDryRun && table.handlers.contains { $0.handler is any RouterWatcher }
        activity = isWatched ? RouterActivity(table) : nil
        log?.reportUnwritten(to: unwritten)
    }

    /// Starts the handlers in file order. When one fails, those before it are stopped again.
    ///
    /// Does nothing when the router was started already. After ``stop()`` it can be started again.
    ///
    /// - Throws: ``RouterFailure`` that names the handler, with what it threw.
    public func start() async throws {
        let isFirst = state.withLock { state in
            guard case .stopped = state.phase else { return false }
            state.phase = .starting
            return true
        }
        guard isFirst else { return }
        do {
            if !options.isDryRun { try await startHandlers() }
        } catch {
            state.withLock { $0.phase = .stopped }
            throw error
        }
        state.withLock { $0.phase = .started }
    }

    private func startHandlers() async throws {
        if let keep = table.keep { try forget(before: clock.wallTime - keep.seconds) }
        table.deadLetters.reportUnwritten(to: unwritten)
        do { try table.deadLetters.start() } catch { throw RouterFailure("dead letters: \(error)") }
        for (index, binding) in table.handlers.enumerated() {
            if let activity { (binding.handler as? any RouterWatcher)?.watch(activity) }
            binding.handler.reportUnwritten(to: unwritten)
            do {
                try await binding.handler.start()
            } catch {
                for earlier in table.handlers[..<index].reversed() { await earlier.handler.stop() }
                table.deadLetters.stop()
                throw RouterFailure("handler `\(binding.name)` did not start: \(binding.hide("\(error)"))")
            }
        }
    }

    /// What is older than records are to be kept goes before new ones come.
    private func forget(before time: Double) throws {
        for (name, records) in table.records {
            do { _ = try records.forget(before: time) } catch { throw RouterFailure("\(name): \(error)") }
        }
    }

    /// Stops the handlers in the reverse order. Call it once, after all runs.
    public func stop() async {
        let wasStarted = state.withLock { state in
            guard case .started = state.phase else { return false }
            state.phase = .stopped
            state.isStopping = false
            return true
        }
        guard wasStarted, !options.isDryRun else { return }
        for binding in table.handlers.reversed() { await binding.handler.stop() }
        table.deadLetters.stop()
    }

    /// Routes one source to its end: open utterances are flushed, calls finish and are answered, queues drain.
    ///
    /// - Parameters:
    ///   - source: the session's events.
    ///   - labels: what the operator says about the session; copied into every record.
    ///   - started: when a recording began, in seconds since 1970. Without it the recording's header line counts.
    ///   - outbound: where client events go.
    /// - Returns: what it came to. An error of the source or of `outbound` ends the run like the end of the source does;
    ///   it stands in ``RunReport/failure``.
    /// - Throws: ``RouterFailure`` when the router was not started, and what looking ahead before the first batch threw.
    public func run(
        _ source: some EventSource, labels: [SessionLabel] = [], started: Double? = nil,
        outbound: any OutboundSink = DiscardedOutbound()
    ) async throws -> RunReport {
        let control = RunControl()
        let id = try enter(control)
        defer {
            state.withLock { _ = $0.runs.removeValue(forKey: id) }
            intervals.forget(run: id)
            control.end()
        }
        outbound.reportUnwritten(to: unwritten)
        let begin = clock.now
        let recorded = source.answersInEnvelopes ? nil : try await source.recordedOutputs()
        let mailbox = BatchMailbox(signal: control.signal)
        let lanes = makeLanes(control.signal)
        let loop = SessionLoop(
            makePipeline(source, labels, started, recorded, lanes, control.signal, run: id), mailbox: mailbox,
            control: control,
            outbound: outbound, unwritten: unwritten, clock: clock, readOutputs: source.recordedOutputs,
            publish: { [activity] in activity?.note($0, of: id) })
        activity?.begin(id, lanes.map(\.counters))
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
    /// does not heed that keeps its session, and this, waiting. Runs that begin later, before ``stop()``, end at once.
    public func shutDown(within deadline: Duration) async {
        let runs = state.withLock { state in
            state.isStopping = true
            return Array(state.runs.values)
        }
        for run in runs { run.stop() }
        let alarm = Task { [clock] in
            try await clock.sleep(for: deadline)
            for run in runs { run.expire() }
        }
        for run in runs { await run.waitForEnd() }
        alarm.cancel()
    }

    private func enter(_ control: RunControl) throws -> Int {
        try state.withLock { state in
            guard case .started = state.phase else {
                throw RouterFailure("the router was not started: call start() first")
            }
            if state.isStopping { control.stop() }
            state.nextRun += 1
            state.runs[state.nextRun] = control
            return state.nextRun
        }
    }

    private func makeLanes(_ signal: SessionSignal) -> [HandlerLane] {
        let retries = table.routes.reduce(into: [String: RetryPolicy]()) { $0[$1.name] = $1.retry }
        return table.handlers.enumerated().map { index, binding in
            HandlerLane(
                binding, table, wakes: signal, times: activity?.times[index], routeRetries: retries, clock: clock,
                log: log, logger: logger, unwritten: unwritten)
        }
    }

    private func makePipeline(
        _ source: some EventSource, _ labels: [SessionLabel], _ started: Double?, _ recorded: RecordedOutputs?,
        _ lanes: [HandlerLane],
        _ signal: SessionSignal, run: Int
    ) -> EventPipeline {
        let inbox = SessionInbox(signal: signal)
        let configuration = SessionConfiguration(
            key: source.key, labels: SessionLabel.values(of: labels), source: source.name,
            isInteractive: source.isInteractive, utteranceHold: options.utteranceHold, deadlines: options.deadlines,
            observed: table.observed,
            recordedOutputs: recorded ?? [:], rerunCalls: options.rerunsCalls,
            dialect: options.dialect)
        return EventPipeline(
            table: table, options: options, lanes: lanes, inbox: inbox,
            session: RouterSession(
                key: source.key, labels: labels, isInteractive: source.isInteractive, redaction: table.redaction,
                receive: inbox.put),
            labels: labels, state: SessionState(configuration), awaitsOutputs: recorded == nil, clock: clock,
            isLive: source.isLive,
            time: SessionTime(
                started: started, isInteractive: source.isInteractive, isLive: source.isLive, run: run),
            intervals: intervals, observer: observer,
            explainer: explaining.map { RouteExplainer($0, table) })
    }

    private func report(
        _ loop: SessionLoop, _ lanes: [HandlerLane], _ control: RunControl, seconds: Double
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
        report.undatedRoutes = counts.undatedRoutes.sorted().map { table.routes[$0].name }
        report.sessions = loop.sessionCount
        report.unheardSessions = loop.unheardSessions
        report.sent = loop.sent
        report.durationSeconds = seconds
        report.routes = zip(table.routes, counts.matchedByRoute).map { ($0.name, $1) }
        report.handlers = lanes.map { ($0.name, $0.counters.counts) }
        report.eventsByType = EventType.Code.allCases.compactMap { code in
            let count = counts.byCode[Int(code.rawValue)]
            return count > 0 ? (code == .unknown ? "" : EventType(code).name, count) : nil
        }
        report.summaries = table.handlers.compactMap { binding in
            binding.handler.summary.map { (binding.name, $0) }
        }
        report.explanations = loop.explanations
        report.wasInterrupted = control.isStopping
        report.unwritten = unwritten.files
        return report
    }
}

/// A router that can't do what it was asked for, with the reason.
public struct RouterFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong and what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
