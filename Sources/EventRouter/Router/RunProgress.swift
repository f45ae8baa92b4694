/// How far a run is.
public struct RunProgress: Sendable, Hashable {
    /// Sessions that have ended.
    public var ended = 0
    /// Sessions that run.
    public var running = 0
    /// Events of the server that were routed.
    public var events = 0

    /// Makes the progress of a run; by default of one that has not begun.
    public init(ended: Int = 0, running: Int = 0, events: Int = 0) {
        self.ended = ended
        self.running = running
        self.events = events
    }

    mutating func add(_ other: RunProgress) {
        ended += other.ended
        running += other.running
        events += other.events
    }
}

extension AttachedSession {
    /// A session that runs, and its events.
    var progress: RunProgress { RunProgress(running: 1, events: counts.events) }
}
