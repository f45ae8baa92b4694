public import ConfigSource
public import EventRouter
public import RealtimeSession
public import RecordFiles

/// What a routes.yml says: the route table, and what a program needs beside it.
///
/// Loading it makes the handlers and sources and checks their options, and touches nothing outside: files and processes are opened when
/// a router starts, and sources when it runs them.
public struct RouteConfiguration: Sendable {
    /// The file.
    public let file: SourceFile
    /// The routes and handlers, ready for a router.
    public let table: RouteTable
    /// Where sessions come from, in file order; empty when the file does not say.
    public let sources: [SourceBinding]
    /// How sessions are configured that the router opens itself; nil when the file does not say.
    public let session: SessionBlock?
    /// A longer line of a source is not an event; in bytes.
    public let maxEventBytes: Int
    /// How long, in seconds of event time, an utterance whose words are missing holds back those behind it.
    public let utteranceHold: Double
    /// When a session says that an answer does not come, or that its end does.
    public let deadlines: SessionDeadlines
    /// How long what was begun may take when the program is told to end; nil when the file does not say.
    public let shutdownTimeout: Duration?
    /// The file of dead letters; nil if the file names none, so that they are only logged.
    public let deadLettersPath: String?
    /// The tests that the file brings along.
    public let tests: [RouteTest]
    /// Whether no handler was told to write to standard output or standard error, so that a program may draw there.
    public let leavesTerminalAlone: Bool
}

extension RouteConfiguration {
    /// Everything that keeps records of sessions, with its name: the handlers, the dead letters, and the recordings of sources.
    public var records: [(name: String, records: any RecordKeeper)] {
        table.records
            + sources.compactMap { source in
                source.recordings.map { (name: "recordings of the source `\(source.name)`", records: $0.records) }
            }
    }
}
