import ConfigSource
import Logging
import RealtimeEvents
import Synchronization

/// The router's state that sources can read.
struct RouterView: Sendable {
    /// Returns the configuration of sessions that are opened now.
    let session: @Sendable () -> SessionSettings?
    /// Returns the functions that the handlers currently run.
    let functions: @Sendable () -> OfferedFunctions
    /// Finished when a shutdown's deadline has passed or the router has stopped.
    let shutdownDeadline: Completion
}

/// One run of a source or of a part of a source: the sessions that it opens, and their reports.
final class SourceRun: SourceHost {
    private struct State {
        var sessions: [ObjectIdentifier: AttachedSession] = [:]
        /// The running parts.
        var parts: [ObjectIdentifier: SourceRun] = [:]
        var hasOpened = false
        var isCancelled = false
        var reader: Task<Void, any Error>?
        /// Whether reading ends when all sessions have failed, as for a source of lines.
        var endsWithSessions = false
        /// Whether the source has ended, so that it may open no more sessions.
        var hasEnded = false
        /// Whether no session is left, and the last one failed or reached a limit.
        var allSessionsFailed = false
        var report: RunReport?
        var reports: [RunReport] = []
        var earlierReports = 0
        var endedSessions = 0
    }

    /// The number of sessions whose reports are kept.
    private static let keptReports = 1000

    /// Opens a session with the recordings of its source. `isFirst` is true for the run's first session. The closure is
    /// called at the session's end.
    typealias SessionOpener =
        @Sendable (
            SessionDescription, _ isFirst: Bool, RecordingFiles?, @escaping @Sendable (AttachedSession) -> Void
        ) throws -> AttachedSession

    private let attach: SessionOpener
    private let router: RouterView
    private let labels: [SessionLabel]
    private let environment: RouterEnvironment
    /// The idle limit of live sessions if the source sets none.
    let idleLimit: Duration?
    /// The limits of live sessions if the source sets none.
    let limits: SessionLimits
    /// Whether client events name their session.
    private let isAddressed: Bool
    /// Whether sources may have recordings.
    private let isRecorded: Bool
    private let figureRegistry: SourceFigureRegistry
    /// The source's name in metrics.
    private let name: String
    /// The recordings of the source's sessions; nil if there are none.
    private let recordings: RecordingFiles?
    /// Converts an error of the source into the error that is reported.
    private let describe: @Sendable (any Error) -> any Error
    /// The log of errors as they happen; nil if they are only reported at the end.
    private let logger: Logger?
    /// The run that this one is a part of; nil if it is not a part.
    private let parent: SourceRun?
    private let state = Mutex(State())

    init(
        labels: [SessionLabel], environment: RouterEnvironment, idleLimit: Duration? = nil,
        limits: SessionLimits = SessionLimits(), isAddressed: Bool = false,
        isRecorded: Bool, figureRegistry: SourceFigureRegistry, name: String, recordings: RecordingFiles? = nil,
        describe: @escaping @Sendable (any Error) -> any Error = { $0 }, logger: Logger? = nil,
        partOf parent: SourceRun? = nil,
        router: RouterView, attach: @escaping SessionOpener
    ) {
        self.router = router
        self.labels = labels
        self.environment = environment
        self.idleLimit = idleLimit
        self.limits = limits
        self.isAddressed = isAddressed
        self.isRecorded = isRecorded
        self.figureRegistry = figureRegistry
        self.name = PrintableText(name, longest: 100).description
        self.recordings = isRecorded ? recordings : nil
        self.describe = describe
        self.logger = logger
        self.parent = parent
        self.attach = attach
    }

    var session: SessionSettings? { router.session() }

    var functions: OfferedFunctions { router.functions() }

    func waitForShutdownDeadline() async { try? await router.shutdownDeadline.wait() }

    var hasOpened: Bool { state.withLock { $0.hasOpened } }

    /// Whether the run or any of its parts has opened a session.
    private var hasOpenedAny: Bool { parent?.hasOpenedAny ?? hasOpened }

    private func noteOpening() {
        state.withLock { $0.hasOpened = true }
        parent?.noteOpening()
    }

    /// The progress of the run.
    var progress: RunProgress {
        let (ended, sessions, parts) = state.withLock { state in
            (
                RunProgress(ended: state.endedSessions, events: state.report?.events ?? 0),
                Array(state.sessions.values), Array(state.parts.values)
            )
        }
        return (sessions.map(\.progress) + parts.map(\.runningProgress)).reduce(into: ended) { $0.add($1) }
    }

    /// The progress of the running sessions. The parent has counted those that have ended.
    private var runningProgress: RunProgress {
        let (sessions, parts) = state.withLock { (Array($0.sessions.values), Array($0.parts.values)) }
        return (sessions.map(\.progress) + parts.map(\.runningProgress)).reduce(into: RunProgress()) { $0.add($1) }
    }

    /// The metrics that the source reports about itself.
    var figures: SourceMetrics { SourceMetrics(figureRegistry, source: name) }

    fileprivate func makePart(
        name: String?, labels: [SessionLabel], idleLimit: Duration?, limits: SessionLimits, recordings: RecordingFiles?,
        isAddressed: Bool, describe: @escaping @Sendable (any Error) -> any Error, logger: Logger?
    ) -> SourceRun {
        let describeAll = self.describe
        let names = Set(self.labels.map(\.name))
        return SourceRun(
            labels: labels.filter { !names.contains($0.name) } + self.labels,
            environment: environment, idleLimit: idleLimit ?? self.idleLimit,
            limits: limits.filled(by: self.limits),
            isAddressed: isAddressed || self.isAddressed, isRecorded: isRecorded, figureRegistry: figureRegistry,
            name: name ?? self.name,
            recordings: recordings ?? self.recordings, describe: { describeAll(describe($0)) },
            logger: logger ?? self.logger,
            partOf: self,
            router: router, attach: attach)
    }

    fileprivate func begin(_ part: SourceRun) {
        let isCancelled = state.withLock { state in
            state.parts[ObjectIdentifier(part)] = part
            return state.isCancelled
        }
        if isCancelled { part.cancel() }
    }

    fileprivate func end(_ part: SourceRun) { state.withLock { $0.parts[ObjectIdentifier(part)] = nil } }

    /// The report of the run.
    var report: RunReport {
        state.withLock { state in
            var report = state.report ?? RunReport()
            if state.reports.count > 1 {
                report.parts = state.reports
                report.earlierParts = state.earlierReports
                report.session = nil
            }
            return report
        }
    }

    func open(_ session: SessionDescription) throws -> AttachedSession {
        var description = session
        let names = Set(labels.map(\.name))
        description.labels = session.labels.filter { !names.contains($0.name) } + labels
        if isAddressed { description.isAddressed = true }
        if description.isLive, description.idleLimit == nil, !description.ignoresIdleLimit {
            description.idleLimit = idleLimit
        }
        description.figuresName = name
        if description.isLive {
            description.limits = description.limits.filled(by: limits)
            description.waitingBytes = figures.gauge("waiting_bytes")
        }
        guard !state.withLock({ $0.hasEnded }) else { throw RouterFailure("the source has ended") }
        let attached = try attach(description, !hasOpenedAny, recordings, ended)
        noteOpening()
        let (isCancelled, isLate) = state.withLock { state in
            // The session may be over already.
            if !attached.isOver { state.sessions[ObjectIdentifier(attached)] = attached }
            return (state.isCancelled, state.hasEnded)
        }
        if isCancelled { Self.cancel(attached) }
        if isLate { attached.end(SourceEnd()) }
        return attached
    }

    private func ended(_ session: AttachedSession) {
        var part = session.report
        part.failures = part.failures.map(reported)
        // Report to the parent first, because it may end as soon as this run has no sessions.
        parent?.add(part)
        let reader = state.withLock { state in
            state.sessions[ObjectIdentifier(session)] = nil
            Self.add(part, &state)
            if part.failure != nil || session.hasReachedLimit, state.sessions.isEmpty { state.allSessionsFailed = true }
            return state.allSessionsFailed && state.endsWithSessions ? state.reader : nil
        }
        reader?.cancel()
    }

    private func add(_ part: RunReport) {
        parent?.add(part)
        state.withLock { Self.add(part, &$0) }
    }

    private static func add(_ part: RunReport, _ state: inout State) {
        state.endedSessions += 1
        if state.report == nil { state.report = part } else { state.report?.add(part) }
        guard !part.isEmpty else { return }
        if state.reports.count == keptReports {
            state.reports.removeFirst()
            state.earlierReports += 1
        }
        state.reports.append(part)
    }

    /// Reports an error that belongs to no running session.
    func fail(_ error: any Error) { add(failure: reported(error)) }

    /// Converts an error of the source or of its sessions into the error that is reported, and logs it.
    private func reported(_ error: any Error) -> any Error {
        guard !(error is CancellationError) else { return error }
        let described = describe(error)
        logger?.error("\(described)")
        return described
    }

    private func add(failure error: any Error) {
        state.withLock { state in
            if state.report == nil { state.report = RunReport() }
            state.report?.add(failure: error)
        }
        parent?.add(failure: error)
    }

    /// Sets the task in which the source runs.
    ///
    /// - Parameter isOver: Whether to cancel the task when all sessions have failed, as for a source of lines.
    func begin(_ reader: Task<Void, any Error>, isOver: Bool) {
        let allSessionsFailed = state.withLock { state in
            state.reader = reader
            state.endsWithSessions = isOver
            return state.allSessionsFailed && isOver
        }
        if allSessionsFailed { reader.cancel() }
    }

    /// Ends the open sessions, and waits for them.
    func end(_ result: Result<Void, any Error>) async {
        var end = SourceEnd()
        if case .failure(let error) = result { end.failure = error }
        let sessions = state.withLock { state in
            state.hasEnded = true
            return Array(state.sessions.values)
        }
        let isTaken = sessions.map { $0.end(end) }.contains(true)
        // The error is reported by the sessions that it ended; if it ended none, report it here.
        if let failure = end.failure, !isTaken, !(failure is CancellationError) { fail(failure) }
        for session in sessions { await session.waitUntilOver() }
    }

    /// Ends the sessions immediately, and cancels calls and handlers.
    func cancel() {
        let (sessions, parts) = state.withLock { state in
            state.isCancelled = true
            return (Array(state.sessions.values), Array(state.parts.values))
        }
        for session in sessions { Self.cancel(session) }
        for part in parts { part.cancel() }
    }

    private static func cancel(_ session: AttachedSession) {
        session.control.stop()
        session.control.expire()
    }
}

extension SourceRun {
    /// Runs another source as a part of this run, until its sessions have ended.
    ///
    /// - Parameters:
    ///   - logsErrors: Whether errors are logged as they happen.
    ///   - describe: Converts an error of the part into the error that is reported.
    func run(
        _ source: any SessionSource, called name: String?, in context: SourceContext, labels: [SessionLabel],
        idleLimit: Duration?,
        limits: SessionLimits, recordings: RecordingFiles?, isAddressed: Bool, logsErrors: Bool,
        describe: @escaping @Sendable (any Error) -> any Error
    ) async {
        let part = makePart(
            name: name, labels: labels, idleLimit: idleLimit, limits: limits, recordings: recordings,
            isAddressed: isAddressed,
            describe: describe,
            logger: logsErrors ? context.logger : nil)
        let removal: Task<Void, any Error>?
        do { removal = try part.removeOldRecordings(isRecorded ? recordings : nil, context) } catch {
            return part.fail(error)
        }
        defer { removal?.cancel() }
        begin(part)
        let partContext = SourceContext(
            clock: context.clock, logger: context.logger, maxEventBytes: context.maxEventBytes, host: part)
        let reader = environment.throwingTask { try await source.run(partContext) }
        part.begin(reader, isOver: source is any EventSource)
        let result = await withTaskCancellationHandler {
            await reader.result
        } onCancel: {
            reader.cancel()
        }
        await part.end(Self.outcome(result, of: reader))
        end(part)
    }

    /// Deletes recordings that are older than they are kept, now and once an hour until the task is cancelled.
    ///
    /// - Throws: `FileFailure` if a recording cannot be deleted now. Later failures are logged.
    private func removeOldRecordings(_ recordings: RecordingFiles?, _ context: SourceContext) throws -> Task<
        Void, any Error
    >? {
        guard let recordings, recordings.keep != nil else { return nil }
        try recordings.forgetOld(now: context.clock.wallTime)
        return environment.throwingTask { [logger = context.logger, clock = context.clock] in
            while true {
                try await clock.sleep(for: .seconds(3600))
                do { try recordings.forgetOld(now: clock.wallTime) } catch {
                    logger.warning("an old recording cannot be removed", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// The result of a source's task. A cancelled task that throws `CancellationError` has succeeded.
    static func outcome(_ result: Result<Void, any Error>, of reader: Task<Void, any Error>) -> Result<Void, any Error>
    {
        if case .failure(let error) = result, error is CancellationError, reader.isCancelled { return .success(()) }
        return result
    }
}
