import EventJSON

/// One event scanned with one plan, with accessors for tests.
struct ScannedEvent: ~Copyable {
    let plan: FieldPlan
    var slots: FieldSlots
    private(set) var bytes: [UInt8] = []

    init(_ text: String, _ paths: [[String]]) throws(JSONSyntaxError) {
        plan = FieldPlan(paths)
        slots = FieldSlots(plan)
        try scan(Array(text.utf8))
    }

    mutating func scan(_ bytes: [UInt8]) throws(JSONSyntaxError) {
        self.bytes = bytes
        try plan.scan(bytes.span.bytes, into: &slots)
    }

    /// The indices of all values of a path.
    func indices(_ path: String...) -> [Int32] {
        indices(path)
    }

    func indices(_ path: [String]) -> [Int32] {
        guard let slot = plan.slot(path) else { return [] }
        var indices: [Int32] = []
        var index = slots.firstIndex(slot)
        while index >= 0 {
            indices.append(index)
            index = slots.nextIndex(index)
        }
        return indices
    }

    /// A value's text.
    mutating func text(_ index: Int32) -> String {
        let bytes = bytes
        return slots.withText(index, in: bytes.span.bytes) { text in
            text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The texts of all values of a path.
    mutating func texts(_ path: String...) -> [String] {
        var texts: [String] = []
        for index in indices(path) { texts.append(text(index)) }
        return texts
    }

    /// The original bytes of a value.
    func raw(_ index: Int32) -> [UInt8] {
        Array(bytes[slots[index].range.offsets])
    }
}
