public import RealtimeEvents

/// A handler that runs function calls and answers each with ``RouterSession/complete(_:)``.
///
/// ## Contract
/// * If several such handlers match one call, only the first in file order gets it. A call is never dropped silently:
///   if the queue is full, the router answers it as busy. The end of a session waits for the outcome of each call.
/// * The router does not retry its deliveries: a call runs at most once.
/// * The handler gets events without redaction, and must redact what it writes.
public protocol FunctionCallHandling: EventHandler {
    /// The functions that the handler runs; nil if they are not known. The router reads it once, when a table is made.
    var toolOffer: ToolOffer? { get }

    /// Informs the handler that the user interrupted the model, by speaking while a response was active or by
    /// cancelling it. Called only in live sessions, and sometimes twice for one interruption.
    ///
    /// The session's task calls it and waits for it, so it must not block. Earlier calls may still be queued.
    ///
    /// - Parameters:
    ///   - session: The session.
    ///   - sequence: The number of the event that showed the interruption. Deliveries with a lower
    ///     ``EventDelivery/sequence`` came before it.
    func userInterrupted(_ session: RouterSession, at sequence: Int)

    /// Informs the handler that the output of a call was not sent although the call has an outcome, because the server
    /// no longer knows the call.
    ///
    /// The session's task calls it and waits for it, so it must not block.
    ///
    /// - Parameters:
    ///   - call: The call, without its occurrence.
    ///   - session: The session.
    ///   - reason: Why it was not sent.
    func outputUnsent(_ call: CallReference, in session: RouterSession, _ reason: UnsentReason)
}

extension FunctionCallHandling {
    /// Nil: the functions are not known.
    public var toolOffer: ToolOffer? { nil }
    /// Does nothing.
    public func userInterrupted(_ session: RouterSession, at sequence: Int) {}
    /// Does nothing.
    public func outputUnsent(_ call: CallReference, in session: RouterSession, _ reason: UnsentReason) {}
}

/// The functions that a handler runs, and how the router announces them in each session.
public struct ToolOffer: Sendable {
    /// The functions, as a `session.update` declares them.
    public var tools: [Tool]
    /// Whether the router announces the functions to the model in a `session.update`, as soon as a session is created.
    ///
    /// One update announces the functions of all such handlers, because each update replaces the previous one. If two
    /// functions have the same name, the first in file order is announced.
    public var isAnnounced: Bool
    /// Whether the router answers, with an error, a ready call that no route sends to a handler. Otherwise the call is
    /// left to the client that declared the function.
    public var answersUnrouted: Bool

    /// Creates an offer.
    public init(_ tools: [Tool], isAnnounced: Bool = false, answersUnrouted: Bool = false) {
        self.tools = tools
        self.isAnnounced = isAnnounced
        self.answersUnrouted = answersUnrouted
    }

    /// The tools of several offers as one list, with the first tool of each name.
    static func union(_ offers: some Sequence<ToolOffer>) -> [Tool] {
        var names: Set<String> = []
        return offers.flatMap(\.tools).filter { tool in tool.name.map { names.insert($0).inserted } ?? true }
    }
}

/// The functions that the router's handlers run, for a source that announces functions itself.
public struct OfferedFunctions: Sendable {
    /// The functions to announce to the model, as a `session.update` declares them.
    public let announced: [Tool]
    /// The names of all functions, including those that another client declares.
    public let names: Set<String>

    /// Makes a list of functions.
    ///
    /// - Parameters:
    ///   - announced: The functions to announce to the model.
    ///   - names: The names of all functions.
    public init(announced: [Tool] = [], names: Set<String> = []) {
        self.announced = announced
        self.names = names
    }
}
