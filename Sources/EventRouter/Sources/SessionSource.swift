package import ConfigSource
public import Logging
public import RealtimeEvents

/// Something that opens sessions in a router: a file, a pipe, a server that agents connect to.
///
/// ```swift
/// struct Switchboard: SessionSource {
///     let address: String
///     var name: String { address }
///     var isLive: Bool { true }
///
///     func run(_ context: SourceContext) async throws {
///         try await withThrowingDiscardingTaskGroup { group in
///             for try await call in calls(at: address) {
///                 group.addTask {
///                     let session = try context.open(SessionDescription(key: call.id, source: address))
///                     for try await message in call.messages { session.receive(message, from: .server) }
///                     await session.finish()
///                 }
///             }
///         }
///     }
/// }
/// ```
///
/// ## Contract
/// * ``run(_:)`` is called once for each run. It opens sessions with ``SourceContext/open(_:)``, gives them what comes, and returns when
///   the source has ended. Sessions that are open then are ended by the router, which waits for them.
/// * Throwing ends the source's sessions like the end of their connections does; the error stands in ``RunReport/failure``. Before the
///   first session was opened, the router's `run` throws it.
/// * The task is cancelled when the router shuts down; `run(_:)` should then return soon.
public protocol SessionSource: Sendable {
    /// What people call the source, such as a file's path.
    var name: String { get }
    /// Whether the source may open live sessions. Checks of routes.yml ask for it; for each session its ``SessionDescription`` says it.
    var isLive: Bool { get }
    /// Whether the router may send into sessions of the source, so that functions can be called there; by default it may.
    var mayAnswer: Bool { get }
    /// How long sessions may go on when the router is to end, where the operator says nothing; nil for no wish.
    var shutdownTimeout: Duration? { get }

    /// Opens sessions and gives them what comes, until the source has ended.
    ///
    /// - Throws: what ends the source before its time.
    func run(_ context: SourceContext) async throws
}

extension SessionSource {
    /// True.
    public var mayAnswer: Bool { true }
    /// Nil.
    public var shutdownTimeout: Duration? { nil }
}

/// What the router offers a source that runs.
public struct SourceContext: Sendable {
    /// The time to go by.
    public let clock: any RouterClock
    /// Where the source logs.
    public let logger: Logger
    /// A longer event is not routed: it becomes a dead letter.
    public let maxEventBytes: Int
    let host: any SourceHost

    /// How sessions are configured that are opened now, for the source to put it into ``SessionDescription/configuration``; nil if nothing
    /// is said about it. ``Router/replace(_:options:)`` may change it.
    public var session: SessionBlock? { host.session }

    /// The functions that handlers run now, for a source that announces them itself: ``SessionDescription/ownsFunctions``. None in a dry
    /// run.
    public var functions: OfferedFunctions { host.functions }

    /// Waits until the deadline of a shutdown has passed, or the router has stopped: for a source that finishes what it has begun when its
    /// task is cancelled.
    public func waitForShutdownDeadline() async { await host.waitForShutdownDeadline() }

    /// How long nothing may come for a live session of the source, as `session_idle` says; nil for no limit. Sessions that are opened end
    /// then, unless ``SessionDescription/staysIdle`` is set.
    public var idleLimit: Duration? { host.idleLimit }

    /// What live sessions of the source may last and cost, as `max_duration` and `max_cost` say. Sessions that are opened have these limits,
    /// where ``SessionDescription/limits`` has none.
    public var limits: SessionLimits { host.limits }

    /// What the source counts of its own, for metrics.
    public var figures: SourceFigures { host.figures }

    /// Opens a session.
    ///
    /// - Throws: ``RouterFailure`` if the router is not started, or if its key is taken and must not be changed; what making its recording
    ///   throws.
    public func open(_ session: SessionDescription) throws -> AttachedSession { try host.open(session) }

    /// Runs another source as a part of this one, to the end of its sessions. What is sent names its session, as the parts share where it
    /// goes.
    ///
    /// An error of the part ends only its own sessions; it is one of ``RunReport/failures``. Cancelling the task cancels the part.
    ///
    /// - Parameters:
    ///   - part: the source.
    ///   - labels: labels of its sessions. They count more than those that the part gives a session, and less than those of the whole.
    ///   - idleLimit: how long nothing may come for a live session before it ends, where the part does not say it; nil for no limit.
    ///   - limits: what live sessions may last and cost, where the part does not say it; where these have no limit, those of the whole.
    ///   - recordings: the recordings of its sessions; nil for those of the whole.
    public func run(
        _ part: some SessionSource, labels: [SessionLabel] = [], idleLimit: Duration? = nil,
        limits: SessionLimits = SessionLimits(), recordings: RecordingFiles? = nil
    ) async {
        await host.run(
            part, called: nil, in: self, labels: labels, idleLimit: idleLimit, limits: limits, recordings: recordings,
            isAddressed: true,
            logsErrors: part.isLive
        ) { $0 }
    }
}

/// The run of a source, as the source sees it.
protocol SourceHost: AnyObject, Sendable {
    /// How far the run is.
    var progress: RunProgress { get }
    /// How sessions are configured that are opened now.
    var session: SessionBlock? { get }
    /// The functions that handlers run now.
    var functions: OfferedFunctions { get }
    /// Waits until the deadline of a shutdown has passed, or the router has stopped.
    func waitForShutdownDeadline() async
    /// How long nothing may come for a live session.
    var idleLimit: Duration? { get }
    /// What live sessions may last and cost.
    var limits: SessionLimits { get }
    /// What the source counts of its own.
    var figures: SourceFigures { get }

    func open(_ session: SessionDescription) throws -> AttachedSession

    /// Runs another source as a part of this run, to the end of its sessions.
    ///
    /// - Parameters:
    ///   - name: what the source is called in figures; nil for the name of the whole.
    ///   - recordings: the recordings of its sessions; nil for those of the whole.
    ///   - describe: makes the error that is reported from one that the part throws.
    func run(
        _ source: any SessionSource, called name: String?, in context: SourceContext, labels: [SessionLabel],
        idleLimit: Duration?,
        limits: SessionLimits, recordings: RecordingFiles?, isAddressed: Bool, logsErrors: Bool,
        describe: @escaping @Sendable (any Error) -> any Error
    ) async

    /// Takes in an error that ended something before its time, and no session that runs.
    func fail(_ error: any Error)
}

/// A source that says what it needs for itself, so that the check of a routes.yml finds what does not go together.
package protocol CheckedSource: SessionSource {
    /// Whether it reads standard input.
    var readsStandardInput: Bool { get }
    /// The key of its one session, which must not be taken; nil where it has several sessions, or a taken key is changed.
    var onlySessionKey: String? { get }

    /// What of the configuration of sessions does not go with the source; nil if everything does.
    func problem(with session: SessionBlock) -> SourceProblem?
}

extension CheckedSource {
    package var readsStandardInput: Bool { false }
    package var onlySessionKey: String? { nil }

    package func problem(with session: SessionBlock) -> SourceProblem? { nil }
}

/// A key of `session` that does not go with a source.
package struct SourceProblem: Sendable, Hashable {
    /// How bad it is.
    package var severity: Diagnostic.Severity
    /// The key in `session`, such as `audio`.
    package var key: String
    /// What is wrong, without the source's name in front.
    package var message: String
    /// What to do about it.
    package var help: String

    /// A problem from its parts.
    package init(_ severity: Diagnostic.Severity, key: String, _ message: String, help: String) {
        self.severity = severity
        self.key = key
        self.message = message
        self.help = help
    }
}

/// The functions that the router's handlers run, as a source needs them that announces them itself.
public struct OfferedFunctions: Sendable {
    /// The functions that the model is to be told of, as a `session.update` declares them.
    public let announced: [Tool]
    /// The names of all functions, those included that somebody else declares.
    public let names: Set<String>

    /// Functions.
    ///
    /// - Parameters:
    ///   - announced: those that the model is to be told of.
    ///   - names: the names of all of them.
    public init(announced: [Tool] = [], names: Set<String> = []) {
        self.announced = announced
        self.names = names
    }
}
