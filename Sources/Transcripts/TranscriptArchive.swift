/// Transcripts of many sessions that can be searched.
///
/// The methods work without starting the sink: a program may read an archive that another program is writing.
public protocol TranscriptArchive: Sendable {
    /// The archive's file.
    var path: String { get }

    /// All sessions, in the order of their first records.
    ///
    /// - Throws: an error that says why the archive cannot be read.
    func sessions() throws -> [ArchivedSession]

    /// A session's utterances, in conversation order; empty if there is no such session.
    ///
    /// - Throws: an error that says why the archive cannot be read.
    func records(of session: String) throws -> [TranscriptRecord]

    /// The utterances that contain all of the words, the latest first.
    ///
    /// - Parameters:
    ///   - words: the words and phrases to find.
    ///   - session: the session to search; nil for all.
    ///   - limit: the maximum number of results.
    /// - Throws: an error that says why the archive cannot be read.
    func search(_ words: SearchQuery, in session: String?, limit: Int) throws -> [ArchivedMatch]
}

/// A session in an archive.
public struct ArchivedSession: Sendable, Hashable {
    /// The session's key.
    public var key: String
    /// The server's id of the session, if it is known.
    public var sessionID: String?
    /// The time of the session's last record, in seconds since 1970-01-01T00:00:00Z.
    public var recordedAt: Double
    /// The number of the session's utterances.
    public var utterances: Int

    /// Creates a session from its parts.
    public init(key: String, sessionID: String?, recordedAt: Double, utterances: Int) {
        self.key = key
        self.sessionID = sessionID
        self.recordedAt = recordedAt
        self.utterances = utterances
    }
}

/// A search result: an utterance with an excerpt.
public struct ArchivedMatch: Sendable, Hashable {
    /// A part of an excerpt that either matches the search or does not.
    public struct Segment: Sendable, Hashable {
        /// The text of the part.
        public var text: String
        /// Whether the part matches the search.
        public var isFound: Bool

        /// Creates a part.
        public init(_ text: String, isFound: Bool) {
            self.text = text
            self.isFound = isFound
        }
    }

    /// The utterance.
    public var record: TranscriptRecord
    /// The text around the first match; `…` marks omissions.
    public var excerpt: [Segment]

    /// Creates a match from its parts.
    public init(record: TranscriptRecord, excerpt: [Segment]) {
        self.record = record
        self.excerpt = excerpt
    }
}

/// A search query: phrases that must all occur, anywhere in one utterance.
public struct SearchQuery: Sendable, Hashable {
    /// One or more words that must follow each other.
    public struct Phrase: Sendable, Hashable {
        /// The words, including any characters around them.
        public var text: String
        /// Whether the last word may be the prefix of a longer one.
        public var isPrefix: Bool
    }

    /// The phrases that must occur.
    public let phrases: [Phrase]

    /// Parses a query: each text is a phrase, and a `*` at its end makes its last word a prefix.
    ///
    /// - Returns: nil if no text contains a letter or a digit.
    public init?(_ texts: [String]) {
        phrases = texts.compactMap { text in
            guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
            let isPrefix = text.hasSuffix("*")
            return Phrase(text: isPrefix ? String(text.dropLast()) : text, isPrefix: isPrefix)
        }
        if phrases.isEmpty { return nil }
    }
}
