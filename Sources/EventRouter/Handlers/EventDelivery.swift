import EventJSON
public import RealtimeEvents
import RealtimeSession

/// One event on its way to one handler.
public struct EventDelivery: Sendable {
    /// The event; its payload is decoded when asked for: `delivery.event.decode(Utterance.self)`.
    public let event: RealtimeEvent
    /// The names of the routes that took the event for this handler, in file order. Empty for an event that no route
    /// took and that `unmatched` sends here, and for the client's audio.
    public let routes: [String]
    /// 1 for the first try, one more after each failure.
    public internal(set) var attempt: Int
    /// The session that the event belongs to, and the way to answer it.
    public let session: RouterSession
    /// The number of the event in its session, from 1 on, in the order in which events are routed; the events of both sides and derived
    /// events count, whether or not a route takes them.
    public let sequence: Int
    /// Who sent the event: the client only if a route with ``Route/side`` `client` took it, and for a ``ClientAudioHandling``.
    public let side: SessionSide

    /// Makes a delivery; the router does, and tests of handlers.
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

/// A side of a session's connection: who sent an event.
public enum SessionSide: String, Sendable, Hashable, CaseIterable {
    /// The server. The events that the router derives count as the server's.
    case server
    /// The client: what the app itself sends, and before it sends it. It changes what the router knows of the session, and routes with
    /// ``Route/side`` `client` take it. What was taken from ``AttachedSession/outbound`` is the router's own: it is known already, and
    /// no route takes it. Audio is needed for a recording, and for a ``ClientAudioHandling``.
    case client
}

/// An error by which a handler says more than "it failed".
///
/// Any other error is treated as ``retry(after:_:)`` without a delay of its own.
public struct DeliveryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable, Hashable {
        case permanent
        case retry(after: Duration?)
    }

    let kind: Kind
    /// What went wrong, for the dead letter and the log.
    public let description: String

    /// Trying again cannot help: the event becomes a dead letter at once.
    public static func permanent(_ reason: String) -> DeliveryFailure {
        DeliveryFailure(kind: .permanent, description: reason)
    }

    /// Try again after this time instead of the policy's back-off, if the policy allows another attempt.
    public static func retry(after delay: Duration? = nil, _ reason: String) -> DeliveryFailure {
        DeliveryFailure(kind: .retry(after: delay), description: reason)
    }
}

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
