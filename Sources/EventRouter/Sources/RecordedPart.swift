import RealtimeEvents

/// One of the sessions in a recording, with its lines in memory. The lines keep their numbers in the file.
package final class RecordedPart: SessionSource {
    /// The key that the session has when the whole recording runs.
    package let key: String
    package let name: String
    package var isLive: Bool { session.isLive }
    /// The numbers of the session's lines, in order.
    package let lineNumbers: [Int]

    private let batches: [EventBatch]
    private let session: SessionDescription

    init(_ session: SessionDescription, _ batches: [EventBatch]) {
        key = session.key
        name = session.source
        self.session = session
        self.batches = batches
        lineNumbers = batches.flatMap { $0.lines.map(\.number) }
    }

    /// Opens a session and passes it the lines.
    package func run(_ context: SourceContext) async throws {
        let session = try context.open(session)
        for batch in batches where session.receive(batch) { await session.waitForRoom() }
    }
}

extension RecordedSession {
    /// Whether lines of the file name other sessions; false for a pipe, which cannot be read ahead.
    ///
    /// - Throws: `FileFailure` if reading fails.
    package func namesSessions() async throws -> Bool { try await outputs().hasOthers }

    /// Splits the recording into its sessions, in the order in which they begin; nil if it is a file whose lines name
    /// no session, which need not be in memory.
    ///
    /// Reads a pipe to its end. An empty recording has one session without lines.
    ///
    /// - Throws: `FileFailure` if reading fails.
    package func parts() async throws -> [RecordedPart]? {
        if isSeekable, try await !namesSessions() { return nil }
        var splitter = RecordingSplitter(key: key, name: name, isLive: isLive)
        while let batch = try await nextBatch() { splitter.take(batch) }
        return splitter.finish()
    }
}

/// Splits the lines of a recording by session, as ``LineDistributor`` does.
private struct RecordingSplitter: ~Copyable {
    private struct Part {
        var description: SessionDescription
        var batches: [EventBatch] = []
    }

    private let key: String
    private let name: String
    private let isLive: Bool
    private var reader: OutputReader
    private var owners: LineOwners
    private var names = SessionNameReader()
    private var numbers = SessionKeyNumbering()
    private var all: [Part] = []
    /// The indices in ``all`` of the sessions that have not ended.
    private var running: [LineOwners.Owner: Int] = [:]
    /// Sessions whose recording has ended, but to which lines without a session name still belong.
    private var ended: Set<LineOwners.Owner> = []

    init(key: String, name: String, isLive: Bool) {
        self.key = key
        self.name = name
        self.isLive = isLive
        owners = LineOwners(key: key, isInteractive: false)
        reader = OutputReader(key: key)
    }

    mutating func take(_ batch: EventBatch) {
        reader.read(batch)
        var part = (index: -1, batch: EventBatch(bytes: [], lines: []))
        for line in batch.lines {
            let index = take(line, batch)
            if index != part.index {
                append(part.batch, to: part.index)
                part = (index, EventBatch(bytes: [], lines: []))
            }
            var copy = line
            let start = part.batch.bytes.count
            part.batch.bytes += batch.bytes[line.range]
            copy.range = start..<part.batch.bytes.count
            part.batch.lines.append(copy)
        }
        append(part.batch, to: part.index)
    }

    private mutating func append(_ batch: EventBatch, to index: Int) {
        if !batch.lines.isEmpty { all[index].batches.append(batch) }
    }

    /// The index of the session that a line belongs to.
    private mutating func take(_ line: EventBatch.Line, _ batch: EventBatch) -> Int {
        guard SessionNameReader.mayNameSession(line, batch), let name = names.read(line, batch) else {
            return index(of: owners.unnamed, nil)
        }
        switch name.kind {
        case .header:
            let (owner, isNew) = owners.ofHeader(name.session)
            if isNew {
                for owner in ended.union([owner]) { running[owner] = nil }
                ended = []
            }
            return index(of: owner, nil)
        case .envelope: return index(of: owners.ofEnvelope(name.session), name)
        case .end, .change, .limit:
            let owner = owner(ofControl: name.session)
            let index = index(of: owner, nil)
            if name.isEnd {
                if owners.isFinal(owner) { running[owner] = nil } else { ended.insert(owner) }
            }
            return index
        }
    }

    private func owner(ofControl session: String) -> LineOwners.Owner {
        if running[.named(session)] != nil { return .named(session) }
        return owners.ofEnvelope(session) == .source ? .source : owners.unnamed
    }

    /// The index of a session; adds the session if it is new.
    ///
    /// - Parameter envelope: The id and labels that the line gives the session.
    private mutating func index(of owner: LineOwners.Owner, _ envelope: SessionNameReader.NamedLine?) -> Int {
        if let index = running[owner] { return index }
        var name = key
        if case .named(let session) = owner { name = session }
        let description = SessionDescription(
            key: numbers.nextKey(name), source: self.name, isInteractive: false, isLive: isLive,
            labels: envelope?.labels ?? [], sessionID: envelope?.sessionID)
        running[owner] = all.count
        all.append(Part(description: description))
        return all.count - 1
    }

    /// Returns the sessions, with their recorded function call outputs.
    mutating func finish() -> [RecordedPart] {
        if all.isEmpty { _ = index(of: .source, nil) }
        let outputs = reader.outputsBySession
        return all.map { part in
            var description = part.description
            description.recordedOutputs =
                description.key == key ? reader.outputs : outputs[description.key] ?? [:]
            return RecordedPart(description, part.batches)
        }
    }
}
