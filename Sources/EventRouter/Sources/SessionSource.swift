package import ConfigSource
public import Logging

/// A source that opens sessions in a router: a file, a pipe, a server that agents connect to.
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
/// * The router calls ``run(_:)`` once for each run. It opens sessions with ``SourceContext/open(_:)``, passes them
///   their messages, and returns when the source has ended. The router then ends the sessions that are still open, and
///   waits for them.
/// * Throwing ends the source's sessions like the end of their connections. The error becomes ``RunReport/failure``. If
///   no session was opened yet, the router's `run` throws it.
/// * The task is cancelled when the router shuts down; `run(_:)` should then return soon.
public protocol SessionSource: Sendable {
    /// The source's name for people, such as a file's path.
    var name: String { get }
    /// Whether the source may open live sessions. The check of routes.yml uses it; each session states its own in its
    /// ``SessionDescription``.
    var isLive: Bool { get }
    /// Whether the router may send client events into the source's sessions, so that it can answer function calls. The
    /// default is true.
    var maySendClientEvents: Bool { get }
    /// The time that sessions get to finish at shutdown if the operator sets none; nil, the default, for no preference.
    var shutdownTimeout: Duration? { get }

    /// Opens sessions and passes them their messages, until the source has ended.
    ///
    /// - Throws: An error that ends the source early.
    func run(_ context: SourceContext) async throws
}

extension SessionSource {
    /// True.
    public var maySendClientEvents: Bool { true }
    /// Nil.
    public var shutdownTimeout: Duration? { nil }
}

/// The router's services for a running source.
public struct SourceContext: Sendable {
    /// The clock to use.
    public let clock: any RouterClock
    /// The logger to use.
    public let logger: Logger
    /// The largest size of an event, in bytes. A larger event becomes a dead letter.
    public let maxEventBytes: Int
    let host: any SourceHost

    /// The configuration of sessions that are opened now, to be set as ``SessionDescription/configuration``; nil if
    /// there is none. ``Router/replace(_:options:)`` may change it.
    public var session: SessionSettings? { host.session }

    /// The functions that the handlers currently run, for a source that announces functions itself
    /// (``SessionDescription/ownsFunctions``). Empty in a dry run.
    public var functions: OfferedFunctions { host.functions }

    /// Waits until a shutdown's deadline has passed or the router has stopped. For a source that finishes its work
    /// after its task is cancelled.
    public func waitForShutdownDeadline() async { await host.waitForShutdownDeadline() }

    /// The `session_idle` limit of the source's live sessions; nil for no limit. It applies to all sessions that the
    /// source opens, unless ``SessionDescription/ignoresIdleLimit`` is set.
    public var idleLimit: Duration? { host.idleLimit }

    /// The `max_duration` and `max_cost` of the source's live sessions. They apply where ``SessionDescription/limits``
    /// sets none.
    public var limits: SessionLimits { host.limits }

    /// The metrics that the source reports about itself.
    public var figures: SourceMetrics { host.figures }

    /// Opens a session.
    ///
    /// - Throws: ``RouterFailure`` if the router is not started, or if the key is taken and must not be changed; an
    ///   error of making the recording.
    public func open(_ session: SessionDescription) throws -> AttachedSession { try host.open(session) }

    /// Runs another source as a part of this one, until its sessions have ended. Client events name their session,
    /// because all parts share one output.
    ///
    /// An error of the part ends only the part's sessions, and is added to ``RunReport/failures``. Cancelling the task
    /// cancels the part.
    ///
    /// - Parameters:
    ///   - part: the source.
    ///   - labels: Labels of its sessions. They override labels that the part sets, and are overridden by labels of the
    ///     whole source.
    ///   - idleLimit: The idle limit of its live sessions if the part sets none; nil for no limit.
    ///   - limits: The limits of its live sessions if the part sets none; limits that are nil here are those of the
    ///     whole source.
    ///   - recordings: The recordings of its sessions; nil for those of the whole source.
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

/// The interface between a running source and the router.
protocol SourceHost: AnyObject, Sendable {
    /// The progress of the run.
    var progress: RunProgress { get }
    /// The configuration of sessions that are opened now.
    var session: SessionSettings? { get }
    /// The functions that the handlers currently run.
    var functions: OfferedFunctions { get }
    /// Waits until a shutdown's deadline has passed or the router has stopped.
    func waitForShutdownDeadline() async
    /// The idle limit of live sessions.
    var idleLimit: Duration? { get }
    /// The limits of live sessions.
    var limits: SessionLimits { get }
    /// The metrics that the source reports about itself.
    var figures: SourceMetrics { get }

    func open(_ session: SessionDescription) throws -> AttachedSession

    /// Runs another source as a part of this run, until its sessions have ended.
    ///
    /// - Parameters:
    ///   - name: The source's name in metrics; nil for the name of the whole source.
    ///   - recordings: The recordings of its sessions; nil for those of the whole source.
    ///   - describe: Converts an error of the part into the error that is reported.
    func run(
        _ source: any SessionSource, called name: String?, in context: SourceContext, labels: [SessionLabel],
        idleLimit: Duration?,
        limits: SessionLimits, recordings: RecordingFiles?, isAddressed: Bool, logsErrors: Bool,
        describe: @escaping @Sendable (any Error) -> any Error
    ) async

    /// Reports an error that belongs to no running session.
    func fail(_ error: any Error)
}

/// A source that declares what it needs, so that the check of a routes.yml finds conflicts.
package protocol CheckedSource: SessionSource {
    /// Whether the source reads standard input.
    var readsStandardInput: Bool { get }
    /// The key of the source's only session, if no other session may have that key. Nil if the source has several
    /// sessions, or the key may be changed.
    var onlySessionKey: String? { get }

    /// Returns a key of `session` that the source does not support; nil if it supports all keys.
    func problem(with session: SessionSettings) -> SourceProblem?
}

extension CheckedSource {
    package var readsStandardInput: Bool { false }
    package var onlySessionKey: String? { nil }

    package func problem(with session: SessionSettings) -> SourceProblem? { nil }
}

/// A key of `session` that a source does not support.
package struct SourceProblem: Sendable, Hashable {
    /// The severity.
    package var severity: Diagnostic.Severity
    /// The key in `session`, such as `audio`.
    package var key: String
    /// What is wrong, without the source's name.
    package var message: String
    /// What to do about it.
    package var help: String

    /// Creates a problem with a setting.
    package init(_ severity: Diagnostic.Severity, key: String, _ message: String, help: String) {
        self.severity = severity
        self.key = key
        self.message = message
        self.help = help
    }
}
