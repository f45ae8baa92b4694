import EventJSON
import EventRouter
import RealtimeEvents

/// A call that the handler took and owes an outcome.
///
/// A class, so that a long queue of calls is a list of references, and each has an identity.
final class TakenCall: Sendable {
    let call: FunctionCall
    let id: String
    /// The function that it names; nil when there is none of that name.
    let function: LocalFunction?
    /// The route that sent it here.
    let route: String?
    let session: RouterSession
    /// The handler's clock when it came.
    let takenAt: Duration

    init(
        _ call: FunctionCall, id: String, function: LocalFunction?, route: String?, session: RouterSession,
        takenAt: Duration
    ) {
        self.call = call
        self.id = id
        self.function = function
        self.route = route
        self.session = session
        self.takenAt = takenAt
    }

    /// The key of its session, as the journal has it.
    var sessionKey: String { call.head.session ?? session.key }
}

extension FunctionCall {
    /// The arguments as an object; nil when they are none.
    ///
    /// A blank text is an object without members: that is how some servers write a call without arguments.
    var argumentObject: JSONObject? {
        switch arguments {
        case .object(let object)?: object
        case .string(let text)? where text.allSatisfy(\.isWhitespace): JSONObject()
        default: nil
        }
    }
}
