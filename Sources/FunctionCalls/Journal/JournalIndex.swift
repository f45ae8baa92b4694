import EventJSON

/// What the journal says became of calls. The answers stay in the file: a call takes some 50 bytes here.
struct JournalIndex: Sendable {
    /// Where a line begins.
    struct Place: Sendable, Hashable {
        var file: Int32
        var offset: Int
    }

    enum Ending: Sendable, Hashable {
        /// It was started, and nothing says how it ended.
        case open
        /// The line that says how.
        case finished(Place)
    }

    private var endings: [CallKey: Ending] = [:]
    /// How many lines could not be read: those that a crash or a full disk broke off.
    private(set) var tornLines = 0

    private static let plan = FieldPlan([["session"], ["call_id"], ["state"]])
    private static let slots = ["session", "call_id", "state"].map { plan.slot([$0]) ?? 0 }
    private var slots = FieldSlots(Self.plan)

    /// How a call ended; nil when it was never started.
    func ending(session: String, callID: String) -> Ending? { endings[CallKey(session, callID)] }

    /// Takes a line in.
    mutating func note(_ line: [UInt8], at place: Place) {
        let text = line.span.bytes
        guard (try? Self.plan.scan(text, into: &slots)) != nil,
            let session = slots.string(slot: Self.slots[0], in: text),
            let callID = slots.string(slot: Self.slots[1], in: text),
            let state = slots.string(slot: Self.slots[2], in: text)
        else {
            tornLines += 1
            return
        }
        note(state, session: session, callID: callID, at: place)
    }

    /// Takes in that a call is in a state, as the line at a place says.
    ///
    /// What is finished stays so. What was cancelled after its start may be done or not, so it stays open; what was refused,
    /// or cancelled before, has not begun.
    mutating func note(_ state: String, session: String, callID: String, at place: Place) {
        let key = CallKey(session, callID)
        switch state {
        case "started": if endings[key] == nil { endings[key] = .open }
        case "completed", "failed", "timed_out": endings[key] = .finished(place)
        default: break
        }
    }
}
