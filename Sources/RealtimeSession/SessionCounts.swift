internal import RealtimeEvents

/// How much happened in a session so far.
struct SessionCounts: Sendable {
    var events = 0
    var utterances = 0
    var turns = 0
    var responses = 0
    var interruptions = 0
    var calls = 0
    var errors = 0

    /// The counts for a record.
    var payload: SessionTotals {
        var totals = SessionTotals()
        totals.events = events
        totals.utterances = utterances
        totals.turns = turns
        totals.responses = responses
        totals.interruptions = interruptions
        totals.calls = calls
        totals.errors = errors
        return totals
    }
}
