import Synchronization

/// Remembers that some handler writes to standard output or standard error, so that a program draws nothing there.
package final class TerminalUse: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Nobody does so far.
    package init() {}

    /// Whether somebody does.
    package var isNoted: Bool { flag.load(ordering: .relaxed) }

    /// Somebody does.
    package func note() { flag.store(true, ordering: .relaxed) }
}
