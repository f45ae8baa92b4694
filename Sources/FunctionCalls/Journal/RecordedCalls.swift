/// What becomes of a call that the journal holds from an earlier run: the same session and `call_id`.
public enum RecordedCalls: String, Sendable, Hashable, CaseIterable {
    /// It runs again.
    case run
    /// It is answered from the journal; one that was started and has no end there is answered with an error, for nobody
    /// knows whether it was done.
    case journal
}
