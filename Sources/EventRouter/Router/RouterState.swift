/// The state of a router: its phase between start and stop, its sessions and its sources.
struct RouterState {
    enum Phase {
        case stopped
        case starting(Completion)
        case started(ActiveRules)
        case stopping(Completion)
    }

    /// The next step of a call that changes the phase.
    enum Step {
        case go
        case done
        /// Another call is doing the same.
        case join(Completion)
        /// Another call is changing the phase, and must end first.
        case after(Completion)
    }

    var phase = Phase.stopped
    var table: RouteTable
    var options: RouterOptions
    /// The router's live counts; nil unless a handler observes the router.
    var activity: RouterActivity?
    /// Whether a shutdown has begun. New sessions then end immediately.
    var isStopping = false
    /// Whether the deadline of the shutdown has passed.
    var isPastDeadline = false
    /// Finished when a shutdown's deadline has passed or the router has stopped.
    private(set) var shutdownDeadline = Completion()
    /// The running sessions.
    var runs: [Int: RunControl] = [:]
    /// The keys of the running sessions, including those of earlier sessions on the same sources.
    private var keys: Set<String> = []
    private var keysOfRuns: [Int: [String]] = [:]
    /// The tasks of the running sources.
    var sources: [Int: Task<Void, any Error>] = [:]
    /// The replacement of rules that is in progress.
    var replacing: Completion?
    /// The tasks in which replaced handlers finish their work, by the number of the replacement.
    private(set) var retiring: [Int: Task<Void, Never>] = [:]
    private var lastRetirement = 0
    private var lastRun = 0

    init(_ table: RouteTable, _ options: RouterOptions) {
        self.table = table
        self.options = options
    }

    /// The controls of the running sessions, in the order in which they began.
    var controls: [RunControl] { runs.sorted { $0.key < $1.key }.map(\.value) }

    var active: ActiveRules? { if case .started(let active) = phase { active } else { nil } }

    mutating func beginStart(_ turn: Completion) -> Step {
        switch phase {
        case .started: return .done
        case .starting(let start): return .join(start)
        case .stopping(let stop): return .after(stop)
        case .stopped:
            phase = .starting(turn)
            return .go
        }
    }

    mutating func beginStop(_ turn: Completion) -> Step {
        if let replacing { return .after(replacing) }
        switch phase {
        case .stopped: return .done
        case .stopping(let stop): return .join(stop)
        case .starting(let start): return .after(start)
        case .started:
            phase = .stopping(turn)
            return .go
        }
    }

    /// Records that the router has stopped.
    ///
    /// - Returns: The completion of the shutdown deadline, for the caller to finish.
    mutating func endStop() -> Completion {
        phase = .stopped
        isStopping = false
        isPastDeadline = false
        defer { shutdownDeadline = Completion() }
        return shutdownDeadline
    }

    /// - Returns: Begins to replace rules. Returns `done` if the router is not started.
    mutating func beginReplacing(_ turn: Completion) -> Step {
        if let replacing { return .after(replacing) }
        guard active != nil else { return .done }
        replacing = turn
        return .go
    }

    /// Stores the task in which replaced handlers finish their work.
    ///
    /// - Parameter begin: Begins the task, which must call ``endRetirement(_:)`` with the number at its end.
    mutating func beginRetirement(_ begin: (_ number: Int) -> Task<Void, Never>) {
        lastRetirement += 1
        retiring[lastRetirement] = begin(lastRetirement)
    }

    /// Records that replaced handlers have finished their work.
    mutating func endRetirement(_ number: Int) { retiring[number] = nil }

    /// A new session.
    struct Entry {
        let id: Int
        let key: String
        let active: ActiveRules
        let options: RouterOptions
    }

    /// Adds a session, under a unique key.
    ///
    /// - Throws: ``RouterFailure`` if the router is not started, or if the key is taken and must not be changed.
    mutating func enter(_ control: RunControl, _ session: SessionDescription) throws -> Entry {
        guard let active else { throw RouterFailure.notStarted }
        if session.takenKey == .refuse, keys.contains(session.key) {
            throw RouterFailure(
                "a session with the key `\(session.key)` is running: finish it first, or give this one another key")
        }
        if isStopping, isPastDeadline || !control.outlastsShutdown { control.stop() }
        lastRun += 1
        runs[lastRun] = control
        let key = takeKey(session.key, after: 1, of: lastRun)
        return Entry(id: lastRun, key: key, active: active, options: options)
    }

    /// Reserves a key for a session: the given key, with the first free number from `number` on.
    mutating func takeKey(_ key: String, after number: Int, of id: Int) -> String {
        var number = number
        var taken = number == 1 ? key : "\(key)#\(number)"
        while keys.contains(taken) {
            number += 1
            taken = "\(key)#\(number)"
        }
        keys.insert(taken)
        keysOfRuns[id, default: []].append(taken)
        return taken
    }

    /// Removes a session that is over.
    mutating func leave(_ id: Int) {
        runs[id] = nil
        for key in keysOfRuns.removeValue(forKey: id) ?? [] { keys.remove(key) }
    }

    /// Adds the task of a source.
    ///
    /// - Returns: The number of the source.
    /// - Throws: ``RouterFailure`` if the router is not started.
    mutating func enter(_ source: Task<Void, any Error>) throws -> Int {
        guard active != nil else {
            source.cancel()
            throw RouterFailure.notStarted
        }
        if isStopping { source.cancel() }
        lastRun += 1
        sources[lastRun] = source
        return lastRun
    }
}
