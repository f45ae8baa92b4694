import EventJSON
import RealtimeEvents

extension EventSource {
    /// Gives the lines to their sessions.
    public func run(_ context: SourceContext) async throws {
        var distributor = try await LineDistributor(self, context)
        do {
            while !Task.isCancelled, let batch = try await nextBatch() {
                guard try await distributor.give(batch) else { return }
            }
        } catch {
            guard !Task.isCancelled else { return }
            throw error
        }
    }
}

/// Gives the lines of a source to their sessions.
///
/// Lines are of the source's own session, but for envelopes and control lines that name another one, `"session": KEY`. The first
/// envelope of a session may say its `session_id` and `labels`.
struct LineDistributor<Source: EventSource>: ~Copyable {
    /// Which session a line is of; nil for the source's own.
    private typealias Owner = String?

    private let source: Source
    private let context: SourceContext
    private var own: AttachedSession
    /// Whether a line has ended the source's own session. What follows is another one.
    private var hasOwnEnded = false
    /// The keys under which lines name the source's own session: its own, and that of a recording's first line.
    private var ownKeys: Set<String>
    private var others: [String: AttachedSession] = [:]
    private var names = LineNames()

    init(_ source: Source, _ context: SourceContext) async throws {
        self.source = source
        self.context = context
        ownKeys = [source.key]
        own = try context.open(await Self.describeOwn(source))
    }

    private static func describe(_ key: String, of source: Source) -> SessionDescription {
        SessionDescription(
            key: key, source: source.name, isInteractive: source.isInteractive, isLive: source.isLive,
            idleLimit: source.idleLimit)
    }

    private static func describeOwn(_ source: Source) async throws -> SessionDescription {
        var description = describe(source.key, of: source)
        if source.answersInEnvelopes {
            description.outputsAhead = { try await source.recordedOutputs() }
        } else {
            let outputs = try await source.recordedOutputs()
            description.recordedOutputs = outputs
        }
        return description
    }

    /// Gives a batch to its sessions, and waits until they have room for more.
    ///
    /// - Returns: whether more is wanted.
    mutating func give(_ batch: EventBatch) async throws -> Bool {
        guard let first = batch.lines.firstIndex(where: { LineNames.mayNameSession($0, batch) }) else {
            return try await give(batch, to: nil)
        }
        var part = EventBatch(bytes: batch.bytes, lines: Array(batch.lines[..<first]))
        var owner: Owner = nil
        for line in batch.lines[first...] {
            let name = LineNames.mayNameSession(line, batch) ? names.read(line, batch) : nil
            let next = if let name { self.owner(name) } else { Owner.none }
            if next != owner {
                guard try await give(part, to: owner) else { return false }
                part.lines = []
                owner = next
            }
            if let name, let next { try begin(next, name) }
            let change = source.isInteractive ? name?.change : nil
            // A recording's own lines about the connection say when it was.
            if change == nil { part.lines.append(line) }
            guard change != nil || name?.isEnd == true && (next != nil || source.isInteractive) else { continue }
            guard try await give(part, to: owner) else { return false }
            part.lines = []
            if let change { session(owner)?.intake.put(change) } else { end(owner) }
        }
        return try await give(part, to: owner)
    }

    /// The session that a line with a name is of.
    private mutating func owner(_ name: LineNames.Name) -> Owner {
        switch name.kind {
        case .header:
            ownKeys.insert(name.session)
            return nil
        case .envelope: return ownKeys.contains(name.session) ? nil : name.session
        // A recording may be replayed under another key than the one that its lines about the connection say.
        case .end, .change: return others[name.session] == nil ? nil : name.session
        }
    }

    private func session(_ owner: Owner) -> AttachedSession? {
        guard let owner else { return hasOwnEnded ? nil : own }
        return others[owner]
    }

    /// Opens the session of an envelope, if it does not run.
    private mutating func begin(_ key: String, _ name: LineNames.Name) throws {
        guard others[key] == nil else { return }
        var description = Self.describe(key, of: source)
        description.sessionID = name.sessionID
        description.labels = name.labels
        description.isAddressed = true
        let source = source
        description.outputsAhead = { try await source.recordedOutputs(of: key) }
        others[key] = try context.open(description)
    }

    private mutating func end(_ owner: Owner) {
        if let owner {
            others.removeValue(forKey: owner)?.end(SourceEnd())
        } else {
            hasOwnEnded = true
            own.end(SourceEnd())
        }
    }

    /// - Returns: whether more is wanted.
    private mutating func give(_ part: EventBatch, to owner: Owner) async throws -> Bool {
        guard !part.lines.isEmpty else { return true }
        while !Task.isCancelled {
            if owner == nil, hasOwnEnded {
                own = try context.open(await Self.describeOwn(source))
                hasOwnEnded = false
            }
            guard let session = session(owner) else { return true }
            if session.receive(part) {
                await session.hasRoom()
                return true
            }
            guard !session.isUnwanted else { return false }
            // It was silent for too long. What comes now begins another one.
            guard let owner else {
                hasOwnEnded = true
                continue
            }
            others[owner] = nil
            try begin(owner, LineNames.Name(kind: .envelope, session: owner))
        }
        return false
    }
}

/// Reads which session a line names, and what else the line says of it.
struct LineNames: ~Copyable {
    enum Kind {
        /// The first line of a recording.
        case header
        case envelope
        /// The session ends.
        case end
        /// Something happened to the session's connection.
        case change(ConnectionChange)
    }

    struct Name {
        var kind: Kind
        var session: String
        var sessionID: String?
        var labels: [SessionLabel] = []

        var change: ConnectionChange? { if case .change(let change) = kind { change } else { nil } }
        var isEnd: Bool { if case .end = kind { true } else { false } }
    }

    private static let paths = [
        ["type"], ["session"], ["event"], ["session_id"], ["labels"], ["recording"], ["end"], ["lost"], ["restored"],
        ["renewed"],
    ]
    private static let plan = FieldPlan(paths)
    private static let slots = paths.map { plan.slot($0)! }

    private var fields = FieldSlots(plan)

    /// How far from its beginning or its end a line is searched for the name of a session.
    private static let searched = 256

    /// Whether a line may name a session, by a look at its beginning and its end.
    static func mayNameSession(_ line: EventBatch.Line, _ batch: EventBatch) -> Bool {
        let text = batch.bytes.span.bytes.extracting(line.range)
        guard line.length == text.byteCount, !OutputReader.beginsWithType(text) else { return false }
        if text.byteCount <= 2 * searched { return text.contains("\"session\"") }
        return text.extracting(0..<searched).contains("\"session\"")
            || text.extracting((text.byteCount - searched)..<text.byteCount).contains("\"session\"")
    }

    /// The session that a line names; nil if it names none.
    mutating func read(_ line: EventBatch.Line, _ batch: EventBatch) -> Name? {
        let text = batch.bytes.span.bytes.extracting(line.range)
        guard (try? Self.plan.scan(text, into: &fields)) != nil, fields.value(Self.slots[0]) == nil,
            fields.value(Self.slots[1])?.kind == .string,
            let session = fields.string(slot: Self.slots[1], in: text), !session.isEmpty, let kind = kind
        else { return nil }
        var name = Name(kind: kind, session: session)
        guard case .envelope = kind else { return name }
        if fields.value(Self.slots[3])?.kind == .string {
            name.sessionID = fields.string(slot: Self.slots[3], in: text)
        }
        if let value = fields.value(Self.slots[4]), value.kind == .object {
            let range = Int(value.range.start)..<Int(value.range.end)
            let labels = (try? JSONValue(parsing: text.extracting(range)))?.object ?? [:]
            name.labels = labels.compactMap { label, value in value.string.map { SessionLabel(label, $0) } }
        }
        return name
    }

    private func isTrue(_ slot: Int) -> Bool { fields.value(slot)?.kind == .true }

    private var kind: Kind? {
        if fields.value(Self.slots[2])?.kind == .object { return .envelope }
        if fields.value(Self.slots[5])?.kind == .number { return .header }
        if isTrue(Self.slots[6]) { return .end }
        if isTrue(Self.slots[7]) { return .change(.lost) }
        if isTrue(Self.slots[8]) { return .change(.restored) }
        return isTrue(Self.slots[9]) ? .change(.renewed) : nil
    }
}
