internal import EventJSON
internal import RealtimeEvents

/// What is known of one conversation item, from the first sight of its id.
struct ItemRecord: Sendable {
    enum Kind: Sendable {
        case unknown, message, other
    }

    enum Role: Sendable {
        case unknown, user, assistant, system
    }

    let id: String
    let key: IDKey
    /// The turn in which it began.
    let turn: Int
    /// Items are numbered as they are seen.
    let serial: Int
    var kind = Kind.unknown
    var role = Role.unknown
    var responseID: String?
    /// Its response is out of band, so it is no part of the conversation.
    var isOutOfBand = false
    /// What the client attached to its response.
    var responseMetadata: JSONValue?
    /// The server's word for what it is to the answer.
    var phase: String?
    /// What it says of a call of an MCP tool, or of the list of an MCP server's tools.
    var mcp: MCPItem?
    /// The item before it, as the server named it.
    var previousID: String?
    /// The user's audio will get words.
    var expectsTranscript = false
    /// Nothing more will come: the assistant's item ended, or the item was deleted.
    var isClosed = false
    /// How words end that come for a closed item, in a part that it did not have.
    var closingEnd = UtterancePart.End.completed
    /// It waits to be forgotten.
    var isSettled = false
    /// The server detected speech for it.
    var isDetected = false
    /// The server detected the end of that speech.
    var hasStopped = false
    /// The server made it because nobody spoke.
    var isIdle = false
    var addedAt: Double?
    var speechStartedAt: Double?
    var speechStoppedAt: Double?
    var audioStartMs: Int?
    var audioEndMs: Int?
    /// Bytes a second of the assistant's audio.
    var audioRate = 0
    /// In order of their content index.
    var parts: [UtterancePart] = []

    init(id: String, key: IDKey, turn: Int, serial: Int) {
        self.id = id
        self.key = key
        self.turn = turn
        self.serial = serial
    }

    /// Whether words may still come, so that later items wait.
    var holdsOthers: Bool {
        if isClosed || isOutOfBand || kind == .other { return false }
        switch role {
        case .assistant: return true
        case .user: return expectsTranscript && (parts.isEmpty || parts.contains { $0.isSpoken && $0.end == nil })
        case .unknown, .system: return false
        }
    }

    /// Whether it is the user's audio, and its words have not all come.
    var waitsForWords: Bool {
        guard role == .user, kind == .message, !isClosed, !isIdle, expectsTranscript || isDetected else { return false }
        return parts.isEmpty || parts.contains { $0.isSpoken && $0.end == nil }
    }

    /// Whether it can hold words of a role: it is no other role's message and nothing but a message.
    func canHoldWords(of role: Role) -> Bool { kind != .other && (self.role == role || self.role == .unknown) }

    /// The place of a content part in ``parts``; nil when there is none.
    func part(_ contentIndex: Int) -> Int? {
        if let first = parts.first, first.contentIndex == contentIndex { return 0 }
        return parts.firstIndex { $0.contentIndex == contentIndex }
    }

    /// The place of a content part in ``parts``, which is made when there is none; nil when there are too many.
    mutating func makePart(_ contentIndex: Int, isSpoken: Bool) -> Int? {
        if let place = part(contentIndex) { return place }
        guard parts.count < Self.partLimit else { return nil }
        let place = parts.firstIndex { $0.contentIndex > contentIndex } ?? parts.endIndex
        parts.insert(UtterancePart(contentIndex: contentIndex, isSpoken: isSpoken), at: place)
        return place
    }

    /// More parts than any server sends, so that an odd one cannot fill the memory with one item.
    private static let partLimit = 256
}

/// What an item says of a call of an MCP tool, or of the list of an MCP server's tools.
struct MCPItem: Sendable {
    /// Why it failed.
    struct Reason: Sendable {
        var message: String?
        var type: String?
        var code: Int?
    }

    /// The label that the session's configuration has for the MCP server.
    var serverLabel: String
    /// The tool that is called; nil for a list of tools.
    var tool: String?
    var reason: Reason?
}

/// An MCP failure whose reason has not come.
struct MCPFailure: Sendable {
    let item: IDKey
    let itemID: String?
    let code: String
    let turn: Int
    /// The event that said that it failed.
    let cause: EventCause
    /// When it is raised without a reason; infinity without times.
    let deadline: Double
}
