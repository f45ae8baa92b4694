public import RealtimeEvents

/// A handler that runs function calls and answers each with ``RouterSession/complete(_:)``.
///
/// ## Contract
/// * Of several such handlers that match one call only the first in file order gets it. The call is never dropped silently: one for which
///   the queue has no room is answered as busy. The end of a session waits for the outcome of each call.
/// * Its deliveries are not retried: a call runs at most once.
/// * It gets events whole, without redaction, and redacts what it writes itself.
public protocol FunctionCallHandling: EventHandler {
    /// The functions that it runs, for the model; nil when they are not known. Asked for once, when a table is made.
    var toolOffer: ToolOffer? { get }

    /// Notes that the user interrupted the model: spoke while a response was active, or had one cancelled. Called in live sessions only,
    /// for some interruptions twice.
    ///
    /// The session's own task calls it and waits for it, so it must not block. Calls that became ready before may still be in the queue.
    ///
    /// - Parameters:
    ///   - session: The session.
    ///   - sequence: The number in the session of the event that showed the interruption: deliveries with a lower
    ///     ``EventDelivery/sequence`` came before it.
    func userInterrupted(_ session: RouterSession, at sequence: Int)

    /// Notes that the output of a call was not sent after all, though the call has its outcome: the server does not know the call any more.
    ///
    /// The session's own task calls it and waits for it, so it must not block.
    ///
    /// - Parameters:
    ///   - call: The call; without its occurrence.
    ///   - session: The session.
    ///   - reason: Why it was not sent.
    func outputUnsent(_ call: CallReference, in session: RouterSession, _ reason: UnsentReason)
}

extension FunctionCallHandling {
    /// The functions are not known.
    public var toolOffer: ToolOffer? { nil }
    /// Calls go on.
    public func userInterrupted(_ session: RouterSession, at sequence: Int) {}
    /// Nothing is noted.
    public func outputUnsent(_ call: CallReference, in session: RouterSession, _ reason: UnsentReason) {}
}

/// The functions that a handler runs, and what it wants the router to do about them in each session.
public struct ToolOffer: Sendable {
    /// The functions, as a `session.update` declares them.
    public var tools: [Tool]
    /// Whether the model is told of them in a `session.update`, as soon as a session is created.
    ///
    /// One update tells of the tools of all handlers that want it, because each update replaces what the one before said. Of
    /// two with the same name the first in file order counts.
    public var isAnnounced: Bool
    /// Whether a ready call that no route gives to a handler which answers is answered by the router, with an error.
    /// Otherwise it is left to the client that declared the function.
    public var answersUnrouted: Bool

    /// Makes an offer.
    public init(_ tools: [Tool], isAnnounced: Bool = false, answersUnrouted: Bool = false) {
        self.tools = tools
        self.isAnnounced = isAnnounced
        self.answersUnrouted = answersUnrouted
    }

    /// Tools of several offers as one list, each name once.
    static func union(_ offers: some Sequence<ToolOffer>) -> [Tool] {
        var names: Set<String> = []
        return offers.flatMap(\.tools).filter { tool in tool.name.map { names.insert($0).inserted } ?? true }
    }
}
