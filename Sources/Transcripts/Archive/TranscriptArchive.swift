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
