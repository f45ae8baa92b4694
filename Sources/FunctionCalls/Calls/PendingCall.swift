import EventJSON
import EventRouter
import RealtimeEvents
import Synchronization

/// A call that the handler took and owes an outcome.
///
/// A class, so that a long queue of calls is a list of references, and each has an identity.
final class TakenCall: Sendable {
    /// Its occurrence is the journal's, where that was asked.
    let call: FunctionCall
    /// What the session knows it by.
    let reference: CallReference
    /// What the journal knows it by.
    let identity: CallIdentity
    /// The function that it names; nil when there is none of that name.
    let function: LocalFunction?
    /// The route that sent it here.
    let route: String?
    let session: RouterSession
    /// The size of its event, in bytes.
    let size: Int
    /// The number in its session of the event by which it became ready.
    let sequence: Int
    /// The arguments as they may be written down.
    let writtenArguments: JSONValue?
    /// What its arguments say that may not be written down.
    let hiddenTexts: [String]
    /// The handler's clock when it came.
    let takenAt: Duration
    /// What it has in common with the calls that its function's ``OnceRule`` takes for the same.
    let onceKey: CallKey?
    /// What it has in common with calls of its session that say the same, where its function wants to know.
    let duplicateKey: CallKey?
    private let decision = Mutex<String?>(nil)

    init(
        _ call: FunctionCall, _ reference: CallReference, _ identity: CallIdentity, function: LocalFunction?,
        delivery: EventDelivery,
        writtenArguments: JSONValue?, hiddenTexts: [String], takenAt: Duration
    ) {
        self.call = call
        self.reference = reference
        self.identity = identity
        self.function = function
        self.writtenArguments = writtenArguments
        self.hiddenTexts = hiddenTexts
        route = delivery.routes.first
        session = delivery.session
        size = delivery.event.bytes.count
        sequence = delivery.sequence
        self.takenAt = takenAt
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

    /// Who approved or rejected it; nil when nobody was asked.
    var decidedBy: String? {
        get { decision.withLock { $0 } }
        set { decision.withLock { $0 = newValue } }
    }

    /// The labels of its session as they may be written down.
    var writtenLabels: [String: String]? {
        call.head.labels.map { labels in
            Dictionary(uniqueKeysWithValues: labels.map { ($0, session.redaction.redacted(label: $0, $1)) })
        }
    }

    /// The key of its session, as the journal has it.
    var sessionKey: String { identity.session }
}

extension FunctionCall {
    /// The arguments as an object; nil when they are none.
    ///
    /// A blank text is an object without members: that is how some servers write a call without arguments.
    var argumentObject: JSONObject? {
        switch arguments {
        case .object(let object)?: object
        case .string(let text)? where text.utf8.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }: JSONObject()
        default: nil
        }
    }
}
