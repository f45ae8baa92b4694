internal import EventJSON

/// Reads the fields of one event. Bundles the event's text with its scanned slots.
///
/// A reader cannot be copied and is only passed as a borrowed value, so that it never outlives its event. Reading a
/// text with escapes unescapes it in the slots. Therefore a closure that receives a text must not read another field.
@safe
struct EventReader: ~Copyable {
    /// The slot numbers of the session's fields.
    let fields: SessionFields
    private let slots: UnsafeMutablePointer<FieldSlots>
    private let bytes: UnsafeRawBufferPointer

    private init(_ fields: SessionFields, _ slots: UnsafeMutablePointer<FieldSlots>, _ bytes: UnsafeRawBufferPointer) {
        self.fields = fields
        unsafe self.slots = slots
        unsafe self.bytes = bytes
    }

    /// Calls `body` with a reader of an event.
    ///
    /// - Parameters:
    ///   - fields: The slot numbers of the session's fields in the plan that filled `slots`.
    ///   - slots: The scanned values of the event.
    ///   - text: The event's JSON text: the same bytes that were scanned.
    static func read(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, _ body: (borrowing EventReader) -> Void
    ) {
        unsafe text.withUnsafeBytes { bytes in
            unsafe withUnsafeMutablePointer(to: &slots) { slots in
                // The constant is needed: passing the reader as an expression crashes the optimiser of Swift 6.3.
                let reader = unsafe EventReader(fields, slots, bytes)
                body(reader)
            }
        }
    }

    /// Calls `body` with a byte range of the event's text.
    func withText<Result>(in range: Range<Int>, _ body: (RawSpan) -> Result) -> Result {
        body(unsafe bytes.bytes.extracting(range))
    }

    // MARK: Places

    /// The index of the field's last value, which is the one that a decoder would use; -1 if there is none.
    func index(_ field: Int) -> Int32 { unsafe slots.pointee.index(field) }

    /// The index of the field's first value; -1 if there is none.
    func firstIndex(_ field: Int) -> Int32 { unsafe slots.pointee.firstIndex(field) }

    /// The index of the same field's next value; -1 at the end.
    func nextIndex(_ index: Int32) -> Int32 { unsafe slots.pointee.nextIndex(index) }

    /// The field's last value; nil if there is none.
    func value(_ field: Int) -> FieldSlots.Value? { unsafe slots.pointee.value(field) }

    /// The value at an index.
    subscript(index: Int32) -> FieldSlots.Value { unsafe slots.pointee[index] }

    // MARK: Texts

    /// Calls `body` with the text of the value at an index.
    @inline(__always)
    func withText<Result>(at index: Int32, _ body: (RawSpan) -> Result) -> Result {
        unsafe slots.pointee.withText(index, in: bytes.bytes, body)
    }

    /// Calls `body` with the text of a field; returns nil if the field is absent.
    @inline(__always)
    func withText<Result>(_ field: Int, _ body: (RawSpan) -> Result) -> Result? {
        unsafe slots.pointee.withText(slot: field, in: bytes.bytes, body)
    }

    /// The string in a field; nil if the field is absent or not a string.
    func string(_ field: Int) -> String? { unsafe slots.pointee.string(slot: field, in: bytes.bytes) }

    /// The string at an index; nil if the index is -1 or the value is not a string.
    func string(at index: Int32) -> String? { unsafe slots.pointee.string(index, in: bytes.bytes) }

    /// The string at an index; empty if there is none.
    func text(at index: Int32) -> String { string(at: index) ?? "" }

    /// Whether a field is a nonempty string.
    func hasText(_ field: Int) -> Bool { hasText(at: index(field)) }

    /// Whether the value at an index is a nonempty string.
    func hasText(at index: Int32) -> Bool {
        index >= 0 && self[index].kind == .string && self[index].range.count > 0
    }

    /// Whether a field is a string with this text.
    func equals(_ field: Int, _ other: StaticString) -> Bool {
        unsafe slots.pointee.equals(slot: field, in: bytes.bytes, other)
    }

    /// Whether the value at an index is a string with this text; false for -1.
    func equals(at index: Int32, _ other: StaticString) -> Bool {
        unsafe slots.pointee.equals(index, in: bytes.bytes, other)
    }

    /// The surrogate halves at which the string at an index was split.
    func surrogateHalves(at index: Int32) -> SurrogateHalves {
        unsafe slots.pointee.surrogateHalves(index, in: bytes.bytes)
    }

    // MARK: Ids

    /// The key of the id in a field; nil if the field is not a nonempty string.
    func key(_ field: Int) -> IDKey? { key(at: index(field)) }

    /// The key of the id at an index; nil if the value is not a nonempty string.
    func key(at index: Int32) -> IDKey? {
        hasText(at: index) ? withText(at: index) { IDKey($0) } : nil
    }

    // MARK: Other values

    /// The integer in a field; nil if the field is absent or not an integer.
    func int(_ field: Int) -> Int? { unsafe slots.pointee.int(slot: field, in: bytes.bytes) }

    /// The number in a field; nil if the field is absent or not a number.
    func double(_ field: Int) -> Double? { unsafe slots.pointee.double(slot: field, in: bytes.bytes) }

    /// The number at an index; nil if the index is -1 or the value is not a number.
    func double(at index: Int32) -> Double? { unsafe slots.pointee.double(index, in: bytes.bytes) }

    /// Whether a field is an explicit null.
    func isNull(_ field: Int) -> Bool { unsafe slots.pointee.isNull(slot: field) }

    /// Whether a field is present and not null.
    func has(_ field: Int) -> Bool { value(field).map { $0.kind != .null } ?? false }

    /// The object in a field; nil if it is absent, empty or longer than ``objectLimit`` bytes.
    func object(_ field: Int) -> JSONValue? { object(at: index(field)) }

    /// The object at an index; nil if it is absent, empty or longer than ``objectLimit`` bytes.
    func object(at index: Int32) -> JSONValue? {
        guard index >= 0, self[index].kind == .object, self[index].range.count <= Self.objectLimit else { return nil }
        let range = Int(self[index].range.start)..<Int(self[index].range.end)
        let parsed = withText(in: range) { try? JSONValue(parsing: $0) }
        return parsed?.object?.isEmpty == false ? parsed : nil
    }

    /// The largest object that is copied into derived events, in bytes. Metadata has at most 16 pairs of short strings.
    private static var objectLimit: Int { 65_536 }
}

/// The key of the last item that an event named. All deltas of an item name it, and comparing an id is much faster than
/// hashing it.
struct ItemKeyCache: Sendable {
    private var id = ReusableText()
    private var key: IDKey?

    /// The key of the id in a field; nil if the field is not a nonempty string.
    mutating func key(_ field: Int, _ event: borrowing EventReader) -> IDKey? {
        let index = event.index(field)
        guard event.hasText(at: index) else { return nil }
        return event.withText(at: index) { id in
            if let key, self.id.equals(id) { return key }
            let key = IDKey(id)
            self.id.set(id)
            self.key = key
            return key
        }
    }
}
