internal import EventJSON
internal import RealtimeEvents

/// What is known of one response.
struct ResponseRecord: Sendable {
    /// A kind of first output, for latencies.
    enum Output: Int, Sendable, CaseIterable {
        case audio, audioBuffer, text, transcript
    }

    let id: String
    let key: IDKey
    /// The turn in which it began.
    let turn: Int
    var createdAt: Double?
    /// Its conversation is null, which means that it is out of band if the server names conversations at all.
    var hasNullConversation = false
    /// It writes to no conversation, so it runs beside others and answers no turn.
    var isOutOfBand = false
    /// What the client attached to it.
    var metadata: JSONValue?
    var isDone = false
    /// The server's status; only when it is done.
    var status: String?
    /// The usage that was told last.
    var usage: IDKey?
    /// How often the server ended it again with another usage.
    var usageRevisions = 0
    /// It said something, in words or sound.
    var hasSpoken = false
    /// It made an item that is a message.
    var hasMessage = false
    /// The assistant's items, in order.
    var items: [IDKey] = []
    /// Bytes a second of its audio; nil when it does not say.
    var audioRate: Int?
    /// What it was heard to be interrupted by, until that is told.
    var interruption: PendingInterruption?
    var isInterruptionTold = false
    private var firstOutputs: [Double?] = [nil, nil, nil, nil]

    init(id: String, key: IDKey, turn: Int, at: Double?) {
        self.id = id
        self.key = key
        self.turn = turn
        createdAt = at
    }

    /// An interruption that waits to learn how much was heard.
    struct PendingInterruption: Sendable {
        var reason: String
        var cause: EventCause
        var itemID: String?
    }

    /// Takes in that output of a kind came; only the first time counts.
    mutating func note(_ output: Output, at: Double?) {
        hasSpoken = true
        if firstOutputs[output.rawValue] == nil { firstOutputs[output.rawValue] = at }
    }

    /// When it was first heard: sound, then text, then a transcript whose sound goes another way.
    var firstPerceived: (at: Double, output: Output)? {
        let sounds = [Output.audio, .audioBuffer].compactMap { output in
            firstOutputs[output.rawValue].map { ($0, output) }
        }
        if let sound = sounds.min(by: { $0.0 < $1.0 }) { return sound }
        if let at = firstOutputs[Output.text.rawValue] { return (at, .text) }
        return firstOutputs[Output.transcript.rawValue].map { ($0, .transcript) }
    }

    /// When the first of its audio came.
    var firstAudioAt: Double? { firstOutputs[Output.audio.rawValue] }

    /// When anything of it first came.
    var firstOutputAt: Double? {
        firstOutputs.compactMap(\.self).min()
    }
}
