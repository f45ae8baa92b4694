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
