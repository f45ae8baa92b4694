internal import RealtimeEvents

/// Calls that a recording's client answered, from the moment at which they are ready to the line with their output.
struct ReplayedCalls: Sendable {
    enum Answer {
        /// The line with the output is still to come.
        case awaited
        /// The line with the output came before the call was ready.
        case answered
    }

    private var waiting: [CallKey: (call: ReadyCalls.Call, output: String)] = [:]
    /// Calls whose output came before they were ready.
    private var answered: Set<CallKey> = []

    /// Whether the line with the output of a call is still to come.
    var isAwaited: Bool { !waiting.isEmpty }

    /// Takes a call that is ready.
    mutating func add(_ call: ReadyCalls.Call, _ key: CallKey, output: String) -> Answer {
        guard answered.remove(key) == nil else { return .answered }
        waiting[key] = (call, output)
        return .awaited
    }

    /// Takes in that the line with the output of a call came.
    ///
    /// - Returns: The call and its output; nil if the call is not ready.
    mutating func answer(_ key: CallKey) -> (call: ReadyCalls.Call, output: String)? {
        if let entry = waiting.removeValue(forKey: key) { return entry }
        answered.insert(key)
        return nil
    }

    /// Takes out all calls whose line has not come, in the order in which they were ready.
    mutating func takeAll() -> [(call: ReadyCalls.Call, output: String)] {
        defer { self = ReplayedCalls() }
        return waiting.values.sorted { $0.call.number < $1.call.number }
    }
}
