public import RealtimeEvents
import Synchronization

/// A recorded session in memory: what a file of JSON Lines would hold.
public final class SessionLines: EventSource {
    /// The session's key.
    public let key: String
    /// What the source is called.
    public let name: String
    /// A recording does not answer.
    public var isInteractive: Bool { false }

    private let batch: EventBatch
    private let isRead = Atomic<Bool>(false)

    /// Makes a session of lines without line ends, each an event or an envelope around one.
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

    /// What the lines of the client answered.
    public func recordedOutputs() async throws -> RecordedOutputs {
        var reader = OutputReader(key: key)
        reader.read(batch)
        return reader.outputs
    }

    /// What the lines of the client answered in another session.
    public func recordedOutputs(of session: String) async throws -> RecordedOutputs {
        var reader = OutputReader(key: key)
        reader.read(batch)
        return reader.outputsBySession[session] ?? [:]
    }

    /// All lines, once.
    public func nextBatch() async throws -> EventBatch? {
        isRead.exchange(true, ordering: .relaxed) ? nil : batch
    }
}
