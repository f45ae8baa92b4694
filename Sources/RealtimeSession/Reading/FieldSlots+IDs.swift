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

    /// Whether a field is there and not null.
    func has(_ slot: Int) -> Bool {
        guard let value = value(slot) else { return false }
        return value.kind != .null
    }
}
