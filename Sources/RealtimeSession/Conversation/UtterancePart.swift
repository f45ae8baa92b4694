internal import EventJSON
internal import RealtimeEvents

/// The state of one utterance, which is one content part of a message.
struct UtterancePart: Sendable {
    /// How an utterance ended.
    enum End: Sendable {
        case completed, interrupted, failed, incomplete
    }

    let contentIndex: Int
    var isSpoken: Bool
    /// The words in UTF-8; empty if no utterance events are observed.
    var text: [UInt8] = []
    /// The high surrogate at the end of ``text``, which holds U+FFFD in its place until the low surrogate arrives.
    private var openSurrogate: UInt16?
    var hasWords = false
    private(set) var audioBytes = 0
    /// How the part ended; nil while words may still arrive.
    var end: End?
    /// Whether `router.utterance.done` was emitted.
    var isDone = false
    var isTruncated = false
    var heardMs: Int?
    var updates = 0
    var revisions = 0
    var beganAt: Double?
    var endedAt: Double?
    var language: String?
    var confidence: Double?
    private(set) var segments: [UtteranceSegment] = []

    init(contentIndex: Int, isSpoken: Bool) {
        self.contentIndex = contentIndex
        self.isSpoken = isSpoken
    }

    /// Whether anything was said. An assistant's part without words and audio is no utterance.
    var hasContent: Bool { hasWords || audioBytes > 0 }

    /// How many bytes of ``text`` are final. Excludes a character if only its first half has arrived.
    var settledCount: Int { text.count - (openSurrogate == nil ? 0 : Self.replacementCount) }

    /// Counts the bytes of an audio delta, up to 1 TiB: a hostile recording may hold any number.
    mutating func addAudio(bytes: Int) {
        let limit = 1 << 40
        audioBytes = min(limit, audioBytes + min(limit, bytes))
    }

    /// Adds the words of a delta.
    ///
    /// - Parameter halves: The surrogate halves at which the delta's text was split.
    mutating func append(_ words: RawSpan, _ halves: SurrogateHalves, keepsText: Bool) {
        guard words.byteCount > 0 else { return }
        hasWords = true
        guard keepsText else { return }
        if let high = openSurrogate, let low = halves.leadingLow, let scalar = SurrogateHalves.scalar(high, low) {
            text.removeLast(Self.replacementCount)
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { text.append(byte) }
            text.append(words.extracting(Self.replacementCount...))
        } else {
            text.append(words)
        }
        openSurrogate = halves.trailingHigh
    }

    /// The length of U+FFFD in UTF-8.
    private static let replacementCount = 3

    /// Adds a segment of the words with its speaker.
    mutating func append(_ segment: UtteranceSegment) {
        if segments.count < Self.segmentLimit { segments.append(segment) }
    }

    /// More segments than any real utterance has. Bounds the memory that one utterance can take.
    private static let segmentLimit = 1024

    /// Replaces the text of the deltas with the complete text.
    ///
    /// If `mayShorten` is false, a complete text that is only the beginning of the current text changes nothing,
    /// because servers truncate the item of an interrupted response. An empty text changes nothing either, because
    /// servers omit text that they have sent before.
    ///
    /// - Returns: Whether the text changed.
    mutating func replace(_ words: RawSpan, keepsText: Bool, mayShorten: Bool) -> Bool {
        guard words.byteCount > 0 else { return false }
        hasWords = true
        guard keepsText else { return false }
        let isSame = text.starts(with: words)
        if isSame, words.byteCount == text.count || !mayShorten { return false }
        text.removeAll(keepingCapacity: true)
        openSurrogate = nil
        text.append(words)
        return true
    }

    /// All words.
    var string: String { String(decoding: text, as: UTF8.self) }

    /// The final words from a byte offset on.
    func settledString(from start: Int = 0) -> String {
        String(decoding: text[min(start, settledCount)..<settledCount], as: UTF8.self)
    }
}
