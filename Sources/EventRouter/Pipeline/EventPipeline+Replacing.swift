import EventJSON
import EventPatterns
import RealtimeEvents
import RealtimeSession

extension EventPipeline {
    /// Routes all further events by other rules. No event is routed partly by old and partly by new rules.
    ///
    /// - Parameters:
    ///   - active: The rules, with the handlers that are running for them.
    ///   - isSourceOver: Whether the source has ended, so that handlers need not wait for more events.
    ///   - signal: Wakes the session's loop.
    mutating func replaceRules(by active: ActiveRules, isSourceOver: Bool, wakes signal: SessionSignal) {
        outgoing.submitAll()
        let (old, earlier) = (table, lanes)
        table = active.rules
        lanes = active.runtimes.map { runtime in
            earlier.first { $0.target === runtime }
                ?? allLanes.begin(runtime, isLive: scope.session.isInteractive, wakes: signal)
        }
        if isSourceOver {
            for lane in lanes where !earlier.contains(where: { $0 === lane }) { lane.endOfSource() }
        } else {
            for lane in earlier where !lanes.contains(where: { $0 === lane }) { lane.endOfSource() }
        }
        allLanes.forgetSettled(except: lanes)
        outgoing = OutgoingDeliveries(active.runtimes)
        slots = FieldSlots(table.plan, rooms: rooms)
        matched = MatchedRoutes()
        clientMatched = MatchedRoutes()
        decideLabels()
        state.observe(table.observed)
        renumberRoutes(from: old)
        table.redaction.learn(from: old.redaction)
        if ownsFunctions { formerFunctions.formUnion(old.tools.compactMap(\.name)) }
        replaceRedaction(table.redaction)
        announceChangedTools(since: old)
    }

    /// Moves the state of each route to the new route with the same name.
    private mutating func renumberRoutes(from old: RuleTable) {
        let indices = Dictionary(uniqueKeysWithValues: table.routeNames.enumerated().map { ($1, $0) })
        let numbers = old.routeNames.map { indices[$0] }
        counts.renumber(numbers, to: table.routeNames)
        scope.fired.renumber(numbers)
        for index in earlierScopes.indices { earlierScopes[index].fired.renumber(numbers) }
    }

    private func replaceRedaction(_ redaction: Redaction) {
        scope.session.redaction = redaction
        recording?.replace(redaction)
        for scope in earlierScopes { scope.session.redaction = redaction }
    }
}
