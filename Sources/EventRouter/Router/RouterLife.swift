/// Where a router is between its starts and stops, and what runs in it.
struct RouterLife {
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
    /// A shutdown was asked for: runs that begin end at once.
    var isStopping = false
    var runs: [Int: RunControl] = [:]
    /// The replacing of rules that is going on.
    var replacing: Completion?
    /// Handlers that were replaced, while they finish what they have begun.
    var retiring: [Task<Void, Never>] = []
    private var lastRun = 0

    init(_ table: RouteTable, _ options: RouterOptions) {
        self.table = table
        self.options = options
    }

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

    /// - Returns: `done` if the router is not started.
    mutating func beginReplacing(_ turn: Completion) -> Step {
        if let replacing { return .after(replacing) }
        guard active != nil else { return .done }
        replacing = turn
        return .go
    }

    /// Enters a run.
    ///
    /// - Returns: Its number.
    /// - Throws: ``RouterFailure`` if the router is not started.
    mutating func enter(_ run: RunControl) throws -> (id: Int, active: ActiveRules) {
        guard let active else { throw RouterFailure("the router was not started: call start() first") }
        if isStopping { run.stop() }
        lastRun += 1
        runs[lastRun] = run
        return (lastRun, active)
    }
}
