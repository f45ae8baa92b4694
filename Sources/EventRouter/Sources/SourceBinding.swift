public import ConfigSource
public import RecordFiles
import Synchronization

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
