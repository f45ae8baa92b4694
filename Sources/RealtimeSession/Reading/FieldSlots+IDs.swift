internal import EventJSON

extension FieldSlots {
    /// The key of an id; nil when the field is no string, or empty.
    mutating func key(_ slot: Int, in text: RawSpan) -> IDKey? {
        key(at: index(slot), in: text)
    }

    /// The key of the id with an index of this scan.
    mutating func key(at index: Int32, in text: RawSpan) -> IDKey? {
        hasText(at: index) ? withText(index, in: text) { IDKey($0) } : nil
    }

    /// Whether the value with an index of this scan is a string that says something.
    func hasText(at index: Int32) -> Bool {
        index >= 0 && self[index].kind == .string && self[index].range.count > 0
    }

    /// The string with an index of this scan, empty when there is none.
    mutating func text(at index: Int32, in text: RawSpan) -> String {
        string(index, in: text) ?? ""
    }

    /// The object in a slot; nil when there is none, it is empty, or it has more than ``objectLimit`` bytes.
    func object(_ slot: Int, in text: RawSpan) -> JSONValue? { object(at: index(slot), in: text) }

    /// The object with an index of this scan; nil when there is none, it is empty, or it has more than ``objectLimit`` bytes.
    func object(at index: Int32, in text: RawSpan) -> JSONValue? {
        guard index >= 0, self[index].kind == .object, self[index].range.count <= Self.objectLimit else { return nil }
        let range = Int(self[index].range.start)..<Int(self[index].range.end)
        guard let value = try? JSONValue(parsing: text.extracting(range)), value.object?.isEmpty == false else {
            return nil
        }
        return value
    }

    /// More bytes than an object has that is copied into derived events: metadata is 16 pairs of short strings.
    private static var objectLimit: Int { 65_536 }

    /// Whether a field is there and not null.
    func has(_ slot: Int) -> Bool {
        guard let value = value(slot) else { return false }
        return value.kind != .null
    }
}
