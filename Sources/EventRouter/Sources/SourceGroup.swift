public import ConfigSource
public import RecordFiles
import Synchronization

/// Several sources that run at the same time.
///
/// A source that fails does not stop the others; its error is added to ``RunReport/failures``. If there is more than
/// one source, client events name their session, as ``OutboundSink/send(_:session:)`` describes.
///
/// ```swift
/// let configuration = try RouteConfiguration(path: "routes.yml", registry: .standard)
/// let report = try await router.run(SourceGroup(configuration.sources))
/// ```
public final class SourceGroup: SessionSource {
    private struct Member: Sendable {
        let source: any SessionSource
        /// The source's name in metrics.
        let name: String
        var labels: [SessionLabel] = []
        var idleLimit: Duration?
        var limits = SessionLimits()
        var recordings: RecordingFiles?
        var describe: @Sendable (any Error) -> any Error = { $0 }
    }

    /// The names of the sources.
    public var name: String { members.map(\.source.name).joined(separator: ", ") }
    /// Whether any source is live.
    public var isLive: Bool { members.contains(where: \.source.isLive) }

    /// Whether the router may send client events into the sessions of any source.
    public var maySendClientEvents: Bool { members.contains(where: \.source.maySendClientEvents) }
    /// The longest shutdown timeout of the sources.
    public var shutdownTimeout: Duration? { members.compactMap(\.source.shutdownTimeout).max() }

    private let members: [Member]
    private let running = Mutex<(any SourceHost)?>(nil)

    /// Creates a group of the sources of a routes.yml. Each error message begins with the source's name in the file.
    public init(_ bindings: [SourceBinding]) {
        members = bindings.map { binding in
            Member(
                source: binding.source, name: binding.name, labels: binding.labels, idleLimit: binding.idleLimit,
                limits: binding.limits,
                recordings: binding.recordings
            ) { error in RouterFailure("source `\(binding.name)`: \(binding.hide("\(error)"))") }
        }
    }

    /// Creates a group of sources. Errors are reported unchanged.
    public init(_ sources: [any SessionSource]) {
        members = sources.map { Member(source: $0, name: $0.name) }
    }

    /// The progress of the group's run; zero before it begins. Any thread may read it.
    public var progress: RunProgress { running.withLock { $0 }?.progress ?? RunProgress() }

    /// Runs the sources; returns when all have ended.
    public func run(_ context: SourceContext) async throws {
        running.withLock { $0 = context.host }
        await withTaskGroup(of: Void.self) { group in
            for member in members { group.addTask { [self] in await run(member, context) } }
        }
    }

    private func run(_ member: Member, _ context: SourceContext) async {
        await context.host.run(
            member.source, called: member.name, in: context, labels: member.labels, idleLimit: member.idleLimit,
            limits: member.limits,
            recordings: member.recordings, isAddressed: members.count > 1,
            logsErrors: members.count > 1 && isLive, describe: member.describe)
    }
}

/// A source with its name and settings from a routes.yml.
public struct SourceBinding: Sendable {
    /// The name, unique among the sources of a file.
    public var name: String
    /// The source.
    public var source: any SessionSource
    /// Labels of all sessions of the source. They override labels that the source sets, and are overridden by labels of
    /// the run.
    public var labels: [SessionLabel]
    /// The idle limit of live sessions if the source sets none; nil for no limit.
    public var idleLimit: Duration?
    /// The limits of live sessions if the source sets none.
    public var limits: SessionLimits
    /// The recordings of its sessions, in addition to that of the run; nil if there are none.
    public var recordings: RecordingFiles?
    /// The source's location in its file.
    public var location: SourceLocation?
    /// Replaces secrets in a text about the source, such as an error message.
    public var hide: @Sendable (String) -> String
    /// The values of the environment variables in its options. They are never written.
    public var secrets = SecretValues()
    /// Identifies the source's type and options: two bindings with equal names and fingerprints are the same source. By
    /// default only copies of this binding have its fingerprint.
    public var fingerprint: String

    /// Creates a binding.
    public init(
        _ name: String, _ source: any SessionSource, labels: [SessionLabel] = [], idleLimit: Duration? = nil,
        limits: SessionLimits = SessionLimits(), recordings: RecordingFiles? = nil, location: SourceLocation? = nil,
        hide: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.name = name
        self.source = source
        self.labels = labels
        self.idleLimit = idleLimit
        self.limits = limits
        self.recordings = recordings
        self.location = location
        self.hide = hide
        fingerprint = "made in code \(Self.made.add(1, ordering: .relaxed).newValue)"
    }

    private static let made = Atomic<Int>(0)
}
