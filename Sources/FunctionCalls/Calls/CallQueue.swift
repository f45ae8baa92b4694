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
