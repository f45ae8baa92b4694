import EventJSON
import RealtimeEvents

extension RouterSession {
    /// Answers a call that never reached its handler, so that the model is not left waiting.
    func fail(_ delivery: EventDelivery, reason: String) {
        guard let call = try? delivery.event.decode(FunctionCall.self), let callID = call.callID else { return }
        var outcome = FunctionCallOutcome(
            of: call, state: .rejected, output: Self.failedOutput(callID), error: reason)
        outcome.route = delivery.routes.first
        complete(outcome)
    }

    /// What the model gets for a call that nobody ran.
    static func failedOutput(_ callID: String) -> String {
        JSONValue.object(["error": .string("the function could not be run (reference \(callID))")]).description
    }
}
