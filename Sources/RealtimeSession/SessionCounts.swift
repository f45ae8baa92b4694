internal import EventJSON
internal import RealtimeEvents

/// How much happened in a session so far.
struct SessionCounts: Sendable {
    /// Events by their code.
    var byCode = [Int](repeating: 0, count: EventType.Code.allCases.count)
    var utterances = 0
    var turns = 0
    var responses = 0
    var interruptions = 0
    var calls = 0
    var errors = 0

    private var events: Int { byCode.reduce(0, +) }

    /// The counts for a record.
    var payload: SessionTotals {
        var totals = SessionTotals()
        totals.events = events
        totals.eventsByType = eventsByType
        totals.utterances = utterances
        totals.turns = turns
        totals.responses = responses
        totals.interruptions = interruptions
        totals.calls = calls
        totals.errors = errors
        return totals
    }

    private var eventsByType: JSONValue {
        var types = JSONObject()
        for code in EventType.Code.allCases where byCode[Int(code.rawValue)] > 0 {
            types[code == .unknown ? "other" : EventType(code).name] = .number(JSONNumber(byCode[Int(code.rawValue)]))
        }
        return .object(types)
    }
}
