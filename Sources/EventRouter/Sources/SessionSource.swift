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

/// What a session is before its first event.
public struct SessionDescription: Sendable {
    /// What to do when a session with the same key runs.
    public enum TakenKey: Sendable, Hashable {
        /// The session gets the key with `#2`, `#3`, … behind it.
        case number
        /// The session is not opened.
        case refuse
    }

    /// The session's key.
    public var key: String
    /// What to do when a session with the same key runs.
    public var takenKey: TakenKey
    /// Where its events come from, for people; it stands in `router.session.started`.
    public var source: String
    /// Whether somebody answers: a live socket does, a recorded file does not. An event without a time then gets its arrival time.
    public var isInteractive: Bool
    /// Whether its events come as they happen. While none comes the time then goes on by the router's clock.
    public var isLive: Bool
    /// Labels that the source knows. Those that the caller of the run gave count more.
    public var labels: [SessionLabel]
    /// The server's id of the session, where it is known before the server says it.
    public var sessionID: String?
    /// How long nothing may come before the session ends, with the reason `idle`; nil for no limit.
    public var idleLimit: Duration?
    /// What the session may last and cost; only for live sessions.
    public var limits = SessionLimits()
    /// Whether the session goes on however long nothing comes, because the source does something else about it than to end the session.
    public var staysIdle = false
    /// Whether the source reads ``AttachedSession/outbound`` itself, as one does that has a connection of its own. Otherwise client events
    /// go to the `outbound` of the router's `run`.
    public var readsOutbound = false
    /// How the router configures the session, in one `session.update` behind the server's `session.created`; nil if it only announces
    /// functions. For a source that has a connection of its own: ``readsOutbound``.
    public var configuration: SessionBlock?
    /// Whether the configuration is sent at once, as the first event: the server never says that the session was created, as on a connection
    /// beside that of a call.
    public var configuresAtOnce = false
    /// Whether the router may send: not where somebody else holds the conversation and the router only watches it. Calls are left to the
    /// client then, no function is announced, and what handlers send is reported as unsent, with the reason `session_observed`.
    public var mayAnswer = true
    /// Whether a shutdown lets the session go on until its source ends it, or the deadline of the shutdown has passed.
    public var outlastsShutdown = false
    /// Whether the source sees to it that the session transcribes what its user says, so that nobody need be warned.
    public var isTranscribed = false
    /// Whether the source announces the router's functions itself, with ``AttachedSession/configure(_:)``, and keeps their calls from a
    /// client. The router answers all of those then, also where no route takes one.
    public var ownsFunctions = false
    /// Whether what is sent names the session, as it goes the same way as that of others.
    public var isAddressed = false
    /// The name that it has there; nil for its key.
    public var address: String?
    /// What its source is called in figures.
    var figuresName = "app"
    /// Where the bytes of messages that wait to be routed are counted; nil for nowhere.
    var waitingBytes: SourceGauge?
    /// The outputs of function calls that the recording's client sent.
    public var recordedOutputs: RecordedOutputs = [:]
    /// Reads ahead further ones, once, before the first envelope is routed; nil when there are none.
    public var outputsAhead: (@Sendable () async throws -> RecordedOutputs)?

    /// Describes a session; without further arguments a live one.
    public init(
        key: String, takenKey: TakenKey = .number, source: String, isInteractive: Bool = true, isLive: Bool = true,
        labels: [SessionLabel] = [], sessionID: String? = nil, idleLimit: Duration? = nil
    ) {
        self.key = key
        self.takenKey = takenKey
        self.source = source
        self.isInteractive = isInteractive
        self.isLive = isLive
        self.labels = labels
        self.sessionID = sessionID
        self.idleLimit = idleLimit
    }
}
