public import RealtimeEvents
import Synchronization

/// A recorded session in memory, as the lines of a JSON Lines file.
public final class SessionLines: EventSource {
    /// The session's key.
    public let key: String
    /// The source's name for people.
    public let name: String
    /// False: client events are not sent.
    public var isInteractive: Bool { false }

    private let batch: EventBatch
    private let isRead = Atomic<Bool>(false)

    /// Creates a session from lines without line ends; each is an event or an envelope around one.
    public init(_ lines: [String], key: String, name: String) {
        self.key = key
        self.name = name
        var batch = EventBatch(bytes: [], lines: [])
        for (index, line) in lines.enumerated() {
            let start = batch.bytes.count
            batch.bytes += line.utf8
            batch.lines.append(EventBatch.Line(range: start..<batch.bytes.count, number: index + 1))
        }
        self.batch = batch
    }

    /// The function call outputs in the client's lines.
    public func recordedOutputs() async throws -> RecordedOutputs {
        var reader = OutputReader(key: key)
        reader.read(batch)
        return reader.outputs
    }

    /// The function call outputs in the client's lines of another session.
    public func recordedOutputs(of session: String) async throws -> RecordedOutputs {
        var reader = OutputReader(key: key)
        reader.read(batch)
        return reader.outputsBySession[session] ?? [:]
    }

    /// Returns all lines the first time, then nil.
    public func nextBatch() async throws -> EventBatch? {
        isRead.exchange(true, ordering: .relaxed) ? nil : batch
    }
}
