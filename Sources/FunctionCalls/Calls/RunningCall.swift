/// A call that something is being done about, and the task that does it.
struct RunningCall: Sendable {
    let call: TakenCall
    let task: Task<Void, Never>
    /// Whether the user interrupted, so that it is given up.
    var isInterrupted = false
}
