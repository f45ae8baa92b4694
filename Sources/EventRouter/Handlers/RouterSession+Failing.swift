import EventJSON
import RealtimeEvents

extension RouterSession {
    /// Answers a call that never reached its handler, so that the model is not left waiting.
    func fail(_ delivery: EventDelivery, reason: String) {
        refuse(delivery, reason: reason) { Self.failedOutput($0) }
    }

    /// Answers a call for which the queue of its handler has no room.
    func refuseBusy(_ delivery: EventDelivery) {
        refuse(delivery, reason: "too many calls are waiting") {
            Self.output("too many calls are waiting; try again later", $0)
        }
    }

    private func refuse(_ delivery: EventDelivery, reason: String, output: (String) -> String) {
        guard let call = try? delivery.event.decode(FunctionCall.self), let callID = call.callID else { return }
        var outcome = FunctionCallOutcome(of: call, state: .rejected, output: output(callID), error: reason)
        outcome.route = delivery.routes.first
        complete(outcome)
    }

    /// What the model gets for a call that nobody ran.
    static func failedOutput(_ callID: String) -> String { output("the function could not be run", callID) }

    private static func output(_ error: String, _ callID: String) -> String {
        JSONValue.object(["error": .string("\(error) (reference \(callID))")]).description
    }
}
