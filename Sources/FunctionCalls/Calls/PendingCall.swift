import EventJSON
import EventRouter
import RealtimeEvents
import Synchronization

/// A call that the handler accepted and that has no outcome yet.
///
/// A class, so that a long queue holds references, and each call has an identity.
final class PendingCall: Sendable {
    /// The call. Its occurrence is the journal's, if the journal is used for answers.
    let call: FunctionCall
    /// The call's identity in its session.
    let reference: CallReference
    /// The call's identity in the journal.
    let identity: CallIdentity
    /// The function that it names; nil if there is no such function.
    let function: LocalFunction?
    /// The first route that matched it.
    let route: String?
    let session: RouterSession
    /// The size of its event, in bytes.
    let size: Int
    /// The sequence number, in its session, of the event that made the call ready.
    let sequence: Int
    /// The arguments in redacted form, for everything that is written.
    let redactedArguments: JSONValue?
    /// The texts and numbers in its arguments that must not be written.
    let redactedTexts: [String]
    /// The handler's clock at its arrival.
    let receivedAt: Duration
    /// The key that it shares with equivalent calls according to its function's ``OnceRule``; nil if it is never
    /// coalesced.
    let onceKey: CallKey?
    /// The key that it shares with calls of its session with the same function and arguments; nil if the function
    /// allows duplicates.
    let duplicateKey: CallKey?
    private let decision = Mutex<String?>(nil)

    init(
        _ call: FunctionCall, _ reference: CallReference, _ identity: CallIdentity, function: LocalFunction?,
        delivery: EventDelivery,
        redactedArguments: JSONValue?, redactedTexts: [String], receivedAt: Duration
    ) {
        self.call = call
        self.reference = reference
        self.identity = identity
        self.function = function
        self.redactedArguments = redactedArguments
        self.redactedTexts = redactedTexts
        route = delivery.routes.first
        session = delivery.session
        size = delivery.event.bytes.count
        sequence = delivery.sequence
        self.receivedAt = receivedAt
        let (arguments, policy) = (call.argumentObject, function?.policy)
        onceKey = arguments.flatMap { policy?.once?.key(function?.name ?? "", $0) }
        duplicateKey = arguments.flatMap { arguments in
            guard let function, policy?.onDuplicate != .allow else { return nil }
            let session = call.head.session ?? delivery.session.key
            return CallKey([.string(session), .string(function.name), .object(arguments)] as [JSONValue])
        }
    }

    /// The `call_id`.
    var id: String { reference.callID }

    /// Who approved or rejected it; nil if no approval was needed.
    var decidedBy: String? {
        get { decision.withLock { $0 } }
        set { decision.withLock { $0 = newValue } }
    }

    /// The session's labels in redacted form.
    var redactedLabels: [String: String]? {
        call.head.labels.map { labels in
            Dictionary(uniqueKeysWithValues: labels.map { ($0, session.redaction.redacted(label: $0, $1)) })
        }
    }

    /// The session's key, as in the journal.
    var sessionKey: String { identity.session }
}

extension FunctionCall {
    /// The arguments as an object; nil if they are not an object.
    ///
    /// A text of only whitespace counts as an empty object: some servers send it for a call without arguments.
    var argumentObject: JSONObject? {
        switch arguments {
        case .object(let object)?: object
        case .string(let text)? where text.utf8.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }: JSONObject()
        default: nil
        }
    }
}
