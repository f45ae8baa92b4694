import EventJSON
import EventRouter

/// What the journal says became of calls. The answers stay in the file: a call takes some 150 bytes here.
struct JournalIndex: Sendable {
    private struct Dated: Sendable {
        var ending: JournalEnding
        var time: String
    }

    private let rules: [String: OnceRule]
    private var calls = JournaledCalls()
    /// How the last call ended of those that mean the same.
    private var latest: [CallKey: Dated] = [:]
    /// How many lines could not be read: those that a crash or a full disk broke off.
    private(set) var tornLines = 0

    private static let names = [
        "session", "session_id", "call_id", "occurrence", "response_id", "item_id", "state", "name",
    ]
    private static let plan = FieldPlan(names.map { [$0] })
    private static let fields = names.map { plan.slot([$0]) ?? 0 }

    /// - Parameter rules: by a function's name, which of its calls mean the same.
    init(rules: [String: OnceRule]) {
        self.rules = rules
    }

    /// How a call ended; nil when it was never started.
    func ending(of call: CallIdentity) -> JournalEnding? {
        calls.find(call).flatMap { $0.ending == .reserved ? nil : $0.ending }
    }

    /// The call's occurrence as the journal counts it. An earlier run may have used the `call_id` for other calls of the session,
    /// which the session of this run does not know.
    mutating func reserveOccurrence(of call: CallIdentity) -> Int { calls.reserveOccurrence(of: call) }

    /// How the last of the calls ended that have a key in common; nil when that was before a time, or it failed.
    ///
    /// - Parameter first: the time as the journal writes it, in which the order of times is that of the texts.
    func ending(of key: CallKey, since first: String) -> JournalEnding? {
        latest[key].flatMap { $0.time < first ? nil : $0.ending }
    }

    /// Takes a line in.
    mutating func note(_ line: [UInt8], at place: JournalPlace) {
        let text = line.span.bytes
        var slots = FieldSlots(Self.plan)
        let isRead = (try? Self.plan.scan(text, into: &slots)) != nil
        let values = isRead ? Self.fields.map { slots.string(slot: $0, in: text) } : []
        guard isRead, let session = values[0], let callID = values[2], let state = values[6] else {
            if !line.starts(with: RecordLines.forgotten) { tornLines += 1 }
            return
        }
        note(
            state,
            CallIdentity(
                session: session, sessionID: values[1], callID: callID,
                occurrence: slots.int(slot: Self.fields[3], in: text) ?? 1, responseID: values[4], itemID: values[5]),
            at: place)
        guard let name = values[7], let rule = rules[name],
            let value = try? JSONValue(parsing: text), let arguments = value["arguments"]?.object,
            // Of what must not be written nobody can say whether it was the same.
            !rule.isRedacted(in: arguments), let key = rule.key(name, arguments)
        else { return }
        note(state, like: key, at: place, time: value["time"]?.string ?? "")
    }

    /// What is finished stays so. What was cancelled after its start may be done or not, so it stays open; what was refused,
    /// or cancelled before, has not begun.
    private mutating func note(_ state: String, _ call: CallIdentity, at place: JournalPlace) {
        switch state {
        case "started": calls.note(call, .open)
        case "completed", "failed", "timed_out": calls.note(call, .finished(place))
        default: break
        }
    }

    /// A failure stands for no other call.
    private mutating func note(_ state: String, like key: CallKey, at place: JournalPlace, time: String) {
        switch state {
        case "started": latest[key] = Dated(ending: .open, time: time)
        case "completed": latest[key] = Dated(ending: .finished(place), time: time)
        case "failed", "timed_out": latest[key] = nil
        default: break
        }
    }
}
