/// Transcripts of many sessions that can be asked for what was said.
///
/// Reading needs no start: a program may read what another one is writing.
public protocol TranscriptArchive: Sendable {
    /// The file that it lies in.
    var path: String { get }

    /// All sessions, in the order in which they were first heard of.
    ///
    /// - Throws: what says why the archive cannot be read.
    func sessions() throws -> [ArchivedSession]

    /// The utterances of a session, in the order of the conversation; empty when there is no such session.
    ///
    /// - Throws: what says why the archive cannot be read.
    func records(of session: String) throws -> [TranscriptRecord]

    /// The utterances that hold all of the words, the latest first.
    ///
    /// - Parameters:
    ///   - words: what to look for.
    ///   - session: the only session to look in; all when nil.
    ///   - limit: how many are given at most.
    /// - Throws: what says why the archive cannot be read.
    func search(_ words: SearchWords, in session: String?, limit: Int) throws -> [ArchivedMatch]
}

/// A session in an archive.
public struct ArchivedSession: Sendable, Hashable {
    /// The session's key.
    public var key: String
    /// The server's id of the session, when it is known.
    public var sessionID: String?
    /// When something of it was last recorded: seconds since 1970-01-01T00:00:00Z.
    public var recordedAt: Double
    /// How many utterances it has.
    public var utterances: Int

    /// Makes a session of its parts.
    public init(key: String, sessionID: String?, recordedAt: Double, utterances: Int) {
        self.key = key
        self.sessionID = sessionID
        self.recordedAt = recordedAt
        self.utterances = utterances
    }
}

/// An utterance that was found.
public struct ArchivedMatch: Sendable, Hashable {
    /// A stretch of the utterance's words.
    public struct Stretch: Sendable, Hashable {
        /// The words, as they were said.
        public var text: String
        /// Whether they are what was looked for.
        public var isFound: Bool

        /// Makes a stretch.
        public init(_ text: String, isFound: Bool) {
            self.text = text
            self.isFound = isFound
        }
    }

    /// The utterance.
    public var record: TranscriptRecord
    /// The words around the first that were found; `…` stands for what is left out.
    public var excerpt: [Stretch]

    /// Makes a match of its parts.
    public init(record: TranscriptRecord, excerpt: [Stretch]) {
        self.record = record
        self.excerpt = excerpt
    }
}

/// What somebody looks for in what was said: words that all have to be there, anywhere in one utterance.
public struct SearchWords: Sendable, Hashable {
    /// Words that have to follow each other; most often one.
    public struct Phrase: Sendable, Hashable {
        /// The words, with whatever stood around them.
        public var text: String
        /// Whether a longer word that begins like the last one will do.
        public var isPrefix: Bool
    }

    /// What has to be there.
    public let phrases: [Phrase]

    /// Takes the words out of texts: each text is a phrase, and a `*` at its end makes its last word the beginning of one.
    ///
    /// - Returns: nil when no text has a letter or a digit.
    public init?(_ texts: [String]) {
        phrases = texts.compactMap { text in
            guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
            let isPrefix = text.hasSuffix("*")
            return Phrase(text: isPrefix ? String(text.dropLast()) : text, isPrefix: isPrefix)
        }
        if phrases.isEmpty { return nil }
    }
}
