import RealtimeEvents
import EventRouter

/// The calls that stand for others: those that wait or run, and for a while those that succeeded.
struct RepeatedCalls {
    /// A call that gets another one's answer.
    struct Follower {
        var call: TakenCall
        /// Whether it runs itself when the other one fails.
        var runsAfterFailure: Bool
    }

    private struct Kept {
        var output: String
        var until: Duration
    }

    private var leaders: [CallKey: TakenCall] = [:]
    private var followers: [ObjectIdentifier: [Follower]] = [:]
    private var kept: [CallKey: Kept] = [:]
    private var sweepAt = 1024

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
            kept[key] = Kept(output: output, until: now + rule.within)
        }
        return followers.removeValue(forKey: ObjectIdentifier(call)) ?? []
    }

    /// Takes the answers over that another handler has kept.
    mutating func inherit(_ other: RepeatedCalls) { kept.merge(other.kept) { own, _ in own } }

    private mutating func sweep(_ now: Duration) {
        kept = kept.filter { now < $0.value.until }
        sweepAt = max(1024, kept.count * 2)
    }
}
