/// Where a router is between its starts and stops, and what runs in it.
struct RouterState {
    enum Phase {
        case stopped
        case starting(Completion)
        case started(ActiveRules)
        case stopping(Completion)
    }

    /// What a call that wants to change something has to do.
    enum Step {
        case go
        case done
        /// Another call is doing the same.
        case join(Completion)
        /// Another call is doing something else, which has to end first.
        case after(Completion)
    }

    var phase = Phase.stopped
    var table: RouteTable
    var options: RouterOptions
    /// What the router does, where a handler watches it.
    var activity: RouterActivity?
    /// A shutdown was asked for: sessions that begin end at once.
    var isStopping = false
    /// The deadline of the shutdown has passed.
    var isPastDeadline = false
    /// Told when the deadline of a shutdown has passed, or the router has stopped.
    private(set) var shutdownDeadline = Completion()
    /// The sessions that run.
    var runs: [Int: RunControl] = [:]
    /// The keys of the sessions that run, those of sessions that followed one another on a source included.
    private var keys: Set<String> = []
    private var keysOfRuns: [Int: [String]] = [:]
    /// The tasks of the sources that run.
    var sources: [Int: Task<Void, any Error>] = [:]
    /// The replacing of rules that is going on.
    var replacing: Completion?
    /// Handlers that were replaced, while they finish what they have begun: by the number of the replacement.
    private(set) var retiring: [Int: Task<Void, Never>] = [:]
    private var lastRetirement = 0
    private var lastRun = 0

    init(_ table: RouteTable, _ options: RouterOptions) {
        self.table = table
        self.options = options
    }

    /// What reaches the sessions that run, in the order in which they began.
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

    /// The router has stopped.
    ///
    /// - Returns: who waits for the deadline of a shutdown.
    mutating func endStop() -> Completion {
        phase = .stopped
        isStopping = false
        isPastDeadline = false
        defer { shutdownDeadline = Completion() }
        return shutdownDeadline
    }

    /// - Returns: `done` if the router is not started.
    mutating func beginReplacing(_ turn: Completion) -> Step {
        if let replacing { return .after(replacing) }
        guard active != nil else { return .done }
        replacing = turn
        return .go
    }

    /// Keeps the task in which replaced handlers finish what they have begun.
    ///
    /// - Parameter begin: begins the task, which ends with ``endRetirement(_:)`` of the number.
    mutating func beginRetirement(_ begin: (_ number: Int) -> Task<Void, Never>) {
        lastRetirement += 1
        retiring[lastRetirement] = begin(lastRetirement)
    }

    /// Replaced handlers have finished what they had begun.
    mutating func endRetirement(_ number: Int) { retiring[number] = nil }

    /// A session that begins.
    struct Entry {
        let id: Int
        let key: String
        let active: ActiveRules
        let options: RouterOptions
    }

    /// Enters a session, under a key that no other has.
    ///
    /// - Throws: ``RouterFailure`` if the router is not started, or the key is taken and may not be changed.
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

    /// Takes a key for a session: the given one, or with the first number from `number` on with which it is free.
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

    /// A session is over.
    mutating func leave(_ id: Int) {
        runs[id] = nil
        for key in keysOfRuns.removeValue(forKey: id) ?? [] { keys.remove(key) }
    }

    /// Enters the task of a source.
    ///
    /// - Returns: Its number.
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
