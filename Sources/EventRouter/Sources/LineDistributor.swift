import EventJSON
package import Logging
import RealtimeEvents

extension EventSource {
    /// Passes the lines to their sessions.
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

/// The warnings that are logged about lines.
package enum LineWarnings {
    /// A control line was ignored. The metadata contains its session.
    package static let unknownSession: Logger.Message = "a control line names a session that is not running"
    /// A label was ignored. The metadata contains its line, its name and the session.
    package static let unusableLabel: Logger.Message = "a label was ignored: its value is not a string"
    /// Several labels were ignored. The metadata contains their number.
    package static let unusableLabels: Logger.Message = "labels were ignored: their values are not strings"
}

/// Passes the lines of a source to their sessions.
///
/// Lines belong to the source's own session, except envelopes and control lines that name another session,
/// `"session": KEY`. The first envelope of a session may contain its `session_id` and `labels`.
struct LineDistributor<Source: EventSource>: ~Copyable {
    private typealias Owner = LineOwners.Owner

    private struct Named {
        let session: AttachedSession
        /// The session's id and labels, as last stated by an envelope.
        var name: SessionNameReader.NamedLine
    }

    private let source: Source
    private let context: SourceContext
    private var own: AttachedSession
    /// Whether a control line has ended the source's own session. Later lines begin another session.
    private var hasOwnEnded = false
    /// Whether the source's own session has had a line.
    private var hasOwnBegun = false
    /// The own session's id and labels, as last stated by an envelope.
    private var ownName: SessionNameReader.NamedLine?
    private var owners: LineOwners
    private var others: [String: Named] = [:]
    /// Sessions whose recording has ended, but to which lines without a session name still belong.
    private var ended: Set<Owner> = []
    /// Makes keys that do not depend on when other sessions end.
    private var numbers = SessionKeyNumbering()
    /// When ``others`` reaches this size, sessions that have ended are removed from it.
    private var sweepAt = 64
    private var names = SessionNameReader()
    /// The number of labels whose values are not strings.
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

    /// Passes a batch's lines to their sessions, and waits until these sessions have room for more.
    ///
    /// - Returns: False if no more lines are to be read.
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
            // In a recording, the session itself handles control lines, because they contain their times.
            if change == nil { part.lines.append(line) }
            guard change != nil || name?.isEnd == true else { continue }
            guard try await distribute(part, to: owner) else { return false }
            part.lines = []
            if let change { note(change, of: owner) } else { takeEnd(of: owner) }
        }
        return try await distribute(part, to: owner)
    }

    /// The session that a line's name refers to, and whether the line begins a new recording.
    private mutating func owner(_ name: SessionNameReader.NamedLine) -> (Owner, isNew: Bool) {
        switch name.kind {
        case .header: return owners.ofHeader(name.session)
        case .envelope: return (owners.ofEnvelope(name.session), false)
        case .end, .change, .limit:
            if others[name.session] != nil { return (.named(name.session), false) }
            if owners.ofEnvelope(name.session) == .source { return (.source, false) }
            // A recording may be replayed under another key than its control lines contain.
            guard source.isInteractive else { return (owners.unnamed, false) }
            context.logger.warning(
                LineWarnings.unknownSession,
                metadata: ["session": "\(name.session.prefix(100))"])
            return (.unknown, false)
        }
    }

    /// Begins the session of another recording in the same file.
    private mutating func beginRecording(_ name: SessionNameReader.NamedLine) throws {
        for owner in ended { end(owner) }
        ended = []
        end(.named(name.session))
        try begin(name.session, name)
    }

    private mutating func takeEnd(of owner: Owner) {
        if owners.isFinal(owner) { end(owner) } else { ended.insert(owner) }
    }

    /// Counts labels that cannot be used, and logs a warning about the first such label.
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

    /// Logs the number of labels that could not be used, if there were several.
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

    /// Applies the id and labels in an envelope to its session. The first envelope begins the session.
    private mutating func describe(_ owner: Owner, _ name: SessionNameReader.NamedLine, isFirst: Bool) throws {
        guard case .envelope = name.kind else { return }
        switch owner {
        case .named(let key):
            guard let known = others[key] else { return try begin(key, name) }
            // Used if the session ends and another session begins under its name.
            if isFirst, name.saysMore { others[key]?.name = known.name.updated(by: name) }
        case .source:
            guard isFirst, name.saysMore else { return }
            ownName = ownName?.updated(by: name) ?? name
            if !hasOwnBegun, !hasOwnEnded { own.describe(sessionID: name.sessionID, labels: name.labels) }
        case .unknown: break
        }
    }

    /// Opens the session that an envelope names.
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
        // Client events of this session would reach the next session with that name.
        if source.isInteractive { session.endWithConnection() } else { session.end(SourceEnd()) }
    }

    /// - Returns: False if no more lines are to be read.
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
            // The session's connection would be closed: drop the lines.
            if session.hasReachedLimit { return true }
            if session.hasFailedOrIsStopping {
                // A session that failed does not end the others; a shutdown ends all.
                if case .named(let key) = owner, !session.control.isStopping {
                    others[key] = nil
                    return true
                }
                return false
            }
            // The session reached its idle limit. The lines begin another session.
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
