import ConfigSource
public import EventRouter
public import RealtimeEvents

/// An utterance with the session and time of its record.
public struct TranscriptRecord: Sendable, Hashable {
    /// The utterance.
    public var utterance: Utterance
    /// Whether this corrects an utterance that was already recorded.
    public var isRevised: Bool
    /// The session's key.
    public var session: String
    /// The server's id of the session, if it is known.
    public var sessionID: String?
    /// The time of the recording in RFC 3339; only for live sessions.
    public var time: String?

    /// Creates a record from its parts.
    public init(
        utterance: Utterance, isRevised: Bool = false, session: String, sessionID: String? = nil, time: String? = nil
    ) {
        self.utterance = utterance
        self.isRevised = isRevised
        self.session = session
        self.sessionID = sessionID
        self.time = time
    }

    /// Creates the record of an utterance that a sink received.
    ///
    /// - Parameters:
    ///   - utterance: the utterance.
    ///   - update: whether it is partial, final or a correction.
    ///   - session: the session that it belongs to.
    ///   - clock: the clock for `time`. A recording does not say when it was made, so its records have no time.
    public init(
        _ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession, clock: any RouterClock
    ) {
        self.init(
            utterance: utterance, isRevised: update == .revised, session: utterance.head.session ?? session.key,
            sessionID: utterance.head.sessionID ?? session.sessionID,
            time: session.isInteractive ? Timestamp(unix: clock.wallTime).description : nil)
    }
}

extension TranscriptRecord {
    /// The part of a conversation item that a record and its corrections belong to.
    struct Part: Hashable {
        var itemID: String?
        var contentIndex: Int?
    }

    var part: Part { Part(itemID: utterance.itemID, contentIndex: utterance.contentIndex) }

    /// The speaker as shown to people: `caller` or `agent`.
    public var speaker: String { utterance.role == .user ? "caller" : "agent" }

    /// The utterance's time as shown to people: `1:02:03.4` since the start of the session's source; nil if it is
    /// unknown.
    public var reading: String? {
        (utterance.startedMs ?? utterance.audioStartMs ?? utterance.endedMs).map { MediaTime($0).reading }
    }

    /// The words on one line. With several speakers, each speaker's words follow the speaker's name. An interrupted
    /// answer has only the words that were heard, followed by `…`.
    public var words: String {
        speakerTurns.map { ($0.speaker.map { "\($0): " } ?? "") + $0.words.joined(separator: " ") }.joined(
            separator: " ")
    }

    /// The words of each speaker in turn if the transcription distinguishes speakers; otherwise all words without a
    /// speaker.
    var speakerTurns: [(speaker: String?, words: [Substring])] {
        guard let segments = utterance.segments, segments.contains(where: { $0.speaker != nil }) else {
            return [(nil, heardWords ?? PrintableWords.list(utterance.text ?? ""))]
        }
        return segments.reduce(into: []) { speakerTurns, segment in
            let words = PrintableWords.list(segment.text ?? "")
            let speaker = segment.speaker.map(PrintableWords.joined)
            if let last = speakerTurns.last, last.speaker == speaker {
                speakerTurns[speakerTurns.count - 1].words += words
            } else {
                speakerTurns.append((speaker, words))
            }
        }
    }

    /// The heard words of an answer that was interrupted in the middle; nil for any other utterance.
    private var heardWords: [Substring]? {
        guard utterance.status == .interrupted, let heard = utterance.heardText, heard != utterance.text else {
            return nil
        }
        return PrintableWords.list(heard) + ["…"]
    }

    /// A remark for people, shown in brackets: whether the utterance is out of band, and how it ended. Nil if nothing
    /// is unusual.
    public var remark: String? {
        let remarks = [utterance.outOfBand == true ? "out of band" : nil, ending].compactMap(\.self)
        return remarks.isEmpty ? nil : remarks.joined(separator: ", ")
    }

    /// How the utterance ended; nil for the usual end.
    private var ending: String? {
        switch utterance.status {
        case .interrupted?:
            utterance.heardMs.map { "interrupted after \(MediaTime($0).seconds) s" } ?? "interrupted"
        case .failed?: words.isEmpty ? "not understood" : "failed"
        case .incomplete?: "incomplete"
        default: nil
        }
    }
}

/// A time since the start of a session, in the formats of people and players.
///
/// Clamped to the range from 0 to 99:59:59.999, since a server may send any number.
struct MediaTime {
    static let range = 0...359_999_999
    private let milliseconds: Int

    init(_ milliseconds: Int) {
        self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
    }

    /// For people: `1:02:03.4`, or `2:03.4` without hours.
    var reading: String {
        let (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
        let rest = "\(pad(milliseconds / 1000 % 60, 2)).\(milliseconds % 1000 / 100)"
        return hours > 0 ? "\(hours):\(pad(minutes, 2)):\(rest)" : "\(minutes):\(rest)"
    }

    /// Seconds: `3.4`.
    var seconds: String { "\(milliseconds / 1000).\(milliseconds % 1000 / 100)" }

    /// For captions: `01:02:03.400`. SubRip uses another decimal mark.
    func cue(_ mark: String) -> String {
        let clock = [milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60].map { pad($0, 2) }
        return clock.joined(separator: ":") + mark + pad(milliseconds % 1000, 3)
    }

    private func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Splits a text into words without line ends and control characters.
enum PrintableWords {
    static func joined(_ text: String) -> String {
        list(text).joined(separator: " ")
    }

    static func list(_ text: String) -> [Substring] {
        PrintableText(text).description.split(whereSeparator: \.isWhitespace)
    }
}
