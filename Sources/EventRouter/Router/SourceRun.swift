import ConfigSource
import Logging
import RealtimeEvents
import Synchronization

/// What a source may know of the router that runs it.
struct RouterView: Sendable {
    /// How sessions are configured that are opened now.
    let session: @Sendable () -> SessionBlock?
    /// The functions that handlers run now.
    let functions: @Sendable () -> OfferedFunctions
    /// Told when the deadline of a shutdown has passed, or the router has stopped.
    let shutdownDeadline: Completion
}

/// One run of a source, or of a part of one: the sessions that it opens, and what they come to.
final class SourceRun: SourceHost {
    private struct State {
        var sessions: [ObjectIdentifier: AttachedSession] = [:]
        /// The parts that run.
        var parts: [ObjectIdentifier: SourceRun] = [:]
        var hasOpened = false
        var isCancelled = false
        var reader: Task<Void, any Error>?
        /// Whether a source of lines is over when its sessions have failed.
        var endsWithSessions = false
        /// Whether the source has ended, so that no session begins.
        var hasEnded = false
        /// Whether no session is left, and the last one failed.
        var isUnwanted = false
        var report: RunReport?
        var reports: [RunReport] = []
        var earlierReports = 0
        var endedSessions = 0
    }

    /// Of so many sessions it is kept what each came to.
    private static let keptReports = 1000

    /// Makes a session, the first one or another, with the recordings of its source; the closure is called at its end.
    typealias Attaching =
        @Sendable (
            SessionDescription, _ isFirst: Bool, RecordingFiles?, @escaping @Sendable (AttachedSession) -> Void
        ) throws -> AttachedSession

    private let attach: Attaching
    private let router: RouterView
    private let labels: [SessionLabel]
    private let environment: RouterEnvironment
    /// How long nothing may come for a live session whose source does not say it.
    let idleLimit: Duration?
    /// What live sessions may last and cost whose source does not say it.
    let limits: SessionLimits
    /// Whether what is sent names its session.
    private let isAddressed: Bool
    /// Whether sources may have recordings.
    private let isRecorded: Bool
    private let board: FigureBoard
    /// What the source is called in figures.
    private let name: String
    /// The recordings of the source's sessions, if there are to be some.
    private let recordings: RecordingFiles?
    /// Makes the error that is reported from one of the source.
    private let describe: @Sendable (any Error) -> any Error
    /// Where errors are logged as they happen; nil if their report at the end is soon enough.
    private let logger: Logger?
    /// The run that this one is a part of.
    private let whole: SourceRun?
    private let state = Mutex(State())

    init(
        labels: [SessionLabel], environment: RouterEnvironment, idleLimit: Duration? = nil,
        limits: SessionLimits = SessionLimits(), isAddressed: Bool = false,
        isRecorded: Bool, board: FigureBoard, name: String, recordings: RecordingFiles? = nil,
        describe: @escaping @Sendable (any Error) -> any Error = { $0 }, logger: Logger? = nil,
        partOf whole: SourceRun? = nil,
        router: RouterView, attach: @escaping Attaching
    ) {
        self.router = router
        self.labels = labels
        self.environment = environment
        self.idleLimit = idleLimit
        self.limits = limits
        self.isAddressed = isAddressed
        self.isRecorded = isRecorded
        self.board = board
        self.name = PrintableText(name, longest: 100).description
        self.recordings = isRecorded ? recordings : nil
        self.describe = describe
        self.logger = logger
        self.whole = whole
        self.attach = attach
    }

    var session: SessionBlock? { router.session() }

    var functions: OfferedFunctions { router.functions() }

    func waitForShutdownDeadline() async { try? await router.shutdownDeadline.wait() }

    var hasOpened: Bool { state.withLock { $0.hasOpened } }

    /// Whether the whole run has opened a session.
    private var hasOpenedAny: Bool { whole?.hasOpenedAny ?? hasOpened }

    private func noteOpening() {
        state.withLock { $0.hasOpened = true }
        whole?.noteOpening()
    }

    /// How far the run is.
    var progress: RunProgress {
        let (ended, sessions, parts) = state.withLock { state in
            (
                RunProgress(ended: state.endedSessions, events: state.report?.events ?? 0),
                Array(state.sessions.values), Array(state.parts.values)
            )
        }
        return (sessions.map(\.progress) + parts.map(\.runningProgress)).reduce(into: ended) { $0.add($1) }
    }

    /// How far the sessions are that run: those that have ended the whole has counted.
    private var runningProgress: RunProgress {
        let (sessions, parts) = state.withLock { (Array($0.sessions.values), Array($0.parts.values)) }
        return (sessions.map(\.progress) + parts.map(\.runningProgress)).reduce(into: RunProgress()) { $0.add($1) }
    }

    /// What the source counts of its own.
    var figures: SourceFigures { SourceFigures(board, source: name) }

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
            isAddressed: isAddressed || self.isAddressed, isRecorded: isRecorded, board: board, name: name ?? self.name,
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

    /// What the run came to.
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
        if description.isLive, description.idleLimit == nil, !description.staysIdle {
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
            // It may be over already.
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
        // First, as the whole may end as soon as this run has no sessions any more.
        whole?.add(part)
        let reader = state.withLock { state in
            state.sessions[ObjectIdentifier(session)] = nil
            Self.add(part, &state)
            if part.failure != nil || session.hasReachedLimit, state.sessions.isEmpty { state.isUnwanted = true }
            return state.isUnwanted && state.endsWithSessions ? state.reader : nil
        }
        reader?.cancel()
    }

    private func add(_ part: RunReport) {
        whole?.add(part)
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

    /// Takes in an error that ended something before its time, and no session that runs.
    func fail(_ error: any Error) { add(failure: reported(error)) }

    /// An error of the source or of one of its sessions, as it is reported.
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
        whole?.add(failure: error)
    }

    /// The source runs in a task.
    ///
    /// - Parameter isOver: Whether nothing more is wanted of it when its sessions have failed, as of one that reads lines for them.
    func begin(_ reader: Task<Void, any Error>, isOver: Bool) {
        let isUnwanted = state.withLock { state in
            state.reader = reader
            state.endsWithSessions = isOver
            return state.isUnwanted && isOver
        }
        if isUnwanted { reader.cancel() }
    }

    /// Ends the sessions that are open, and waits for them.
    func end(_ result: Result<Void, any Error>) async {
        var end = SourceEnd()
        if case .failure(let error) = result { end.failure = error }
        let sessions = state.withLock { state in
            state.hasEnded = true
            return Array(state.sessions.values)
        }
        let isTaken = sessions.map { $0.end(end) }.contains(true)
        // The error belongs to the sessions that it ended; where it ended none, it stands alone.
        if let failure = end.failure, !isTaken, !(failure is CancellationError) { fail(failure) }
        for session in sessions { await session.waitUntilOver() }
    }

    /// Ends the sessions now: calls and handlers are cancelled.
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
    /// Runs another source as a part of this run, to the end of its sessions.
    ///
    /// - Parameters:
    ///   - logsErrors: whether errors are logged as they happen.
    ///   - describe: makes the error that is reported from one that the part throws.
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
        let keeping: Task<Void, any Error>?
        do { keeping = try part.keep(isRecorded ? recordings : nil, context) } catch { return part.fail(error) }
        defer { keeping?.cancel() }
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

    /// Removes recordings that are older than they are kept, now and once an hour until the task is cancelled.
    ///
    /// - Throws: `FileFailure` when one cannot be removed now. Later that is logged.
    private func keep(_ recordings: RecordingFiles?, _ context: SourceContext) throws -> Task<Void, any Error>? {
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

    /// What a source's task came to. One that was cancelled, and says only that, has ended well.
    static func outcome(_ result: Result<Void, any Error>, of reader: Task<Void, any Error>) -> Result<Void, any Error>
    {
        if case .failure(let error) = result, error is CancellationError, reader.isCancelled { return .success(()) }
        return result
    }
}
