public import ConfigSource
public import RecordFiles
import Synchronization

/// A handler under the name that routes use, with what belongs to this use of it.
public struct HandlerBinding: Sendable {
    /// The name; unique in a table.
    public var name: String
    /// The handler.
    public let handler: any EventHandler
    /// What the handler can do beside taking events.
    package let roles: HandlerRoles
    /// The bounds of its queues.
    public var queue: QueuePolicy
    /// How long it may take for a delivery, or a batch; `nil` for any time. One that takes longer is cancelled and fails, as if the handler
    /// had thrown.
    public var timeout: Duration?
    /// How often a failed delivery is tried.
    public var retry: RetryPolicy
    /// Where it stands in its file.
    public var location: SourceLocation?
    /// Replaces what must not be shown of a text about the handler, such as an error, for messages, dead letters and the log. A
    /// binding from a routes.yml shows `${NAME}` where the text would show what that variable holds.
    public var hide: @Sendable (String) -> String

    /// Says what the handler was made of: of two bindings with the same name and fingerprint the first one's handler goes on when
    /// ``Router/replace(_:options:)`` comes to the second. By default no other binding has it, but a copy of this one.
    public var fingerprint: String

    /// What the environment variables hold that stand in its options; added to the handler's own ``SecretKeeping/secrets``.
    public var secrets = SecretValues()

    /// Makes a binding.
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
