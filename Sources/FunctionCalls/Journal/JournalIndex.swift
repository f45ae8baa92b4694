import EventJSON
import EventRouter

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

    private struct Dated: Sendable {
        var ending: Ending
        var time: String
    }

    private let rules: [String: OnceRule]
    private var endings: [CallKey: Ending] = [:]
    /// How the last call ended of those that mean the same.
    private var latest: [CallKey: Dated] = [:]
    /// How many lines could not be read: those that a crash or a full disk broke off.
    private(set) var tornLines = 0

    private static let plan = FieldPlan([["session"], ["call_id"], ["state"], ["name"]])
    private static let fields = ["session", "call_id", "state", "name"].map { plan.slot([$0]) ?? 0 }

    /// - Parameter rules: by a function's name, which of its calls mean the same.
    init(rules: [String: OnceRule]) {
        self.rules = rules
    }

    /// How a call ended; nil when it was never started.
    func ending(session: String, callID: String) -> Ending? { endings[CallKey([session, callID])] }

    /// How the last of the calls ended that have a key in common; nil when that was before a time, or it failed.
    ///
    /// - Parameter first: the time as the journal writes it, in which the order of times is that of the texts.
    func ending(of key: CallKey, since first: String) -> Ending? {
        latest[key].flatMap { $0.time < first ? nil : $0.ending }
    }

    /// Takes a line in.
    mutating func note(_ line: [UInt8], at place: Place) {
        let text = line.span.bytes
        var slots = FieldSlots(Self.plan)
        guard (try? Self.plan.scan(text, into: &slots)) != nil,
            let session = slots.string(slot: Self.fields[0], in: text),
            let callID = slots.string(slot: Self.fields[1], in: text),
            let state = slots.string(slot: Self.fields[2], in: text)
        else {
            if !line.starts(with: RecordLines.forgotten) { tornLines += 1 }
            return
        }
        note(state, CallKey([session, callID]), at: place)
        guard let name = slots.string(slot: Self.fields[3], in: text), let rule = rules[name],
            let value = try? JSONValue(parsing: text), let arguments = value["arguments"]?.object,
            // Of what must not be written nobody can say whether it was the same.
            !rule.isRedacted(in: arguments), let key = rule.key(name, arguments)
        else { return }
        note(state, like: key, at: place, time: value["time"]?.string ?? "")
    }

    /// What is finished stays so. What was cancelled after its start may be done or not, so it stays open; what was refused,
    /// or cancelled before, has not begun.
    private mutating func note(_ state: String, _ key: CallKey, at place: Place) {
        switch state {
        case "started": if endings[key] == nil { endings[key] = .open }
        case "completed", "failed", "timed_out": endings[key] = .finished(place)
        default: break
        }
    }

    /// A failure stands for no other call.
    private mutating func note(_ state: String, like key: CallKey, at place: Place, time: String) {
        switch state {
        case "started": latest[key] = Dated(ending: .open, time: time)
        case "completed": latest[key] = Dated(ending: .finished(place), time: time)
        case "failed", "timed_out": latest[key] = nil
        default: break
        }
    }
}
