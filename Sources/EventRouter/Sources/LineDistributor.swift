import EventJSON
package import Logging
import RealtimeEvents

extension EventSource {
    /// Gives the lines to their sessions.
    public func run(_ context: SourceContext) async throws {
        var distributor = try await LineDistributor(self, context)
        do {
            while !Task.isCancelled, let batch = try await nextBatch() {
                guard try await distributor.distribute(batch) else { break }
            }
            distributor.reportUnusableLabels()
        } catch {
            guard !Task.isCancelled else { return }
            throw error
        }
    }
}

/// What is logged about lines.
package enum LineWarnings {
    /// A line about the connection has no effect; its session stands in the metadata.
    package static let unknownSession: Logger.Message = "a line about the connection names a session that does not run"
    /// A label has no effect; its line, its name and the session stand in the metadata.
    package static let unusableLabel: Logger.Message = "the value of a label must be a text, so the label is ignored"
    /// As many labels had no effect as the metadata says.
    package static let unusableLabels: Logger.Message = "labels were ignored, as their values are no texts"
}

/// Gives the lines of a source to their sessions.
///
/// Lines are of the source's own session, but for envelopes and control lines that name another one, `"session": KEY`. The first
/// envelope of a session may say its `session_id` and `labels`.
struct LineDistributor<Source: EventSource>: ~Copyable {
    private typealias Owner = LineOwners.Owner

    private struct Named {
        let session: AttachedSession
        /// What was last said of it.
        var name: SessionNameReader.NamedLine
    }

    private let source: Source
    private let context: SourceContext
    private var own: AttachedSession
    /// Whether a line has ended the source's own session. What follows is another one.
    private var hasOwnEnded = false
    /// Whether something has come for the source's own session.
    private var hasOwnBegun = false
    /// What was last said of the source's own session.
    private var ownName: SessionNameReader.NamedLine?
    private var owners: LineOwners
    private var others: [String: Named] = [:]
    /// Sessions whose recording has ended, and to which lines without a name would still belong.
    private var ended: Set<Owner> = []
    /// The keys do not depend on when other sessions end.
    private var numbers = SessionKeyNumbering()
    /// As many sessions may be here before those that have ended are removed.
    private var sweepAt = 64
    private var names = SessionNameReader()
    /// How many labels had values that are no texts.
    private var unusableLabels = 0

    init(_ source: Source, _ context: SourceContext) async throws {
        self.source = source
        self.context = context
        owners = LineOwners(key: source.key, isInteractive: source.isInteractive)
        own = try context.open(await Self.describeOwn(source, key: numbers.nextKey(source.key)))
    }

    private static func describe(_ key: String, of source: Source) -> SessionDescription {
        SessionDescription(
            key: key, source: source.name, isInteractive: source.isInteractive, isLive: source.isLive,
            idleLimit: source.idleLimit)
    }

    private static func describeOwn(_ source: Source, key: String) async throws -> SessionDescription {
        var description = describe(key, of: source)
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
    mutating func distribute(_ batch: EventBatch) async throws -> Bool {
        guard let first = batch.lines.firstIndex(where: { SessionNameReader.mayNameSession($0, batch) }) else {
            return try await distribute(batch, to: owners.unnamed)
        }
        var part = EventBatch(bytes: batch.bytes, lines: Array(batch.lines[..<first]))
        var owner = owners.unnamed
        for line in batch.lines[first...] {
            let name = SessionNameReader.mayNameSession(line, batch) ? names.read(line, batch) : nil
            let (next, isNew) = name.map { self.owner($0) } ?? (owners.unnamed, false)
            if next != owner || isNew {
                guard try await distribute(part, to: owner) else { return false }
                part.lines = []
                owner = next
            }
            if let name {
                if !name.unusableLabels.isEmpty { noteUnusableLabels(of: name, line.number) }
                if isNew { try beginRecording(name) }
                try describe(owner, name, isFirst: part.lines.isEmpty)
            }
            let change = source.isInteractive ? name?.change : nil
            // A recording's own lines about the connection say when it was.
            if change == nil { part.lines.append(line) }
            guard change != nil || name?.isEnd == true else { continue }
            guard try await distribute(part, to: owner) else { return false }
            part.lines = []
            if let change { note(change, of: owner) } else { takeEnd(of: owner) }
        }
        return try await distribute(part, to: owner)
    }

    /// The session that a line with a name is of, and whether a recording of it begins.
    private mutating func owner(_ name: SessionNameReader.NamedLine) -> (Owner, isNew: Bool) {
        switch name.kind {
        case .header: return owners.ofHeader(name.session)
        case .envelope: return (owners.ofEnvelope(name.session), false)
        case .end, .change, .limit:
            if others[name.session] != nil { return (.named(name.session), false) }
            if owners.ofEnvelope(name.session) == .source { return (.source, false) }
            // A recording may be replayed under another key than the one that its lines about the connection say.
            guard source.isInteractive else { return (owners.unnamed, false) }
            context.logger.warning(
                LineWarnings.unknownSession,
                metadata: ["session": "\(name.session.prefix(100))"])
            return (.unknown, false)
        }
    }

    /// Begins the session of a further recording in the same file.
    private mutating func beginRecording(_ name: SessionNameReader.NamedLine) throws {
        for owner in ended { end(owner) }
        ended = []
        end(.named(name.session))
        try begin(name.session, name)
    }

    private mutating func takeEnd(of owner: Owner) {
        if owners.isFinal(owner) { end(owner) } else { ended.insert(owner) }
    }

    /// Warns of the first label that cannot be used; all are counted.
    private mutating func noteUnusableLabels(of name: SessionNameReader.NamedLine, _ line: Int) {
        if unusableLabels == 0, let label = name.unusableLabels.first {
            context.logger.warning(
                LineWarnings.unusableLabel,
                metadata: [
                    "session": "\(name.session.prefix(100))", "label": "\(label.prefix(100))", "line": "\(line)",
                ])
        }
        unusableLabels += name.unusableLabels.count
    }

    /// Warns of labels that could not be used, if there were several.
    func reportUnusableLabels() {
        guard unusableLabels > 1 else { return }
        context.logger.warning(LineWarnings.unusableLabels, metadata: ["labels": "\(unusableLabels)"])
    }

    private func session(_ owner: Owner) -> AttachedSession? {
        switch owner {
        case .source: hasOwnEnded ? nil : own
        case .named(let name): others[name]?.session
        case .unknown: nil
        }
    }

    /// Takes in what an envelope says of its session, which begins with the first one.
    private mutating func describe(_ owner: Owner, _ name: SessionNameReader.NamedLine, isFirst: Bool) throws {
        guard case .envelope = name.kind else { return }
        switch owner {
        case .named(let key):
            guard let known = others[key] else { return try begin(key, name) }
            // It counts once the session has ended and is begun again.
            if isFirst, name.saysMore { others[key]?.name = known.name.updated(by: name) }
        case .source:
            guard isFirst, name.saysMore else { return }
            ownName = ownName?.updated(by: name) ?? name
            if !hasOwnBegun, !hasOwnEnded { own.describe(sessionID: name.sessionID, labels: name.labels) }
        case .unknown: break
        }
    }

    /// Opens the session of an envelope.
    private mutating func begin(_ key: String, _ name: SessionNameReader.NamedLine) throws {
        if others.count >= sweepAt {
            others = others.filter { !$0.value.session.isOver || $0.value.session.hasReachedLimit }
            sweepAt = max(64, others.count * 2)
        }
        let number = numbers.nextKey(key)
        var description = Self.describe(number, of: source)
        description.sessionID = name.sessionID
        description.labels = name.labels
        description.isAddressed = true
        description.address = key
        let source = source
        description.outputsAhead = { try await source.recordedOutputs(of: number) }
        others[key] = Named(session: try context.open(description), name: name)
    }

    private func note(_ change: ConnectionChange, of owner: Owner) {
        switch change.kind {
        case .lost: session(owner)?.connectionLost(reason: change.reason)
        case .restored: session(owner)?.connectionRestored(attempt: change.attempt)
        case .renewed: session(owner)?.connectionRenewed(attempt: change.attempt)
        }
    }

    private mutating func end(_ owner: Owner) {
        guard let session = session(owner) else { return }
        if case .named(let name) = owner { others[name] = nil } else { hasOwnEnded = true }
        // What would still be sent would reach the next session of that name.
        if source.isInteractive { session.endWithConnection() } else { session.end(SourceEnd()) }
    }

    /// - Returns: whether more is wanted.
    private mutating func distribute(_ part: EventBatch, to owner: Owner) async throws -> Bool {
        guard !part.lines.isEmpty, owner != .unknown else { return true }
        while !Task.isCancelled {
            if owner == .source {
                if hasOwnEnded {
                    var description = try await Self.describeOwn(source, key: numbers.nextKey(source.key))
                    description.labels = ownName?.labels ?? []
                    description.sessionID = ownName?.sessionID
                    own = try context.open(description)
                }
                (hasOwnEnded, hasOwnBegun) = (false, true)
            }
            guard let session = session(owner) else { return true }
            if session.receive(part) {
                await session.waitForRoom()
                return true
            }
            // Its connection would be closed: what comes now is nobody's.
            if session.hasReachedLimit { return true }
            if session.hasFailedOrIsStopping {
                // One that has failed takes no other with it; a shutdown ends all.
                if case .named(let key) = owner, !session.control.isStopping {
                    others[key] = nil
                    return true
                }
                return false
            }
            // It was silent for too long. What comes now begins another one.
            switch owner {
            case .source: hasOwnEnded = true
            case .named(let key):
                guard let name = others.removeValue(forKey: key)?.name else { return true }
                try begin(key, name)
            case .unknown: return true
            }
        }
        return false
    }
}
