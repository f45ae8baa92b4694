import Synchronization

/// Remembers that some handler writes to standard output or standard error, so that a program draws nothing there.
public final class TerminalUse: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Nobody does so far.
    public init() {}

    /// Whether somebody does.
    public var isNoted: Bool { flag.load(ordering: .relaxed) }

    /// Somebody does.
    public func note() { flag.store(true, ordering: .relaxed) }
}
