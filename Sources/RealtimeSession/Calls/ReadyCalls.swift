internal import RealtimeEvents

/// The ready calls that may still get an outcome.
struct ReadyCalls: Sendable {
    enum State: Sendable, CaseIterable {
        case offered, taken, declined
    }

    struct Call: Sendable {
        /// The call's number in the order in which calls became ready.
        let number: Int
        /// The call's session, `call_id` and occurrence.
        let reference: CallReference
        let name: String?
        let responseID: String?
        let itemID: String?
        /// When the call became ready, in seconds since the recording began. The derived events about its outcome get
        /// this time and a reserved position, because the time at which a handler finishes depends on the machine that
        /// replays the session.
        let at: Double?
        /// The head of the later `router.function_call.done`.
        let doneHead: DerivedEventHeader
        /// The head of the `router.error.raised` that follows if the call fails.
        let errorHead: DerivedEventHeader
        let donePosition: EventPosition
        let errorPosition: EventPosition
        /// The call as the sequencer knows it.
        let answer: ResponseSequencer.Call
        var state = State.offered
        /// Why the call's output is not sent; nil if it is sent.
        var unsent: UnsentReason?

        var callID: String { reference.callID }

        /// Whether a reference matches the call.
        func isNamed(by other: CallReference) -> Bool {
            (other.occurrence ?? reference.occurrence) == reference.occurrence
                && (other.session ?? reference.session) == reference.session
        }
    }

    /// How many declined calls are kept, because a handler may still answer them.
    static let declinedLimit = 1024

    /// The calls of one `call_id` in one state.
    private struct Group: Hashable {
        let key: IDKey
        let state: State
    }

    private var calls: [Int: Call] = [:]
    /// The numbers of the calls in each group, ascending. Grouped by state too, because a server that reuses one
    /// `call_id` can leave many declined calls of it.
    private var numbers: [Group: [Int]] = [:]
    /// A ring buffer of the declined calls. Some may have been completed since.
    private var declined: [(key: IDKey, number: Int)] = []
    private var oldestDeclined = 0
    private var lastNumber = 0
    /// How many calls were taken and have no outcome.
    private(set) var takenCount = 0

    mutating func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    mutating func add(_ call: Call) {
        calls[call.number] = call
        numbers[Group(key: IDKey(call.callID), state: call.state), default: []].append(call.number)
    }

    /// Marks an offered call as taken by a handler.
    mutating func take(_ reference: CallReference) {
        guard let number = number(reference, .offered) else { return }
        move(number, IDKey(reference.callID), to: .taken)
        takenCount += 1
    }

    /// The taken calls without an outcome, in the order in which they became ready.
    var taken: [CallReference] {
        calls.values.filter { $0.state == .taken }.sorted { $0.number < $1.number }.map(\.reference)
    }

    /// A taken call without an outcome; nil if there is none.
    func taken(_ reference: CallReference) -> Call? { number(reference, .taken).flatMap { calls[$0] } }

    /// Marks an offered call as declined: no handler took it.
    ///
    /// - Returns: The call; nil if it is not offered.
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

    /// Removes and returns a call that has its outcome. Prefers taken calls over offered and declined ones.
    mutating func complete(_ reference: CallReference) -> Call? {
        let number = number(reference, .taken) ?? number(reference, .offered) ?? number(reference, .declined)
        guard let number, let call = calls[number] else { return nil }
        if call.state == .taken { takenCount -= 1 }
        remove(number, IDKey(reference.callID))
        return call
    }

    /// Removes and returns a declined call that the recording's client answered.
    mutating func completeDeclined(_ reference: CallReference) -> Call? {
        guard let number = number(reference, .declined), let call = calls[number] else { return nil }
        remove(number, IDKey(reference.callID))
        return call
    }

    /// Records that another executor answered a call: the oldest one without an answer.
    ///
    /// - Returns: The call, if it had no outcome from the router; nil the second time.
    mutating func answerElsewhere(_ key: IDKey) -> Call? {
        let oldest = State.allCases.compactMap { state in
            numbers[Group(key: key, state: state)]?.first { calls[$0].map { $0.unsent == nil } == true }
        }
        guard let number = oldest.min() else { return nil }
        calls[number]?.unsent = .answeredElsewhere
        return calls[number]
    }

    /// Records that the server no longer knows the calls.
    mutating func abandonAll(_ reason: UnsentReason) {
        for number in calls.keys where calls[number]?.unsent == nil { calls[number]?.unsent = reason }
    }

    /// Why no call with a `call_id` can be answered; nil if a call can be answered, or no call has the `call_id`.
    func abandonment(of key: IDKey) -> UnsentReason? {
        let known = State.allCases.flatMap { numbers[Group(key: key, state: $0)] ?? [] }.compactMap { calls[$0] }
        return known.contains { $0.unsent == nil } ? nil : known.last?.unsent
    }

    /// The oldest matching call in a state.
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
        let index = numbers[group]?.lastIndex { $0 < number }.map { $0 + 1 } ?? 0
        numbers[group, default: []].insert(number, at: index)
    }

    private mutating func remove(_ number: Int, _ key: IDKey) {
        guard let call = calls.removeValue(forKey: number) else { return }
        ungroup(number, Group(key: key, state: call.state))
    }

    private mutating func ungroup(_ number: Int, _ group: Group) {
        guard let index = numbers[group]?.firstIndex(of: number) else { return }
        numbers[group]?.remove(at: index)
        if numbers[group]?.isEmpty == true { numbers[group] = nil }
    }
}

/// The calls that a recording's client answered, from when they are ready until the line with their output.
struct ReplayedCalls: Sendable {
    enum Answer {
        /// The line with the output has not arrived yet.
        case awaited
        /// The line with the output arrived before the call was ready.
        case answered
    }

    private var waiting: [CallKey: (call: ReadyCalls.Call, output: String)] = [:]
    /// Calls whose output arrived before they were ready.
    private var answered: Set<CallKey> = []

    /// Whether the output line of any call has not arrived yet.
    var isAwaited: Bool { !waiting.isEmpty }

    /// Adds a ready call.
    mutating func add(_ call: ReadyCalls.Call, _ key: CallKey, output: String) -> Answer {
        guard answered.remove(key) == nil else { return .answered }
        waiting[key] = (call, output)
        return .awaited
    }

    /// Records that the output line of a call has arrived.
    ///
    /// - Returns: The call and its output; nil if the call is not ready.
    mutating func answer(_ key: CallKey) -> (call: ReadyCalls.Call, output: String)? {
        if let entry = waiting.removeValue(forKey: key) { return entry }
        answered.insert(key)
        return nil
    }

    /// Removes and returns all calls whose output line has not arrived, in the order in which they became ready.
    mutating func takeAll() -> [(call: ReadyCalls.Call, output: String)] {
        defer { self = ReplayedCalls() }
        return waiting.values.sorted { $0.call.number < $1.call.number }
    }
}
