import EventRouter
import RealtimeEvents

/// Which calls wait and how many run: in the order in which they came, within the limits.
///
/// The handler asks ``hasRoom(for:waiting:)`` first, so that at most ``CallCaps/queued`` calls wait, and never more than ``CallCaps/open``.
struct CallQueue {
    private let limit: Int
    private let limits: [String: Int]
    private var waiting: [TakenCall] = []
    private var running = 0
    private var runningByName: [String: Int] = [:]

    /// - Parameters:
    ///   - limit: how many calls may run at a time.
    ///   - limits: how many of one function, by its name.
    init(limit: Int, limits: [String: Int]) {
        self.limit = limit
        self.limits = limits
    }

    mutating func append(_ call: TakenCall) { waiting.append(call) }

    /// Whether a call can run at once, or wait among so many others.
    func hasRoom(for call: TakenCall, waiting limit: Int?) -> Bool {
        waiting.count < limit ?? .max || running < self.limit && mayRun(call)
    }

    /// Takes the first call out that may run now, and counts it as running.
    mutating func startNext() -> TakenCall? {
        guard running < limit, let index = waiting.firstIndex(where: mayRun) else { return nil }
        let call = waiting.remove(at: index)
        running += 1
        if let name = call.function?.name { runningByName[name, default: 0] += 1 }
        return call
    }

    private func mayRun(_ call: TakenCall) -> Bool {
        guard let name = call.function?.name, let limit = limits[name] else { return true }
        return runningByName[name, default: 0] < limit
    }

    /// A call that was started has ended.
    mutating func finish(_ call: TakenCall) {
        running -= 1
        if let name = call.function?.name { runningByName[name, default: 1] -= 1 }
    }

    /// Takes calls out that wait; by default all.
    mutating func removeWaiting(where isMeant: (TakenCall) -> Bool = { _ in true }) -> [TakenCall] {
        let removed = waiting.filter(isMeant)
        waiting.removeAll(where: isMeant)
        return removed
    }
}

/// A call that something is being done about, and the task that does it.
struct RunningCall: Sendable {
    let call: TakenCall
    let task: Task<Void, Never>
    /// Whether the user interrupted, so that it is given up.
    var isInterrupted = false
}

/// The calls that stand for others: those that wait or run, and for a while those that succeeded. Of these the last ones are known, as many
/// as the handler remembers.
struct RepeatedCalls {
    /// A call that gets another one's answer.
    struct Follower {
        var call: TakenCall
        /// Whether it runs itself when the other one fails.
        var runsAfterFailure: Bool
    }

    private struct Kept {
        var output: String
        var endedAt: Duration
        var until: Duration
        /// The number of answers that were kept before.
        var number: Int
    }

    private var leaders: [CallKey: TakenCall] = [:]
    private var followers: [ObjectIdentifier: [Follower]] = [:]
    private var kept: [CallKey: Kept] = [:]
    private var keptCount = 0
    private let limit: Int
    private var sweepAt: Int

    /// - Parameter limit: how many answers are kept.
    init(keeping limit: Int) {
        self.limit = limit
        sweepAt = min(1024, limit)
    }

    /// Whether a call with the key waits or runs.
    func isInFlight(_ key: CallKey?) -> Bool { key.map { leaders[$0] != nil } ?? false }

    /// The answer of a call with the key that succeeded not long ago.
    func answer(_ key: CallKey, at now: Duration) -> String? {
        kept[key].flatMap { now < $0.until ? $0.output : nil }
    }

    /// Lets a call wait for the answer of the one with the key.
    mutating func follow(_ key: CallKey, _ call: TakenCall, runsAfterFailure: Bool) {
        guard let leader = leaders[key] else { return }
        followers[ObjectIdentifier(leader), default: []]
            .append(Follower(call: call, runsAfterFailure: runsAfterFailure))
    }

    /// From now on the call stands for those with its keys.
    mutating func lead(_ call: TakenCall) {
        for key in [call.onceKey, call.duplicateKey] { if let key { leaders[key] = call } }
    }

    /// The call is over: takes those out that waited for its answer.
    mutating func finish(_ call: TakenCall, _ report: FunctionCallReport, at now: Duration) -> [Follower] {
        for key in [call.onceKey, call.duplicateKey] {
            if let key, leaders[key] === call { leaders[key] = nil }
        }
        if report.state == .completed, let key = call.onceKey, let rule = call.function?.policy.once,
            case .output(let output) = report.answer
        {
            if kept.count >= sweepAt { sweep(now) }
            keptCount += 1
            kept[key] = Kept(output: output, endedAt: now, until: now + rule.within, number: keptCount)
        }
        return followers.removeValue(forKey: ObjectIdentifier(call)) ?? []
    }

    /// Takes the answers over that another handler has kept.
    mutating func inherit(_ other: RepeatedCalls, at now: Duration) {
        kept.merge(other.kept) { own, _ in own }
        if kept.count >= sweepAt { sweep(now) }
    }

    /// Forgets answers that stand for no call any more. If that makes no room, it forgets the oldest eighth: going through them takes its time.
    private mutating func sweep(_ now: Duration) {
        kept = kept.filter { now < $0.value.until }
        if kept.count >= limit {
            let oldest = kept.sorted { ($0.value.endedAt, $0.value.number) < ($1.value.endedAt, $1.value.number) }
            for (key, _) in oldest.prefix(kept.count - limit + max(1, limit / 8)) { kept[key] = nil }
        }
        sweepAt = min(max(1024, kept.count * 2), limit)
    }
}
