public import ConfigSource
public import RecordFiles
import Synchronization

/// Several sources that run at the same time, each to its end.
///
/// A source that fails does not stop the others; its error is one of ``RunReport/failures``. If there is more than one source, what is sent
/// names its session, as ``OutboundSink/send(_:session:)`` says.
///
/// ```swift
/// let configuration = try RouteConfiguration(path: "routes.yml", registry: .standard)
/// let report = try await router.run(SourceGroup(configuration.sources))
/// ```
public final class SourceGroup: SessionSource {
    private struct Member: Sendable {
        let source: any SessionSource
        /// What it is called in figures.
        let name: String
        var labels: [SessionLabel] = []
        var idleLimit: Duration?
        var limits = SessionLimits()
        var recordings: RecordingFiles?
        var describe: @Sendable (any Error) -> any Error = { $0 }
    }

    /// The names of the sources.
    public var name: String { members.map(\.source.name).joined(separator: ", ") }
    /// Whether one of the sources is live.
    public var isLive: Bool { members.contains(where: \.source.isLive) }

    /// Whether the router may send into sessions of one of the sources.
    public var mayAnswer: Bool { members.contains(where: \.source.mayAnswer) }
    /// The longest of the sources' times.
    public var shutdownTimeout: Duration? { members.compactMap(\.source.shutdownTimeout).max() }

    private let members: [Member]
    private let running = Mutex<(any SourceHost)?>(nil)

    /// Makes a group of the sources of a routes.yml. Their errors begin with the name that the file gives the source.
    public init(_ bindings: [SourceBinding]) {
        members = bindings.map { binding in
            Member(
                source: binding.source, name: binding.name, labels: binding.labels, idleLimit: binding.idleLimit,
                limits: binding.limits,
                recordings: binding.recordings
            ) { error in RouterFailure("source `\(binding.name)`: \(binding.hide("\(error)"))") }
        }
    }

    /// Makes a group of sources. Their errors stay as they are.
    public init(_ sources: [any SessionSource]) {
        members = sources.map { Member(source: $0, name: $0.name) }
    }

    /// How far the run of the group is; zero before it begins. May be called from any thread.
    public var progress: RunProgress { running.withLock { $0 }?.progress ?? RunProgress() }

    /// Runs the sources, and returns when all have ended.
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

/// A source under the name that a routes.yml gives it, with what belongs to this use of it.
public struct SourceBinding: Sendable {
    /// The name; unique among the sources of a file.
    public var name: String
    /// The source.
    public var source: any SessionSource
    /// Labels of all sessions of the source. They count more than those that the source gives a session, and less than those of the
    /// run.
    public var labels: [SessionLabel]
    /// How long nothing may come for a live session before it ends, where the source does not say it; `nil` for no limit.
    public var idleLimit: Duration?
    /// What live sessions may last and cost, where the source does not say it.
    public var limits: SessionLimits
    /// The recordings of its sessions, beside that of the run; nil for none.
    public var recordings: RecordingFiles?
    /// Where the source stands in its file.
    public var location: SourceLocation?
    /// Replaces what must not be shown of a text about the source, such as an error.
    public var hide: @Sendable (String) -> String
    /// What the environment variables hold that stand in its options: nobody may write it down.
    public var secrets = SecretValues()
    /// Says what the source was made of: two bindings with the same name and fingerprint are the same source. By default no other
    /// binding has it, except a copy of this one.
    public var fingerprint: String

    /// Makes a binding.
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
