public import ConfigSource
public import RecordFiles

/// A handler under the name that routes use, with what belongs to this use of it.
public struct HandlerBinding: Sendable {
    /// The name; unique in a table.
    public var name: String
    /// The handler.
    public var handler: any EventHandler
    /// The bound of its queue in each session.
    public var queue: QueuePolicy
    /// How often a failed delivery is tried.
    public var retry: RetryPolicy
    /// Where it stands in its file.
    public var location: SourceLocation?
    /// Replaces what must not be shown of a text about the handler, such as an error, for messages, dead letters and the log. A
    /// binding from a routes.yml shows `${NAME}` where the text would show what that variable holds.
    public var hide: @Sendable (String) -> String

    /// What the environment variables hold that stand in its options; added to the handler's own ``EventHandler/secrets``.
    public var secrets = SecretValues()

    /// Makes a binding.
    public init(
        _ name: String, _ handler: any EventHandler, queue: QueuePolicy = QueuePolicy(), retry: RetryPolicy = .once,
        location: SourceLocation? = nil, hide: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.name = name
        self.handler = handler
        self.queue = queue
        self.retry = retry
        self.location = location
        self.hide = hide
    }
}
