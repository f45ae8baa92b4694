import EventJSON
public import RealtimeEvents
import RealtimeSession

/// One event for one handler.
public struct EventDelivery: Sendable {
    /// The event. Its payload is decoded on request: `delivery.event.decode(Utterance.self)`.
    public let event: RealtimeEvent
    /// The names of the routes that sent the event to this handler, in file order. Empty for an event that `unmatched`
    /// sends here, and for client audio.
    public let routes: [String]
    /// The number of the attempt, counted from 1.
    public internal(set) var attempt: Int
    /// The session that the event belongs to. The handler answers through it.
    public let session: RouterSession
    /// The number of the event in its session, counted from 1 in routing order. Server events, client events and
    /// derived events count, whether or not a route takes them.
    public let sequence: Int
    /// The side that sent the event. It is `client` only for a route with ``Route/side`` `client`, and for the audio
    /// that a ``ClientAudioHandling`` handler gets.
    public let side: SessionSide

    /// Creates a delivery. Used by the router and by tests of handlers.
    public init(
        event: RealtimeEvent, routes: [String], attempt: Int = 1, session: RouterSession, sequence: Int = 1,
        side: SessionSide = .server
    ) {
        self.event = event
        self.routes = routes
        self.attempt = attempt
        self.session = session
        self.sequence = sequence
        self.side = side
    }

    /// The function call that the event is about; nil for any other event.
    var call: CallReference? {
        switch event.type.code {
        case .routerFunctionCallReady: (try? event.decode(FunctionCall.self))?.reference
        case .routerFunctionCallDone: (try? event.decode(FunctionCallOutcome.self))?.reference
        default: nil
        }
    }
}

/// A side of a session's connection.
public enum SessionSide: String, Sendable, Hashable, CaseIterable {
    /// The server. Events that the router derives count as server events.
    case server
    /// The client. Pass the events that the app itself sends, before it sends them: they update the router's view of
    /// the session, and routes with ``Route/side`` `client` take them. Events that were taken from
    /// ``AttachedSession/outbound`` are the router's own; the router knows them already, and no route takes them. Audio
    /// is needed only for a recording or a ``ClientAudioHandling`` handler.
    case client
}

/// An error that tells the router whether and when to retry a failed delivery.
///
/// Any other error is treated as ``retry(after:_:)`` without a delay.
public struct DeliveryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable, Hashable {
        case permanent
        case retry(after: Duration?)
    }

    let kind: Kind
    /// What went wrong, for the dead letter and the log.
    public let description: String

    /// Does not retry: the event becomes a dead letter immediately.
    public static func permanent(_ reason: String) -> DeliveryFailure {
        DeliveryFailure(kind: .permanent, description: reason)
    }

    /// Retries after a delay in place of the policy's back-off, if the policy allows another attempt.
    public static func retry(after delay: Duration? = nil, _ reason: String) -> DeliveryFailure {
        DeliveryFailure(kind: .retry(after: delay), description: reason)
    }
}

extension RouterSession {
    /// Answers a call that never reached its handler, so that the model does not wait for it.
    func fail(_ delivery: EventDelivery, reason: String) {
        refuse(delivery, reason: reason) { Self.failedOutput($0) }
    }

    /// Answers a call that did not fit into its handler's queue.
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

    /// The output that the model gets for a call that was not run.
    static func failedOutput(_ callID: String) -> String { output("the function could not be run", callID) }

    private static func output(_ error: String, _ callID: String) -> String {
        JSONValue.object(["error": .string("\(error) (reference \(callID))")]).description
    }
}
