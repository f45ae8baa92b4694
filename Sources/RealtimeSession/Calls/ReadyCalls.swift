internal import RealtimeEvents

/// Calls that were ready and may still get an outcome.
struct ReadyCalls: Sendable {
    enum State: Sendable, CaseIterable {
        case offered, taken, declined
    }

    struct Call: Sendable {
        /// Calls are numbered as they become ready.
        let number: Int
        /// Its session, `call_id` and occurrence.
        let reference: CallReference
        let name: String?
        let responseID: String?
        let itemID: String?
        /// When it was ready, in seconds since the recording began. What comes of it stands at this time and place:
        /// when its handler is done depends on the machine that replays the session.
        let at: Double?
        /// The head of the `router.function_call.done` to come.
        let doneHead: DerivedHead
        /// The head of the `router.error.raised` that comes if it fails.
        let errorHead: DerivedHead
        let donePosition: EventPosition
        let errorPosition: EventPosition
        /// What the sequencer knows it by.
        let answer: ResponseSequencer.Call
        var state = State.offered
        /// Why its output is not sent; nil where it is.
        var unsent: UnsentReason?

        var callID: String { reference.callID }

        /// Whether a reference names the call.
        func isNamed(by other: CallReference) -> Bool {
            (other.occurrence ?? reference.occurrence) == reference.occurrence
                && (other.session ?? reference.session) == reference.session
        }
    }

    /// How many calls that no handler took are remembered, for handlers that answer them all the same.
    static let declinedLimit = 1024

    /// Calls of one `call_id` in one state.
    private struct Group: Hashable {
        let key: IDKey
        let state: State
    }

    private var calls: [Int: Call] = [:]
    /// The numbers of the calls, ascending. By their state too: a server that uses an id again and again has many declined calls of it.
    private var numbers: [Group: [Int]] = [:]
    /// A ring of calls that were declined; some may have been completed since.
    private var declined: [(key: IDKey, number: Int)] = []
    private var oldestDeclined = 0
    private var lastNumber = 0
    /// How many calls were taken and have no outcome.
    private(set) var owed = 0

    mutating func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    mutating func add(_ call: Call) {
        calls[call.number] = call
        numbers[Group(key: IDKey(call.callID), state: call.state), default: []].append(call.number)
    }

    /// Says that a handler owes the outcome of a call.
    mutating func take(_ reference: CallReference) {
        guard let number = number(reference, .offered) else { return }
        move(number, IDKey(reference.callID), to: .taken)
        owed += 1
    }

    /// The calls whose outcomes handlers owe, in the order in which they were ready.
    var taken: [CallReference] {
        calls.values.filter { $0.state == .taken }.sorted { $0.number < $1.number }.map(\.reference)
    }

    /// A call whose outcome a handler owes.
    func taken(_ reference: CallReference) -> Call? { number(reference, .taken).flatMap { calls[$0] } }

    /// Says that no handler owes the outcome of a call.
    ///
    /// - Returns: The call, once.
    mutating func decline(_ reference: CallReference) -> Call? {
        guard let number = number(reference, .offered) else { return nil }
        let key = IDKey(reference.callID)
        move(number, key, to: .declined)
        guard declined.count == Self.declinedLimit else {
            declined.append((key, number))
            return calls[number]
        }
        let oldest = declined[oldestDeclined]
        declined[oldestDeclined] = (key, number)
        oldestDeclined = (oldestDeclined + 1) % Self.declinedLimit
        if calls[oldest.number]?.state == .declined { remove(oldest.number, oldest.key) }
        return calls[number]
    }

    /// Takes out a call that has its outcome: what was taken before what was not.
    mutating func complete(_ reference: CallReference) -> Call? {
        let number = number(reference, .taken) ?? number(reference, .offered) ?? number(reference, .declined)
        guard let number, let call = calls[number] else { return nil }
        if call.state == .taken { owed -= 1 }
        remove(number, IDKey(reference.callID))
        return call
    }

    /// Takes out a call that no handler took, as the recording's client answered it.
    mutating func completeDeclined(_ reference: CallReference) -> Call? {
        guard let number = number(reference, .declined), let call = calls[number] else { return nil }
        remove(number, IDKey(reference.callID))
        return call
    }

    /// Takes in that another executor answered a call: the oldest that was not answered.
    ///
    /// - Returns: The call, when it had no outcome from us; once.
    mutating func answerElsewhere(_ key: IDKey) -> Call? {
        let oldest = State.allCases.compactMap { state in
            numbers[Group(key: key, state: state)]?.first { calls[$0].map { $0.unsent == nil } == true }
        }
        guard let number = oldest.min() else { return nil }
        calls[number]?.unsent = .answeredElsewhere
        return calls[number]
    }

    /// Takes in that the server does not know the calls any more.
    mutating func abandonAll(_ reason: UnsentReason) {
        for number in calls.keys where calls[number]?.unsent == nil { calls[number]?.unsent = reason }
    }

    /// Why no call with a `call_id` can be answered; nil where one can, or none is known.
    func abandonment(of key: IDKey) -> UnsentReason? {
        let known = State.allCases.flatMap { numbers[Group(key: key, state: $0)] ?? [] }.compactMap { calls[$0] }
        return known.contains { $0.unsent == nil } ? nil : known.last?.unsent
    }

    /// The oldest call in a state that a reference names.
    private func number(_ reference: CallReference, _ state: State) -> Int? {
        numbers[Group(key: IDKey(reference.callID), state: state)]?.first {
            calls[$0]?.isNamed(by: reference) == true
        }
    }

    private mutating func move(_ number: Int, _ key: IDKey, to state: State) {
        guard let old = calls[number]?.state else { return }
        ungroup(number, Group(key: key, state: old))
        calls[number]?.state = state
        let group = Group(key: key, state: state)
        let place = numbers[group]?.lastIndex { $0 < number }.map { $0 + 1 } ?? 0
        numbers[group, default: []].insert(number, at: place)
    }

    private mutating func remove(_ number: Int, _ key: IDKey) {
        guard let call = calls.removeValue(forKey: number) else { return }
        ungroup(number, Group(key: key, state: call.state))
    }

    private mutating func ungroup(_ number: Int, _ group: Group) {
        guard let place = numbers[group]?.firstIndex(of: number) else { return }
        numbers[group]?.remove(at: place)
        if numbers[group]?.isEmpty == true { numbers[group] = nil }
    }
}

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
