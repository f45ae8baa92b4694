import Synchronization

extension Router {
    /// Starts the handlers in file order. If one fails, the handlers before it are stopped again.
    ///
    /// Does nothing if the router is started already. If called several times concurrently, one call starts the
    /// handlers, and all return when they are started. After ``stop()`` the router can be started again.
    ///
    /// - Throws: ``RouterFailure`` with the handler's name and error; concurrent calls throw the same.
    public func start() async throws {
        let turn = Completion()
        while true {
            switch state.withLock({ $0.beginStart(turn) }) {
            case .done: return
            case .join(let start): return try await start.wait()
            case .after(let other): try? await other.wait()
            case .go: return try await start(turn)
            }
        }
    }

    private func start(_ turn: Completion) async throws {
        let table = table
        do {
            if !isDryRun { try await startAll(of: table) }
        } catch {
            state.withLock { $0.phase = .stopped }
            turn.finish(.failure(error))
            throw error
        }
        let context = DeliveryContext(table, environment: environment, log: log, logger: logger, unwritten: unwritten)
        let runtimes = table.handlers.map { makeRuntime($0, context) }
        state.withLock { $0.phase = .started(ActiveRules(rules: table.rules, runtimes: runtimes, context: context)) }
        turn.finish()
    }

    func makeRuntime(_ binding: HandlerBinding, _ context: DeliveryContext) -> HandlerRuntime {
        HandlerRuntime(binding, context, times: activity?.times(of: binding.name))
    }

    private func startAll(of table: RouteTable) async throws {
        try forgetOldRecords(of: table)
        try startDeadLetters(table.deadLetters)
        do {
            try await start(table.handlers.map { ($0, nil) })
        } catch {
            table.deadLetters.stop()
            throw error
        }
    }

    /// Deletes records that are older than the table keeps them, before new ones are written.
    func forgetOldRecords(of table: RouteTable) throws {
        guard let keep = table.keep else { return }
        for (name, records) in table.records {
            do { _ = try records.forget(before: clock.wallTime - keep.seconds) } catch {
                throw RouterFailure("\(name): \(error)")
            }
        }
    }

    func startDeadLetters(_ sink: any DeadLetterSink) throws {
        sink.reportUnwritten(to: unwritten)
        do { try sink.start() } catch { throw RouterFailure("dead letters: \(error)") }
    }

    /// Starts handlers in order, each in place of its predecessor if it has one. If one fails, the handlers before it
    /// are stopped again.
    func start(_ handlers: [(binding: HandlerBinding, predecessor: (any EventHandler)?)]) async throws {
        for (index, (binding, predecessor)) in handlers.enumerated() {
            if let activity { binding.roles.observer?.observe(activity) }
            binding.roles.writer?.reportUnwritten(to: unwritten)
            do {
                if let predecessor, let successor = binding.roles.succession {
                    try await successor.start(succeeding: predecessor)
                } else {
                    try await binding.handler.start()
                }
            } catch {
                for earlier in handlers[..<index].reversed() { await earlier.binding.handler.stop() }
                throw RouterFailure("handler `\(binding.name)` did not start: \(binding.hide("\(error)"))")
            }
        }
    }

    /// Stops the handlers in reverse order.
    ///
    /// Running sessions are ended first: no further lines are routed, and the router waits for all calls and
    /// deliveries, however long they take. ``shutDown(within:)`` sets a deadline; call it first. Concurrent calls all
    /// return when the router has stopped.
    public func stop() async {
        let turn = Completion()
        while true {
            // Read the active rules first: ``RouterState/beginStop(_:)`` replaces the phase that holds them.
            let (active, step) = state.withLock { ($0.active, $0.beginStop(turn)) }
            switch step {
            case .done: return
            case .join(let stop): return (try? await stop.wait()) ?? ()
            case .after(let other): try? await other.wait()
            case .go:
                if let active { await stop(active) }
                return turn.finish()
            }
        }
    }

    private func stop(_ active: ActiveRules) async {
        let (sessions, sources, retiring) = state.withLock { state in
            (state.controls, Array(state.sources.values), state.retiring.sorted { $0.key < $1.key }.map(\.value))
        }
        for source in sources { source.cancel() }
        for session in sessions { session.stop() }
        for session in sessions { await session.waitForEnd() }
        for task in retiring { await task.value }
        if !isDryRun {
            for runtime in active.runtimes.reversed() { await runtime.handler.stop() }
            active.context.deadLetters.stop()
        }
        state.withLock { $0.endStop() }.finish()
    }
}
