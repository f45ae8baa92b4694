import Synchronization

extension Router {
    /// Replaces rules and handlers while sessions are running. Every session routes each event entirely by the old
    /// rules or entirely by the new ones.
    ///
    /// * A handler whose name, ``HandlerBinding/fingerprint`` and limits are unchanged keeps running, with its state;
    ///   the new table's handler is not used. Other handlers of the new table are started before the rules are
    ///   replaced. See ``HandlerSuccessor`` for resources that only one handler can hold.
    /// * Handlers that are no longer used then finish their work and are stopped, which may take longer than this call.
    /// * The state of a route (`once_per`, counts) is kept by its name. Fields that a new pattern tests and the old
    ///   rules did not read are known from the next event on.
    ///
    /// Returns when all running sessions use the new rules. Each session switches between two events. Concurrent calls
    /// run one after the other.
    ///
    /// - Parameters:
    ///   - table: The new routes and handlers.
    ///   - options: The options of sessions that begin from now on; nil for no change. `isDryRun` cannot change.
    /// - Throws: ``RouterFailure`` if the router is not started, explains events, or a handler does not start. Nothing
    ///   is changed then.
    public func replace(_ table: RouteTable, options: RouterOptions? = nil) async throws {
        guard explaining == nil else { throw RouterFailure("a router that explains events cannot replace its rules") }
        let turn = Completion()
        while true {
            switch state.withLock({ $0.beginReplacing(turn) }) {
            case .done, .join: throw RouterFailure.notStarted
            case .after(let other): try? await other.wait()
            case .go:
                defer {
                    state.withLock { $0.replacing = nil }
                    turn.finish()
                }
                guard let old = state.withLock({ $0.active }) else { return }
                return try await replace(old, by: table, options)
            }
        }
    }

    private func replace(_ old: ActiveRules, by table: RouteTable, _ options: RouterOptions?) async throws {
        let letters = DeadLetterSuccession(from: old.context.deadLetters, to: table.deadLetters)
        let runtimes = try await startSuccessors(old, table, letters)
        let new = ActiveRules(rules: table.rules, runtimes: runtimes, context: old.context)
        old.context.replace(table)
        activity?.add(routes: table.routes.map(\.name), handlers: table.handlers.map(\.name))
        hidden.add(table)
        let swaps = state.withLock { state in
            state.phase = .started(new)
            state.table = table
            if var options {
                options.isDryRun = isDryRun
                state.options = options
            }
            return state.controls.map { $0.replaceRules(by: new) }
        }
        for swap in swaps { try? await swap.wait() }
        let retired = old.runtimes.filter { old in !runtimes.contains { $0 === old } }
        // Under the lock, so that the task is stored before it ends, even if it ends immediately.
        state.withLock { state in
            state.beginRetirement { number in
                environment.task { [self] in
                    for runtime in retired { await runtime.retire(isStarted: !isDryRun) }
                    if !isDryRun { letters.stopOld() }
                    self.state.withLock { $0.endRetirement(number) }
                }
            }
        }
    }

    /// Starts the handlers that are not running yet.
    ///
    /// - Returns: The runtimes of all handlers of the table, in order.
    private func startSuccessors(
        _ old: ActiveRules, _ table: RouteTable, _ letters: DeadLetterSuccession
    ) async throws -> [HandlerRuntime] {
        let running = Dictionary(uniqueKeysWithValues: old.runtimes.map { ($0.name, $0) })
        let kept = table.handlers.map { binding in running[binding.name].flatMap { $0.serves(binding) ? $0 : nil } }
        if !isDryRun {
            if table.handlers.contains(where: { $0.roles.observer != nil }) { observeActivity(table) }
            try forgetOldRecords(of: table)
            if letters.isChange { try startDeadLetters(table.deadLetters) }
            let new = zip(table.handlers, kept).filter { $1 == nil }.map(\.0)
            do {
                try await start(new.map { ($0, running[$0.name]?.handler) })
            } catch {
                if letters.isChange { table.deadLetters.stop() }
                throw error
            }
        }
        return zip(table.handlers, kept).map { $1 ?? makeRuntime($0, old.context) }
    }
}

/// The dead letter sinks before and after rules are replaced.
private struct DeadLetterSuccession: Sendable {
    let old: any DeadLetterSink
    let isChange: Bool

    init(from old: any DeadLetterSink, to new: any DeadLetterSink) {
        self.old = old
        isChange = old as AnyObject !== new as AnyObject
    }

    func stopOld() { if isChange { old.stop() } }
}
