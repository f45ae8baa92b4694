import ConfigSource
public import EventRouter
public import RealtimeEvents

/// An utterance with what its record says beside it.
public struct TranscriptRecord: Sendable, Hashable {
    /// What was said.
    public var utterance: Utterance
    /// Whether something changed it after it was recorded.
    public var isRevised: Bool
    /// The key of the session.
    public var session: String
    /// The server's id of the session, when it is known.
    public var sessionID: String?
    /// When it was recorded, RFC 3339; only where events come as they happen.
    public var time: String?

    /// Makes a record of its parts.
    public init(
        utterance: Utterance, isRevised: Bool = false, session: String, sessionID: String? = nil, time: String? = nil
    ) {
        self.utterance = utterance
        self.isRevised = isRevised
        self.session = session
        self.sessionID = sessionID
        self.time = time
    }

    /// Makes the record of an utterance that a sink was given.
    ///
    /// - Parameters:
    ///   - utterance: what was said.
    ///   - update: what its record stands for.
    ///   - session: the session that it belongs to.
    ///   - clock: the time to go by. A recording does not say when it was made, so its records have no time.
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
    /// The part of a conversation item that a record and its corrections are about.
    struct Part: Hashable {
        var itemID: String?
        var contentIndex: Int?
    }

    var part: Part { Part(itemID: utterance.itemID, contentIndex: utterance.contentIndex) }

    /// Who spoke, as it is called where people read it: `caller` or `agent`.
    public var speaker: String { utterance.role == .user ? "caller" : "agent" }

    /// When it was said, as people read it: `1:02:03.4`, since the session's source began; nil when nobody knows.
    public var reading: String? {
        (utterance.startedMs ?? utterance.audioStartMs ?? utterance.endedMs).map { MediaTime($0).reading }
    }

    /// The words on one line. Those of several speakers stand behind their names; of an answer that was cut off, only those that were
    /// heard, with `…` after them.
    public var words: String {
        voices.map { ($0.speaker.map { "\($0): " } ?? "") + $0.words.joined(separator: " ") }.joined(separator: " ")
    }

    /// The words by those who said them one after the other, where the transcription tells these apart; else all of them.
    var voices: [(speaker: String?, words: [Substring])] {
        guard let segments = utterance.segments, segments.contains(where: { $0.speaker != nil }) else {
            return [(nil, heardWords ?? PrintableWords.list(utterance.text ?? ""))]
        }
        return segments.reduce(into: []) { voices, segment in
            let words = PrintableWords.list(segment.text ?? "")
            let speaker = segment.speaker.map(PrintableWords.joined)
            if let last = voices.last, last.speaker == speaker {
                voices[voices.count - 1].words += words
            } else {
                voices.append((speaker, words))
            }
        }
    }

    /// The words that were heard of an answer that was cut off within its words.
    private var heardWords: [Substring]? {
        guard utterance.status == .interrupted, let heard = utterance.heardText, heard != utterance.text else {
            return nil
        }
        return PrintableWords.list(heard) + ["…"]
    }

    /// What is unusual about the utterance, for a person, who reads it in brackets: that it is out of band, or how it ended.
    public var remark: String? {
        let remarks = [utterance.outOfBand == true ? "out of band" : nil, ending].compactMap(\.self)
        return remarks.isEmpty ? nil : remarks.joined(separator: ", ")
    }

    /// How the utterance ended, when it is not the usual end.
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

/// A time since a session began, as people and players write it.
///
/// A server may say any number: it is brought between 0 and 99 hours.
struct MediaTime {
    static let range = 0...359_999_999
    private let milliseconds: Int

    init(_ milliseconds: Int) {
        self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
    }

    /// `1:02:03.4`, without the hours where there are none: `2:03.4`.
    var reading: String {
        let (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
        let rest = "\(pad(milliseconds / 1000 % 60, 2)).\(milliseconds % 1000 / 100)"
        return hours > 0 ? "\(hours):\(pad(minutes, 2)):\(rest)" : "\(minutes):\(rest)"
    }

    /// `3.4`: seconds.
    var seconds: String { "\(milliseconds / 1000).\(milliseconds % 1000 / 100)" }

    /// `01:02:03.400`, as captions have it, with another mark for SubRip.
    func cue(_ mark: String) -> String {
        let clock = [milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60].map { pad($0, 2) }
        return clock.joined(separator: ":") + mark + pad(milliseconds % 1000, 3)
    }

    private func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// What somebody said, as words with single spaces between them: no line ends, nothing that a program would obey.
enum PrintableWords {
    static func joined(_ text: String) -> String {
        list(text).joined(separator: " ")
    }

    static func list(_ text: String) -> [Substring] {
        PrintableText(text).description.split(whereSeparator: \.isWhitespace)
    }
}
