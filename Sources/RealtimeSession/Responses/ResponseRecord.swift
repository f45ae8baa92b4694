internal import EventJSON
internal import RealtimeEvents

/// The state of one response.
struct ResponseRecord: Sendable {
    /// A kind of first output, for latencies.
    enum Output: Int, Sendable, CaseIterable {
        case audio, audioBuffer, text, transcript
    }

    let id: String
    let key: IDKey
    /// The turn in which the response began.
    let turn: Int
    var createdAt: Double?
    /// Whether the response's conversation is null. If the server names conversations, the response is then out of
    /// band.
    var hasNullConversation = false
    /// Whether the response writes to no conversation, so that it runs beside other responses and answers no turn.
    var isOutOfBand = false
    /// The metadata that the client attached to the response.
    var metadata: JSONValue?
    var isDone = false
    /// The server's status; nil until the response is done.
    var status: String?
    /// A compact key of the token counts that were emitted last.
    var usage: IDKey?
    /// How often the server ended the response again with other token counts.
    var usageRevisions = 0
    /// Whether the response produced words or audio.
    var hasSpoken = false
    /// Whether the response produced a message item.
    var hasMessage = false
    /// The response's items, in order.
    var items: [IDKey] = []
    /// The byte rate of the response's audio, per second; nil if the response does not state it.
    var audioRate: Int?
    /// An interruption that is not emitted yet.
    var interruption: PendingInterruption?
    var isInterruptionEmitted = false
    private var firstOutputs: [Double?] = [nil, nil, nil, nil]

    init(id: String, key: IDKey, turn: Int, at: Double?) {
        self.id = id
        self.key = key
        self.turn = turn
        createdAt = at
    }

    /// An interruption that waits for the server to report how much was heard.
    struct PendingInterruption: Sendable {
        var reason: String
        var cause: EventCause
        var itemID: String?
    }

    /// Records output of a kind; only the first of each kind counts.
    mutating func note(_ output: Output, at: Double?) {
        hasSpoken = true
        if firstOutputs[output.rawValue] == nil { firstOutputs[output.rawValue] = at }
    }

    /// The output that the user perceived first: audio if there is any, else text, else a transcript whose audio takes
    /// another path.
    var firstPerceived: (at: Double, output: Output)? {
        let sounds = [Output.audio, .audioBuffer].compactMap { output in
            firstOutputs[output.rawValue].map { ($0, output) }
        }
        if let sound = sounds.min(by: { $0.0 < $1.0 }) { return sound }
        if let at = firstOutputs[Output.text.rawValue] { return (at, .text) }
        return firstOutputs[Output.transcript.rawValue].map { ($0, .transcript) }
    }

    /// When the first audio delta arrived.
    var firstAudioAt: Double? { firstOutputs[Output.audio.rawValue] }

    /// When the first output of any kind arrived.
    var firstOutputAt: Double? {
        firstOutputs.compactMap(\.self).min()
    }
}
