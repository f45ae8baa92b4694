import EventJSON
import RealtimeEvents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads the session that a line names, with the id and labels that the line gives it.
struct SessionNameReader: ~Copyable {
    enum Kind {
        /// The first line of a recording.
        case header
        case envelope
        /// A control line that ends the session.
        case end
        /// A control line about the session's connection.
        case change(ConnectionChange)
        /// A control line about a limit that the session is near.
        case limit
    }

    struct NamedLine {
        var kind: Kind
        var session: String
        var sessionID: String?
        var labels: [SessionLabel] = []
        /// The names of labels whose values are not strings.
        var unusableLabels: [String] = []

        var change: ConnectionChange? { if case .change(let change) = kind { change } else { nil } }
        /// Whether the line contains an id or labels.
        var saysMore: Bool { sessionID != nil || !labels.isEmpty }

        /// Merges the id and labels of a later line into this one.
        func updated(by later: NamedLine) -> NamedLine {
            var name = self
            name.sessionID = later.sessionID ?? sessionID
            if !later.labels.isEmpty { name.labels = later.labels }
            return name
        }

        var isEnvelope: Bool { if case .envelope = kind { true } else { false } }
        var isEnd: Bool { if case .end = kind { true } else { false } }
    }

    private static let paths = [
        ["type"], ["session"], ["event"], ["session_id"], ["labels"], ["recording"], ["end"], ["lost"], ["restored"],
        ["renewed"], ["limit"],
    ]
    private static let plan = FieldPlan(paths)
    private static let slots = paths.map { plan.slot($0)! }

    private var fields = FieldSlots(plan)

    /// Whether a line may name a session. An object that begins with its `type` is an event, which names no session.
    static func mayNameSession(_ line: EventBatch.Line, _ batch: EventBatch) -> Bool {
        let text = batch.bytes.span.bytes.extracting(line.range)
        return line.length == text.byteCount && !beginsWithType(text)
    }

    /// Whether a line begins like nearly all events: with `type`, or with `event_id` and then `type`.
    static func beginsWithType(_ text: RawSpan) -> Bool {
        if text.begins(with: "{\"type\":") { return true }
        let id: StaticString = "{\"event_id\":\""
        guard text.begins(with: id) else { return false }
        let end = text.withUnsafeBytes { bytes in
            bytes[id.utf8CodeUnitCount...].firstIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        }
        return end.map { text.begins(with: "\",\"type\":", at: $0) } ?? false
    }

    /// Returns the session that a line names; nil if it names no session.
    mutating func read(_ line: EventBatch.Line, _ batch: EventBatch) -> NamedLine? {
        let text = batch.bytes.span.bytes.extracting(line.range)
        guard (try? Self.plan.scan(text, into: &fields)) != nil, fields.value(Self.slots[0]) == nil,
            let session = Self.session(Self.slots[1], &fields, text), !session.isEmpty, let kind = kind(text)
        else { return nil }
        var name = NamedLine(kind: kind, session: session)
        if name.isEnvelope, fields.value(Self.slots[3])?.kind == .string {
            name.sessionID = fields.string(slot: Self.slots[3], in: text)
        }
        if let value = fields.value(Self.slots[4]) {
            readLabels(Int(value.range.start)..<Int(value.range.end), text, &name)
        }
        return name
    }

    private func readLabels(_ range: Range<Int>, _ text: RawSpan, _ name: inout NamedLine) {
        guard let value = try? JSONValue(parsing: text.extracting(range)) else { return }
        guard let labels = value.object else {
            if value != .null { name.unusableLabels = [SessionLabel.field] }
            return
        }
        name.unusableLabels = labels.filter { $0.value.string == nil }.map(\.key)
        // The session itself reads the labels in a recording's header line.
        guard name.isEnvelope else { return }
        name.labels = labels.compactMap { label, value in value.string.map { SessionLabel(label, $0) } }
    }

    /// The session key in a field; a number is allowed, too.
    static func session(_ slot: Int, _ fields: inout FieldSlots, _ text: RawSpan) -> String? {
        guard let value = fields.value(slot) else { return nil }
        guard value.kind == .number else { return fields.string(slot: slot, in: text) }
        return text.extracting(Int(value.range.start)..<Int(value.range.end)).withUnsafeBytes {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private func isTrue(_ slot: Int) -> Bool { fields.value(slot)?.kind == .true }

    private func kind(_ text: RawSpan) -> Kind? {
        if fields.value(Self.slots[2])?.kind == .object { return .envelope }
        if fields.value(Self.slots[5])?.kind == .number { return .header }
        if isTrue(Self.slots[6]) { return .end }
        if fields.value(Self.slots[10])?.kind == .string { return .limit }
        guard (7...9).contains(where: { isTrue(Self.slots[$0]) }) else { return nil }
        return RecordingControl(text)?.change.map { .change($0) }
    }
}

extension RawSpan {
    /// Whether the bytes at an offset begin with a text. False if the offset is beyond the end.
    func begins(with beginning: StaticString, at offset: Int = 0) -> Bool {
        let count = beginning.utf8CodeUnitCount
        guard byteCount - offset >= count else { return false }
        return withUnsafeBytes { memcmp($0.baseAddress! + offset, beginning.utf8Start, count) == 0 }
    }
}
