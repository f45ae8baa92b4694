import RealtimeEvents
import RealtimeSession

// What happens to the session beside its events: what handlers ask for, and its end.
extension EventPipeline {
    /// Nothing has come: gives back what only events need.
    mutating func rest() {
        observer?.pause()
        slots.rest()
    }

    /// Takes in what a recording's client answered.
    mutating func note(recordedOutputs: RecordedOutputs) {
        state.note(recordedOutputs: recordedOutputs)
        awaitsOutputs = false
    }

    /// Whether handlers asked for something that can be done. While client events wait here no more are taken from the inbox, whose
    /// bound holds then.
    var hasWishes: Bool { outbound.isEmpty ? !inbox.isEmpty : inbox.isUrgent }

    /// Does what handlers asked for.
    mutating func serveInbox() {
        guard hasWishes else { return }
        defer { handOver() }
        for entry in inbox.take(withSends: outbound.isEmpty) {
            switch entry.wish {
            case .send where !mayAnswer, .requestResponse where !mayAnswer, .speak where !mayAnswer: refuse(entry)
            case .send(let event): state.send(event, origin: entry.origin)
            case .requestResponse: state.requestResponse(origin: entry.origin)
            case .speak(let parameters, let call):
                state.speak(parameters, whileWaitingFor: call, origin: entry.origin)
            case .complete(let outcome):
                var origin = entry.origin
                origin.route = outcome.route ?? origin.route
                state.complete(outcome, origin: origin, into: &derived)
            }
            dispatchDerived()
        }
    }

    /// Reports what a handler wants to send into a session that the router only watches.
    private mutating func refuse(_ entry: SessionInbox.Entry) {
        let event: ClientEvent =
            switch entry.wish {
            case .send(let event): event
            default: .other(["type": "response.create"])
            }
        note(UnsentRequest(event, entry.origin, .sessionObserved), isCounted: false)
    }

    /// The source has ended: open utterances are flushed, calls become ready that wait for nothing else.
    mutating func endOfSource(_ reason: SessionEndReason) {
        defer { handOver() }
        state.endOfSource(reason, into: &derived)
        dispatchDerived()
    }

    /// Gives up the calls that are still running.
    mutating func cancelCalls() {
        defer { handOver() }
        for call in state.takenCalls {
            let reason = "the router was shut down while the call ran"
            state.complete(
                FunctionCallOutcome(of: call, state: .cancelled, output: nil, error: reason), into: &derived)
        }
        dispatchDerived()
    }

    /// The last event of the session.
    mutating func finish() {
        defer { handOver() }
        state.finish(into: &derived)
        dispatchDerived()
        isFinished = true
    }
}
