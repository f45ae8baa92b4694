/// How many deliveries may wait for one handler in one session, and what happens when it is one too many.
public struct QueuePolicy: Sendable, Hashable {
    /// What to do with a delivery for which there is no room.
    public enum OnFull: String, Sendable, Hashable, CaseIterable {
        /// The session's events wait until there is room. Nothing is lost; answers to the model go on.
        case block
        /// The delivery that has waited longest goes.
        case dropOldest = "drop_oldest"
        /// The delivery that has just come goes.
        case dropNewest = "drop_newest"
    }

    /// The number of deliveries that may wait; at least 1.
    public var capacity: Int
    /// What to do when that many wait.
    public var onFull: OnFull

    /// Makes a policy.
    public init(capacity: Int = 1024, onFull: OnFull = .block) {
        precondition(capacity > 0, "a queue needs room for one delivery")
        self.capacity = capacity
        self.onFull = onFull
    }
}
