import EventRouter
import RealtimeEvents

/// The waiting calls in order of arrival, and the number of running calls, within the limits.
///
/// The handler checks ``hasRoom(for:waiting:)`` first, so at most ``CallCaps/queued`` calls wait, and never more than
/// ``CallCaps/open``.
struct CallQueue {
    private let limit: Int
    private let limits: [String: Int]
    private var waiting: [PendingCall] = []
    private var running = 0
    private var runningByName: [String: Int] = [:]

    /// - Parameters:
    ///   - limit: the maximum number of running calls.
    ///   - limits: the maximum number of running calls per function, by its name.
    init(limit: Int, limits: [String: Int]) {
        self.limit = limit
        self.limits = limits
    }

    mutating func append(_ call: PendingCall) { waiting.append(call) }

    /// Whether the call can run immediately, or wait with fewer than `limit` other calls.
    func hasRoom(for call: PendingCall, waiting limit: Int?) -> Bool {
        waiting.count < limit ?? .max || running < self.limit && mayRun(call)
    }

    /// Removes the first waiting call that may run, and counts it as running.
    mutating func startNext() -> PendingCall? {
        guard running < limit, let index = waiting.firstIndex(where: mayRun) else { return nil }
        let call = waiting.remove(at: index)
        running += 1
        if let name = call.function?.name { runningByName[name, default: 0] += 1 }
        return call
    }

    private func mayRun(_ call: PendingCall) -> Bool {
        guard let name = call.function?.name, let limit = limits[name] else { return true }
        return runningByName[name, default: 0] < limit
    }

    /// Counts a started call as ended.
    mutating func finish(_ call: PendingCall) {
        running -= 1
        if let name = call.function?.name { runningByName[name, default: 1] -= 1 }
    }

    /// Removes and returns waiting calls that satisfy a predicate; by default all.
    mutating func removeWaiting(where predicate: (PendingCall) -> Bool = { _ in true }) -> [PendingCall] {
        let removed = waiting.filter(predicate)
        waiting.removeAll(where: predicate)
        return removed
    }
}

/// A call that runs or waits for approval, and the task that does it.
struct RunningCall: Sendable {
    let call: PendingCall
    let task: Task<Void, Never>
    /// Whether the user's interruption cancelled the call.
    var isInterrupted = false
}

/// Calls whose answers other calls share: waiting and running calls, and completed calls for a limited time. The number
/// of cached answers is limited to the number of calls that the handler remembers.
struct CoalescedCalls {
    /// A call that gets the answer of another call.
    struct Follower {
        var call: PendingCall
        /// Whether this call runs if the other call fails.
        var runsAfterFailure: Bool
    }

    private struct CachedAnswer {
        var output: String
        var endedAt: Duration
        var until: Duration
        /// The number of answers cached before this one.
        var number: Int
    }

    private var leaders: [CallKey: PendingCall] = [:]
    private var followers: [ObjectIdentifier: [Follower]] = [:]
    private var cached: [CallKey: CachedAnswer] = [:]
    private var cachedCount = 0
    private let limit: Int
    private var sweepThreshold: Int

    /// - Parameter limit: the maximum number of cached answers.
    init(keeping limit: Int) {
        self.limit = limit
        sweepThreshold = min(1024, limit)
    }

    /// Whether a call with the key is waiting or running.
    func isInFlight(_ key: CallKey?) -> Bool { key.map { leaders[$0] != nil } ?? false }

    /// The cached answer of a completed call with the key; nil if there is none.
    func cachedAnswer(_ key: CallKey, at now: Duration) -> String? {
        cached[key].flatMap { now < $0.until ? $0.output : nil }
    }

    /// Makes a call wait for the answer of the waiting or running call with the key.
    mutating func follow(_ key: CallKey, _ call: PendingCall, runsAfterFailure: Bool) {
        guard let leader = leaders[key] else { return }
        followers[ObjectIdentifier(leader), default: []]
            .append(Follower(call: call, runsAfterFailure: runsAfterFailure))
    }

    /// Registers a call whose answer later calls with its keys share.
    mutating func lead(_ call: PendingCall) {
        for key in [call.onceKey, call.duplicateKey] { if let key { leaders[key] = call } }
    }

    /// Ends a call; removes and returns its followers.
    mutating func finish(_ call: PendingCall, _ report: FunctionCallReport, at now: Duration) -> [Follower] {
        for key in [call.onceKey, call.duplicateKey] {
            if let key, leaders[key] === call { leaders[key] = nil }
        }
        if report.state == .completed, let key = call.onceKey, let rule = call.function?.policy.once,
            case .output(let output) = report.answer
        {
            if cached.count >= sweepThreshold { sweep(now) }
            cachedCount += 1
            cached[key] = CachedAnswer(output: output, endedAt: now, until: now + rule.within, number: cachedCount)
        }
        return followers.removeValue(forKey: ObjectIdentifier(call)) ?? []
    }

    /// Takes over the cached answers of another handler.
    mutating func inherit(_ other: CoalescedCalls, at now: Duration) {
        cached.merge(other.cached) { own, _ in own }
        if cached.count >= sweepThreshold { sweep(now) }
    }

    /// Removes expired answers. If the cache is still full, removes the oldest eighth of its capacity, because each
    /// sweep visits all answers.
    private mutating func sweep(_ now: Duration) {
        cached = cached.filter { now < $0.value.until }
        if cached.count >= limit {
            let oldest = cached.sorted { ($0.value.endedAt, $0.value.number) < ($1.value.endedAt, $1.value.number) }
            for (key, _) in oldest.prefix(cached.count - limit + max(1, limit / 8)) { cached[key] = nil }
        }
        sweepThreshold = min(max(1024, cached.count * 2), limit)
    }
}
