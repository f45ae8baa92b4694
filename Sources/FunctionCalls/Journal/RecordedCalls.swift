/// What becomes of a call that the journal holds from an earlier run: the same session, `call_id` and occurrence of it. Sessions are
/// the same if the server's `session_id` is; where that is missing, if the router's key is.
package enum RecordedCalls: String, Sendable, Hashable, CaseIterable {
    /// It runs again.
    case run
    /// It is answered from the journal; one that was started and has no end there is answered with an error, for nobody
    /// knows whether it was done.
    case journal
}
