import EventPatterns
import RealtimeEvents

extension RuleTable {
    /// The names of the routes that can take what the user says, in file order: those of which a session without input
    /// transcription leaves nothing.
    public var routesOnUserWords: [String] {
        let utterances: [EventType.Code] = [
            .routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised,
        ]
        return zip(routes, rules.rules).compactMap { route, rule in
            guard route.side == .server else { return nil }
            let takesOne = utterances.contains { code in
                rule.targets.contains { $0.filter?.contains(code) ?? true }
                    && route.pattern?.mayMatch(["type": EventType(code).name, "role": "user"]) ?? true
            }
            return takesOne ? route.name : nil
        }
    }
}
