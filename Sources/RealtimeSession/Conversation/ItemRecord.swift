internal import EventJSON
internal import RealtimeEvents

/// The state of one conversation item, from the first event that names it.
struct ItemRecord: Sendable {
    enum Kind: Sendable {
        case unknown, message, other
    }

    enum Role: Sendable {
        case unknown, user, assistant, system
    }

    let id: String
    let key: IDKey
    /// The turn in which the item began.
    let turn: Int
    /// The item's number in the order in which items were first seen.
    let serial: Int
    var kind = Kind.unknown
    var role = Role.unknown
    var responseID: String?
    /// Whether the item's response is out of band, so that the item is not part of the conversation.
    var isOutOfBand = false
    /// The metadata that the client attached to the item's response.
    var responseMetadata: JSONValue?
    /// The server's `phase` of the item: its part in the answer.
    var phase: String?
    /// The data of an MCP call or tool listing.
    var mcp: MCPItem?
    /// The id of the previous item, as the server named it.
    var previousID: String?
    /// Whether the user's audio will get a transcript.
    var expectsTranscript = false
    /// Whether nothing more will arrive: the assistant's item ended, or the item was deleted.
    var isClosed = false
    /// The end of parts that are first seen after the item was closed.
    var closingEnd = UtterancePart.End.completed
    /// Whether the item waits to be dropped.
    var isSettled = false
    /// Whether the server detected speech for the item.
    var isDetected = false
    /// Whether the server detected the end of that speech.
    var hasStopped = false
    /// Whether the server created the item because nobody spoke.
    var isIdle = false
    var addedAt: Double?
    var speechStartedAt: Double?
    var speechStoppedAt: Double?
    var audioStartMs: Int?
    var audioEndMs: Int?
    /// The byte rate of the assistant's audio, per second.
    var audioRate = 0
    /// The content parts, in order of their content index.
    var parts: [UtterancePart] = []

    init(id: String, key: IDKey, turn: Int, serial: Int) {
        self.id = id
        self.key = key
        self.turn = turn
        self.serial = serial
    }

    /// Whether words may still arrive, so that later items have to wait.
    var blocksLaterItems: Bool {
        if isClosed || isOutOfBand || kind == .other { return false }
        switch role {
        case .assistant: return true
        case .user: return expectsTranscript && (parts.isEmpty || parts.contains { $0.isSpoken && $0.end == nil })
        case .unknown, .system: return false
        }
    }

    /// Whether the item is the user's audio and some of its words have not arrived.
    var awaitsTranscript: Bool {
        guard role == .user, kind == .message, !isClosed, !isIdle, expectsTranscript || isDetected else { return false }
        return parts.isEmpty || parts.contains { $0.isSpoken && $0.end == nil }
    }

    /// Whether the item can hold words of a role: it is, or may be, a message of that role.
    func canHoldWords(of role: Role) -> Bool { kind != .other && (self.role == role || self.role == .unknown) }

    /// The index of a content part in ``parts``; nil if there is none.
    func part(_ contentIndex: Int) -> Int? {
        if let first = parts.first, first.contentIndex == contentIndex { return 0 }
        return parts.firstIndex { $0.contentIndex == contentIndex }
    }

    /// The index of a content part in ``parts``; creates the part if it does not exist. Nil if the item already has
    /// ``partLimit`` parts.
    mutating func makePart(_ contentIndex: Int, isSpoken: Bool) -> Int? {
        if let index = part(contentIndex) { return index }
        guard parts.count < Self.partLimit else { return nil }
        let index = parts.firstIndex { $0.contentIndex > contentIndex } ?? parts.endIndex
        parts.insert(UtterancePart(contentIndex: contentIndex, isSpoken: isSpoken), at: index)
        return index
    }

    /// More parts than any server sends. Bounds the memory that one item can take.
    private static let partLimit = 256
}

/// The data in an MCP call's item or in an MCP tool listing's item.
struct MCPItem: Sendable {
    /// Why the call or listing failed.
    struct Reason: Sendable {
        var message: String?
        var type: String?
        var code: Int?
    }

    /// The MCP server's label in the session's configuration.
    var serverLabel: String
    /// The called tool; nil for a tool listing.
    var tool: String?
    var reason: Reason?
}

/// An MCP failure whose reason has not arrived yet.
struct MCPFailure: Sendable {
    let item: IDKey
    let itemID: String?
    let code: String
    let turn: Int
    /// The event that reported the failure.
    let cause: EventCause
    /// When the failure is raised without a reason; infinity if the source has no times.
    let deadline: Double
}
