import EventJSON
public import RealtimeEvents
import Synchronization

/// The session that a delivery belongs to: its identity, and methods that answer it.
///
/// No method waits: each adds a command to the session's queue, which the session's loop processes between events. So a
/// handler cannot block the router, and the router cannot block an answer.
public final class RouterSession: Sendable {
    /// The router's key of the session, stable over reconnects.
    public let key: String
    /// The session's labels, redacted; copied into every record.
    public let labels: [SessionLabel]
    /// Whether events arrive as they happen, so that the wall clock gives their time.
    public let isInteractive: Bool
    /// The redaction that a handler of unredacted events applies to what it writes.
    public internal(set) var redaction: Redaction {
        get { currentRedaction.withLock { $0 } }
        set { currentRedaction.withLock { $0 = newValue } }
    }
    /// Identifies the session. A new `RouterSession` replaces this one, with the same token, when the labels change.
    package let token: SessionToken
    private let currentRedaction: Mutex<Redaction>
    private let receive: @Sendable (SessionCommand) -> Void
    private let serverID = Mutex<String?>(nil)
    private let routed = Atomic<Int>(0)
    private let abandonment = Mutex<(reason: UnsentReason, upTo: Int)?>(nil)

    /// Creates a session. Used by the router and by tests of handlers.
    ///
    /// - Parameters:
    ///   - key: the session's key.
    ///   - labels: The session's labels.
    ///   - isInteractive: Whether events arrive as they happen.
    ///   - redaction: The redaction of everything that is written.
    ///   - receive: Receives the handlers' commands in order. It is called on the handlers' threads, so it must not
    ///     block.
    public convenience init(
        key: String, labels: [SessionLabel] = [], isInteractive: Bool = false, redaction: Redaction = Redaction(),
        receive: @escaping @Sendable (SessionCommand) -> Void
    ) {
        self.init(
            key: key, labels: labels, isInteractive: isInteractive, redaction: redaction, token: SessionToken(),
            receive: receive)
    }

    init(
        key: String, labels: [SessionLabel], isInteractive: Bool, redaction: Redaction, token: SessionToken,
        receive: @escaping @Sendable (SessionCommand) -> Void
    ) {
        self.token = token
        self.key = key
        self.labels = labels.map { SessionLabel($0.name, redaction.redacted(label: $0.name, $0.value)) }
        self.isInteractive = isInteractive
        currentRedaction = Mutex(redaction)
        self.receive = receive
    }

    /// The server's `session.id`; nil until the server sends it, which may be late or never.
    public internal(set) var sessionID: String? {
        get { serverID.withLock { $0 } }
        set { serverID.withLock { $0 = newValue } }
    }

    /// Sends a client event to the model, in the order of the calls.
    ///
    /// If the server refuses the event, the refusal is attributed to the handler whose task, or child task, called
    /// this.
    ///
    /// A `response.create` goes through the sequencer like ``requestResponse()``. While 4,096 commands are waiting,
    /// further events are dropped and counted in ``RunReport/unsent``.
    public func send(_ event: ClientEvent) {
        receive(.send(event))
    }

    /// Requests a response from the model, as soon as no other response is active. Several pending requests result in
    /// one response.
    public func requestResponse() {
        receive(.requestResponse)
    }

    /// Makes the model say something while a function call of this handler runs.
    ///
    /// The model speaks once for all calls of a response, as soon as no response is active, and only if the call still
    /// has no outcome at that time. In a recording this has no effect.
    ///
    /// - Parameters:
    ///   - parameters: The parameters of the response; its instructions tell the model what to say.
    ///   - call: The running call.
    public func speak(_ parameters: ResponseParameters, whileWaitingFor call: CallReference) {
        receive(.speak(parameters, whileWaitingFor: call))
    }

    /// Completes a function call that this handler took.
    ///
    /// The router sends the answer to the model, and emits `router.function_call.done`. A second outcome of the same
    /// call is ignored. If several calls have the same `call_id`, the outcome's `occurrence` selects one.
    public func complete(_ outcome: FunctionCallOutcome) {
        var outcome = outcome
        outcome.head.session = outcome.head.session ?? key
        receive(.complete(outcome))
    }

    /// Records that the server no longer knows the calls that became ready up to an event's number.
    func abandonCalls(_ reason: UnsentReason, upTo sequence: Int) {
        abandonment.withLock { $0 = (reason, sequence) }
    }

    /// Returns why the output of a call will not be sent; nil if it will be, as far as is known. The session makes the
    /// final decision.
    ///
    /// - Parameter sequence: The ``EventDelivery/sequence`` of the call's delivery.
    package func unsentReason(ofCallAt sequence: Int) -> UnsentReason? {
        abandonment.withLock { $0.flatMap { sequence <= $0.upTo ? $0.reason : nil } }
    }

    /// The number of the event up to which all deliveries are queued or settled.
    var lastRouted: Int {
        get { routed.load(ordering: .acquiring) }
        set { routed.store(newValue, ordering: .releasing) }
    }
}

/// Distinguishes a session from others, also from an earlier session with the same key. It lives as long as the
/// session.
package final class SessionToken: Sendable {
    init() {}
}
