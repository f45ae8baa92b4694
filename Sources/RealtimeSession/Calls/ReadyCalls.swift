internal import RealtimeEvents

/// Calls that were ready and may still get an outcome.
struct ReadyCalls: Sendable {
    enum State: Sendable {
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
        /// Another executor answered it, or its session is gone: our output is not sent.
        var isAnsweredElsewhere = false

        var callID: String { reference.callID }

        /// Whether a reference names the call.
        func isNamed(by other: CallReference) -> Bool {
            (other.occurrence ?? reference.occurrence) == reference.occurrence
                && (other.session ?? reference.session) == reference.session
        }
    }

    /// How many calls that no handler took are remembered, for handlers that answer them all the same.
    static let declinedLimit = 1024

    private var calls: [Int: Call] = [:]
    private var numbers: [IDKey: [Int]] = [:]
    private var declined: [(key: IDKey, number: Int)] = []
    private var lastNumber = 0
    /// How many calls were taken and have no outcome.
    private(set) var owed = 0

    mutating func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    mutating func add(_ call: Call) {
        calls[call.number] = call
        numbers[IDKey(call.callID), default: []].append(call.number)
    }

    /// Says that a handler owes the outcome of a call.
    mutating func take(_ reference: CallReference) {
        guard let number = number(reference, .offered) else { return }
        calls[number]?.state = .taken
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
        calls[number]?.state = .declined
        declined.append((IDKey(reference.callID), number))
        if declined.count > Self.declinedLimit {
            let oldest = declined.removeFirst()
            if calls[oldest.number]?.state == .declined { remove(oldest.number, oldest.key) }
        }
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

    /// Takes in that another executor answered a call: the oldest that was not answered.
    ///
    /// - Returns: The call, when it had no outcome from us; once.
    mutating func answerElsewhere(_ key: IDKey) -> Call? {
        guard let number = numbers[key]?.first(where: { calls[$0]?.isAnsweredElsewhere == false }) else { return nil }
        calls[number]?.isAnsweredElsewhere = true
        return calls[number]
    }

    /// Takes in that the session of all calls is gone.
    mutating func abandonAll() {
        for number in calls.keys { calls[number]?.isAnsweredElsewhere = true }
    }

    /// The oldest call in a state that a reference names.
    private func number(_ reference: CallReference, _ state: State) -> Int? {
        numbers[IDKey(reference.callID)]?.first {
            calls[$0]?.state == state && calls[$0]?.isNamed(by: reference) == true
        }
    }

    private mutating func remove(_ number: Int, _ key: IDKey) {
        calls[number] = nil
        numbers[key]?.removeAll { $0 == number }
        if numbers[key]?.isEmpty == true { numbers[key] = nil }
    }
}
