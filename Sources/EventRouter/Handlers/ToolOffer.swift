public import RealtimeEvents

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
