/// A handler that takes deliveries of several sessions at a time.
///
/// Any other handler takes one delivery at a time, in all runs of the router together. That keeps the order of a source also over the
/// sessions that follow one another on it. A handler that waits for something outside, and keeps no order in what it writes, should
/// adopt this. It has no effect on a ``BatchEventHandler``.
public protocol ConcurrentHandling: EventHandler {
    /// The number of sessions whose deliveries the handler takes at a time, in all runs of the router together; at least 1. Asked for once,
    /// when the router starts.
    var concurrentSessions: Int { get }
}
