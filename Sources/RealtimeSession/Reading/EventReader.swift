internal import EventJSON

/// Reads the fields of one event, with the event's text and the plan's slots for its fields bundled.
///
/// A reader is lent to whatever takes the event in and cannot be copied, so that no reader outlives its event. Reading a text with
/// escapes undoes them in the slots, therefore a closure that gets a text must not read another field.
@safe
struct EventReader: ~Copyable {
    /// The slots of the event's fields.
    let fields: SessionFields
    private let slots: UnsafeMutablePointer<FieldSlots>
    private let bytes: UnsafeRawBufferPointer

    private init(_ fields: SessionFields, _ slots: UnsafeMutablePointer<FieldSlots>, _ bytes: UnsafeRawBufferPointer) {
        self.fields = fields
        unsafe self.slots = slots
        unsafe self.bytes = bytes
    }

    /// Lends a reader of an event to `body`.
    ///
    /// - Parameters:
    ///   - fields: The slots of the plan that `slots` was filled with.
    ///   - slots: Where the event's values lie.
    ///   - text: The event's JSON text, the very bytes that were scanned.
    static func read(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, _ body: (borrowing EventReader) -> Void
    ) {
        unsafe text.withUnsafeBytes { bytes in
            unsafe withUnsafeMutablePointer(to: &slots) { slots in
                // A reader that is handed over without a name ends the optimiser of Swift 6.3.
                let reader = unsafe EventReader(fields, slots, bytes)
                body(reader)
            }
        }
    }

    /// The text of a range of the event.
    func withText<Result>(in range: Range<Int>, _ body: (RawSpan) -> Result) -> Result {
        body(unsafe bytes.bytes.extracting(range))
    }

    // MARK: Places

    /// The index of the field's last value, as a decoder would see it; -1 when it has none.
    func index(_ field: Int) -> Int32 { unsafe slots.pointee.index(field) }

    /// The index of the field's first value; -1 when it has none.
    func firstIndex(_ field: Int) -> Int32 { unsafe slots.pointee.firstIndex(field) }

    /// The index of the value after another one of the same field; -1 at the end.
    func nextIndex(_ index: Int32) -> Int32 { unsafe slots.pointee.nextIndex(index) }

    /// The field's last value; nil when it has none.
    func value(_ field: Int) -> FieldSlots.Value? { unsafe slots.pointee.value(field) }

    /// The value with an index.
    subscript(index: Int32) -> FieldSlots.Value { unsafe slots.pointee[index] }

    // MARK: Texts

    /// Gives the text of the value with an index to `body`.
    @inline(__always)
    func withText<Result>(at index: Int32, _ body: (RawSpan) -> Result) -> Result {
        unsafe slots.pointee.withText(index, in: bytes.bytes, body)
    }

    /// Gives the text of a field to `body`; nil when the field is absent.
    @inline(__always)
    func withText<Result>(_ field: Int, _ body: (RawSpan) -> Result) -> Result? {
        unsafe slots.pointee.withText(slot: field, in: bytes.bytes, body)
    }

    /// The string in a field; nil when the field is absent or something else.
    func string(_ field: Int) -> String? { unsafe slots.pointee.string(slot: field, in: bytes.bytes) }

    /// The string with an index; nil for -1 and for everything else.
    func string(at index: Int32) -> String? { unsafe slots.pointee.string(index, in: bytes.bytes) }

    /// The string with an index, empty when there is none.
    func text(at index: Int32) -> String { string(at: index) ?? "" }

    /// Whether a field is a string that says something.
    func hasText(_ field: Int) -> Bool { hasText(at: index(field)) }

    /// Whether the value with an index is a string that says something.
    func hasText(at index: Int32) -> Bool {
        index >= 0 && self[index].kind == .string && self[index].range.count > 0
    }

    /// Whether a field is a string with this text.
    func equals(_ field: Int, _ other: StaticString) -> Bool {
        unsafe slots.pointee.equals(slot: field, in: bytes.bytes, other)
    }

    /// Whether the value with an index is a string with this text; false for -1.
    func equals(at index: Int32, _ other: StaticString) -> Bool {
        unsafe slots.pointee.equals(index, in: bytes.bytes, other)
    }

    /// The halves of characters that the string with an index was cut at.
    func surrogateHalves(at index: Int32) -> SurrogateHalves {
        unsafe slots.pointee.surrogateHalves(index, in: bytes.bytes)
    }

    // MARK: Ids

    /// The key of the id in a field; nil when the field is no string, or empty.
    func key(_ field: Int) -> IDKey? { key(at: index(field)) }

    /// The key of the id with an index; nil when the value is no string, or empty.
    func key(at index: Int32) -> IDKey? {
        hasText(at: index) ? withText(at: index) { IDKey($0) } : nil
    }

    // MARK: Other values

    /// The whole number in a field; nil when the field is absent or something else.
    func int(_ field: Int) -> Int? { unsafe slots.pointee.int(slot: field, in: bytes.bytes) }

    /// The number in a field; nil when the field is absent or something else.
    func double(_ field: Int) -> Double? { unsafe slots.pointee.double(slot: field, in: bytes.bytes) }

    /// The number with an index; nil for -1 and for everything else.
    func double(at index: Int32) -> Double? { unsafe slots.pointee.double(index, in: bytes.bytes) }

    /// Whether a field is an explicit null.
    func isNull(_ field: Int) -> Bool { unsafe slots.pointee.isNull(slot: field) }

    /// Whether a field is there and not null.
    func has(_ field: Int) -> Bool { value(field).map { $0.kind != .null } ?? false }

    /// The object in a field; nil when there is none, it is empty, or it has more than ``objectLimit`` bytes.
    func object(_ field: Int) -> JSONValue? { object(at: index(field)) }

    /// The object with an index; nil when there is none, it is empty, or it has more than ``objectLimit`` bytes.
    func object(at index: Int32) -> JSONValue? {
        guard index >= 0, self[index].kind == .object, self[index].range.count <= Self.objectLimit else { return nil }
        let range = Int(self[index].range.start)..<Int(self[index].range.end)
        let parsed = withText(in: range) { try? JSONValue(parsing: $0) }
        return parsed?.object?.isEmpty == false ? parsed : nil
    }

    /// More bytes than an object has that is copied into derived events: metadata is 16 pairs of short strings.
    private static var objectLimit: Int { 65_536 }
}

/// The key of the item that an event named last: all its deltas name it, and to compare an id is much quicker than to hash it.
struct LastItemKey: Sendable {
    private var id = KeptText()
    private var key: IDKey?

    /// The key of the id in a field; nil when the field is no string, or empty.
    mutating func key(_ field: Int, _ event: borrowing EventReader) -> IDKey? {
        let index = event.index(field)
        guard event.hasText(at: index) else { return nil }
        return event.withText(at: index) { id in
            if let key, self.id.equals(id) { return key }
            let key = IDKey(id)
            self.id.keep(id)
            self.key = key
            return key
        }
    }
}
