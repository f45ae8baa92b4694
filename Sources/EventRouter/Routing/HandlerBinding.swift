public import ConfigSource
public import RecordFiles
import Synchronization

/// A handler with its name and settings in a route table.
public struct HandlerBinding: Sendable {
    /// The name, unique in a table.
    public var name: String
    /// The handler.
    public let handler: any EventHandler
    /// The handler's capabilities.
    package let roles: HandlerRoles
    /// The bounds of its queues.
    public var queue: QueuePolicy
    /// The timeout of a delivery or a batch; nil if there is none. At the timeout, the router cancels the handler, and
    /// the delivery fails as if the handler had thrown.
    public var timeout: Duration?
    /// The number of attempts at a delivery, and the delay between them.
    public var retry: RetryPolicy
    /// The handler's location in its file.
    public var location: SourceLocation?
    /// Replaces secrets in a text about the handler, such as an error, for messages, dead letters and the log. A
    /// binding from a routes.yml replaces the values of variables with `${NAME}`.
    public var hide: @Sendable (String) -> String

    /// Identifies the handler's type and options. If ``Router/replace(_:options:)`` finds a binding with the same name
    /// and fingerprint, the running handler continues. By default only copies of this binding have its fingerprint.
    public var fingerprint: String

    /// The values of the environment variables in its options, in addition to the handler's own
    /// ``SecretKeeping/secrets``.
    public var secrets = SecretValues()

    /// Creates a binding.
    public init(
        _ name: String, _ handler: any EventHandler, queue: QueuePolicy = QueuePolicy(), timeout: Duration? = nil,
        retry: RetryPolicy = .once, location: SourceLocation? = nil,
        hide: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.name = name
        self.handler = handler
        roles = HandlerRoles(handler)
        self.queue = queue
        self.timeout = timeout
        self.retry = retry
        self.location = location
        self.hide = hide
        fingerprint = "made in code \(Self.made.add(1, ordering: .relaxed).newValue)"
    }

    private static let made = Atomic<Int>(0)
}
