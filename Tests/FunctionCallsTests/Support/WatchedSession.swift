import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting

/// A session whose outcomes the test reads, instead of the router.
struct WatchedSession {
    let session: RouterSession
    private let sessionID: String?
    private let outcomes = Collected<FunctionCallOutcome>()

    init(_ key: String = "demo", sessionID: String? = "sess_1", isInteractive: Bool = false) {
        self.sessionID = sessionID
        session = RouterSession(key: key, isInteractive: isInteractive) { [outcomes] wish in
            if case .complete(let outcome) = wish { outcomes.append(outcome) }
        }
    }

    /// Waits for a total number of outcomes.
    func outcomes(_ count: Int) async -> [FunctionCallOutcome] { await outcomes.wait(for: count) }

    /// The outcomes so far.
    func outcomesSoFar() -> [FunctionCallOutcome] { outcomes.elements }

    /// A call as the session would deliver it.
    func delivery(
        _ id: String = "call_1", _ name: String? = "f", _ arguments: JSONValue = [:], labels: [String: String]? = nil,
        routes: [String] = ["tool calls"], turn: Int? = nil, occurrence: Int? = nil, response: String? = nil,
        item: String? = nil
    ) -> EventDelivery {
        var call = FunctionCall()
        call.head.type = EventType.routerFunctionCallReady.name
        call.head.session = session.key
        call.head.sessionID = sessionID
        call.head.labels = labels
        call.head.turn = turn
        call.callID = id
        call.occurrence = occurrence
        call.responseID = response
        call.itemID = item
        call.name = name
        call.arguments = arguments
        let event = RealtimeEvent(
            bytes: Array(call.json.description.utf8), type: .routerFunctionCallReady,
            wireType: EventType.routerFunctionCallReady.name, position: EventPosition(line: 1, derived: 1))
        return EventDelivery(event: event, routes: routes, session: session)
    }
}
