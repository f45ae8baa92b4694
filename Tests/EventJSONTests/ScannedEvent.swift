import EventJSON

/// One event under one plan, with its fields read as a test wants to see them.
struct ScannedEvent {
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
        return Array(sequence(first: slots.firstIndex(slot)) { slots.nextIndex($0) }.prefix { $0 >= 0 })
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
        indices(path).map { text($0) }
    }

    /// The bytes of a value as they stand in the event.
    func raw(_ index: Int32) -> [UInt8] {
        Array(bytes[slots[index].range.offsets])
    }
}
