import EventJSON
import RealtimeEvents
import RealtimeSession
import Synchronization

/// Collects the outputs of function calls that the client in a recording sent, by session.
struct OutputReader: ~Copyable {
    private static let plan = FieldPlan([
        ["session"], ["recording"], ["renewed"], ["end"], ["direction"], ["event"], ["event", "type"],
        ["event", "item", "type"], ["event", "item", "call_id"],
        ["event", "item", "output"], ["event", "session", "id"],
    ])
    /// The slots of the plan's paths.
    private static let slots = (
        session: plan.slot(["session"])!, recording: plan.slot(["recording"])!, renewed: plan.slot(["renewed"])!,
        end: plan.slot(["end"])!, direction: plan.slot(["direction"])!, event: plan.slot(["event"])!,
        type: plan.slot(["event", "type"])!,
        itemType: plan.slot(["event", "item", "type"])!, callID: plan.slot(["event", "item", "call_id"])!,
        output: plan.slot(["event", "item", "output"])!, sessionID: plan.slot(["event", "session", "id"])!
    )

    private var owners: LineOwners
    /// The collectors by session key; the key nil stands for the source's own session.
    private var collectors: [String?: OutputCollector] = [:]
    /// The keys of the named sessions that have not ended, made as ``LineDistributor`` makes them.
    private var others: [String: String] = [:]
    private var numbers = SessionKeyNumbering()
    /// Whether lines have named sessions other than the source's own.
    private(set) var hasOthers = false
    private var fields = FieldSlots(plan)

    /// - Parameter key: the key of the source's own session.
    init(key: String) {
        owners = LineOwners(key: key, isInteractive: false)
        _ = numbers.nextKey(key)
    }

    /// The outputs in the source's own session.
    var outputs: RecordedOutputs { collectors[nil]?.outputs ?? [:] }

    /// The outputs in each session that envelopes name.
    var outputsBySession: [String: RecordedOutputs] {
        collectors.reduce(into: [:]) { outputs, entry in
            if let key = entry.key { outputs[key] = entry.value.outputs }
        }
    }

    /// Reads lines. Client events occur only in envelopes, so other lines are skipped.
    mutating func read(_ batch: EventBatch) {
        let text = batch.bytes.span.bytes
        for line in batch.lines where line.length == line.range.count {
            let span = text.extracting(line.range)
            // An object with a `type` is not an envelope. Nearly all events begin with their type, or with their id and
            // type.
            guard !SessionNameReader.beginsWithType(span), (try? Self.plan.scan(span, into: &fields)) != nil else {
                continue
            }
            let owner = owner(of: span)
            defer { if fields.value(Self.slots.end)?.kind == .true { takeEnd(span) } }
            if fields.equals(slot: Self.slots.direction, in: span, "client") {
                readClient(span, owner)
            } else {
                readServer(span, owner)
            }
        }
    }

    /// The key of the session that a line belongs to; nil for the source's own session.
    private mutating func owner(of line: RawSpan) -> String? {
        guard let session = SessionNameReader.session(Self.slots.session, &fields, line), !session.isEmpty else {
            return key(of: owners.unnamed)
        }
        if fields.value(Self.slots.event)?.kind == .object {
            if owners.ofEnvelope(session) != .source, others[session] == nil { begin(session) }
            return key(of: owners.ofEnvelope(session))
        }
        if fields.value(Self.slots.recording)?.kind == .number {
            let (owner, isNew) = owners.ofHeader(session)
            if isNew { begin(session) }
            return key(of: owner)
        }
        return others[session] ?? (owners.ofEnvelope(session) == .source ? nil : key(of: owners.unnamed))
    }

    private func key(of owner: LineOwners.Owner) -> String? {
        if case .named(let name) = owner { others[name] } else { nil }
    }

    private mutating func begin(_ session: String) {
        others[session] = numbers.nextKey(session)
        hasOthers = true
    }

    /// Removes a session that ended, unless lines without a name still belong to it.
    private mutating func takeEnd(_ line: RawSpan) {
        guard let session = SessionNameReader.session(Self.slots.session, &fields, line),
            fields.value(Self.slots.event)?.kind != .object, owners.isFinal(.named(session))
        else { return }
        others[session] = nil
    }

    private mutating func readClient(_ line: RawSpan, _ owner: String?) {
        guard fields.equals(slot: Self.slots.type, in: line, "conversation.item.create"),
            fields.equals(slot: Self.slots.itemType, in: line, "function_call_output"),
            let callID = fields.string(slot: Self.slots.callID, in: line)
        else { return }
        collectors[owner, default: OutputCollector()].note(
            output: fields.string(slot: Self.slots.output, in: line) ?? "", of: callID)
    }

    private mutating func readServer(_ line: RawSpan, _ owner: String?) {
        if fields.value(Self.slots.renewed)?.kind == .true {
            collectors[owner, default: OutputCollector()].noteRenewal()
        }
        if let id = fields.string(slot: Self.slots.sessionID, in: line) {
            let isCreated =
                fields.equals(slot: Self.slots.type, in: line, "session.created")
                || fields.equals(slot: Self.slots.type, in: line, "transcription_session.created")
            collectors[owner, default: OutputCollector()].note(session: id, isCreated: isCreated)
        }
        guard OutputCollector.callTypes.contains(where: { fields.equals(slot: Self.slots.type, in: line, $0) }),
            let event = fields.value(Self.slots.event), event.kind == .object
        else { return }
        let range = Int(event.range.start)..<Int(event.range.end)
        if let event = try? JSONValue(parsing: line.extracting(range)) {
            collectors[owner, default: OutputCollector()].note(server: event)
        }
    }
}

/// Reads a recording's function call outputs in a task, the first time they are needed.
struct RecordedOutputReader {
    private let read: @Sendable () async throws -> RecordedOutputs
    private var result: FirstResult?

    private final class FirstResult: Sendable {
        let value = Mutex<Result<RecordedOutputs, any Error>?>(nil)
    }

    init(_ read: @escaping @Sendable () async throws -> RecordedOutputs) {
        self.read = read
    }

    /// Returns the outputs; nil while they are being read. Raises the signal when they are available.
    ///
    /// - Throws: The error of reading.
    mutating func take(waking signal: SessionSignal, in environment: RouterEnvironment) throws -> RecordedOutputs? {
        if let result { return try result.value.withLock { $0 }?.get() }
        let result = FirstResult()
        self.result = result
        environment.task { [read] in
            let outputs: Result<RecordedOutputs, any Error>
            do { outputs = .success(try await read()) } catch { outputs = .failure(error) }
            result.value.withLock { $0 = outputs }
            signal.raise()
        }
        return nil
    }
}
