import EventJSON
public import RealtimeEvents
import Synchronization

/// The session that a delivery belongs to, as handlers see it: who it is, and the way to answer.
///
/// Nothing here waits: wishes go into the session's inbox, and the session's loop takes them between events. So a
/// handler cannot block the router, nor the router an answer.
public final class RouterSession: Sendable {
    /// The router's own key of the session, stable over reconnects.
    public let key: String
    /// What the operator says about the session, as it may be written; copied into every record.
    public let labels: [SessionLabel]
    /// Whether events come as they happen, so that the wall clock tells their time.
    public let isInteractive: Bool
    /// What a handler that gets events whole has to take out of what it writes.
    public internal(set) var redaction: Redaction {
        get { currentRedaction.withLock { $0 } }
        set { currentRedaction.withLock { $0 = newValue } }
    }
    /// What all objects of one session have in common: another one takes the place of this when the labels change.
    package let token: SessionToken
    private let currentRedaction: Mutex<Redaction>
    private let receive: @Sendable (SessionWish) -> Void
    private let serverID = Mutex<String?>(nil)
    private let routed = Atomic<Int>(0)
    private let abandonment = Mutex<(reason: UnsentReason, upTo: Int)?>(nil)

    /// Makes a session; the router does, and tests of handlers.
    ///
    /// - Parameters:
    ///   - key: the session's key.
    ///   - labels: what the operator says about it.
    ///   - isInteractive: whether events come as they happen.
    ///   - redaction: what is taken out of everything that is written.
    ///   - receive: gets what handlers want, in their order; called on their threads, so it must not wait.
    public convenience init(
        key: String, labels: [SessionLabel] = [], isInteractive: Bool = false, redaction: Redaction = Redaction(),
        receive: @escaping @Sendable (SessionWish) -> Void
    ) {
        self.init(
            key: key, labels: labels, isInteractive: isInteractive, redaction: redaction, token: SessionToken(),
            receive: receive)
    }

    init(
        key: String, labels: [SessionLabel], isInteractive: Bool, redaction: Redaction, token: SessionToken,
        receive: @escaping @Sendable (SessionWish) -> Void
    ) {
        self.token = token
        self.key = key
        self.labels = labels.map { SessionLabel($0.name, redaction.redacted(label: $0.name, $0.value)) }
        self.isInteractive = isInteractive
        currentRedaction = Mutex(redaction)
        self.receive = receive
    }

    /// The server's `session.id`; it may come late or never.
    public internal(set) var sessionID: String? {
        get { serverID.withLock { $0 } }
        set { serverID.withLock { $0 = newValue } }
    }

    /// Sends a client event to the model, in the order of the calls.
    ///
    /// If the server refuses the event, that is tied to the handler in whose task this is called, or in a task that one began.
    ///
    /// A `response.create` goes through the sequencer like ``requestResponse()``. While 4,096 wishes wait to be taken up, further events
    /// are dropped; they count in ``RunReport/unsent``.
    public func send(_ event: ClientEvent) {
        receive(.send(event))
    }

    /// Asks for a response of the model as soon as one may be asked for: never while another is active, and once for
    /// several wishes.
    public func requestResponse() {
        receive(.requestResponse)
    }

    /// Lets the model say something while a function call runs that this handler took.
    ///
    /// It does so once for the calls of a response, as soon as no response is active, and not when the call has its outcome by
    /// then. In a recording nothing is said.
    ///
    /// - Parameters:
    ///   - parameters: how the response is made; its instructions say what to say.
    ///   - call: the call.
    public func speak(_ parameters: ResponseParameters, whileWaitingFor call: CallReference) {
        receive(.speak(parameters, whileWaitingFor: call))
    }

    /// Gives the outcome of a function call that this handler took.
    ///
    /// The answer goes to the model, and `router.function_call.done` to whoever routes it. A second outcome for one
    /// call is ignored. Of several calls with the same `call_id` the outcome is for the one that it names by its
    /// `occurrence`.
    public func complete(_ outcome: FunctionCallOutcome) {
        var outcome = outcome
        outcome.head.session = outcome.head.session ?? key
        receive(.complete(outcome))
    }

    /// Takes in that the server does not know the calls any more that became ready with an event up to a number, or before.
    func abandonCalls(_ reason: UnsentReason, upTo sequence: Int) {
        abandonment.withLock { $0 = (reason, sequence) }
    }

    /// Why the output of a call is not sent; nil where it is, as far as that is known. The session itself decides.
    ///
    /// - Parameter sequence: the ``EventDelivery/sequence`` with which the call came.
    package func unsentReason(ofCallAt sequence: Int) -> UnsentReason? {
        abandonment.withLock { $0.flatMap { sequence <= $0.upTo ? $0.reason : nil } }
    }

    /// The number of the event up to which all deliveries are in the queues of their handlers, or settled.
    var lastRouted: Int {
        get { routed.load(ordering: .acquiring) }
        set { routed.store(newValue, ordering: .releasing) }
    }
}

/// Tells a session from others, also from one that had the same key before. It lives as long as the session.
package final class SessionToken: Sendable {
    init() {}
}
