/// What is known of the losses of a session's connection.
struct ConnectionLosses: Sendable {
    /// Whether the connection is lost.
    var isLost = false
    /// When it was lost, in seconds since the recording began; nil without times.
    var lostAt: Double?
    /// How many losses, and how many returns of the connection, were emitted.
    var lossCount = 0
    var returnCount = 0
}
