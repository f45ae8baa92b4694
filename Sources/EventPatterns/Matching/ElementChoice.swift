import EventJSON

/// Chooses array elements for the fields of a rule so that all of them can be used together.
///
/// Each field that lies in arrays comes with the elements in which its condition holds; one of them is to be chosen for each, no two
/// from different elements of one array. A field that may be absent can be left out, if none of its values goes together with
/// what was chosen for all the others.
///
/// The search backtracks, but only to choices that the failure depends on, and it jumps over elements that cannot go together
/// with what was chosen. So two fields over an array of thousands of elements take thousands of steps, not millions.
struct ElementChoice: Sendable {
    /// A field that takes part.
    private struct Level: Sendable {
        /// The elements in which its condition holds.
        var candidates: Range<Int>
        /// The elements in which it has any value at all.
        var presences: Range<Int>
        var mayBeAbsent: Bool
        /// What is chosen at the moment; -1 for what constrains nothing.
        var chosen: Int32 = -1
        var isAbsent = false
    }

    private var levels: [Level] = []
    private var elements: [Int32] = []
    /// Where the run that is being collected starts.
    private var start = 0

    /// Forgets the fields of the rule before.
    mutating func begin() {
        levels.removeAll(keepingCapacity: true)
        elements.removeAll(keepingCapacity: true)
        start = 0
    }

    /// Adds an element to the run that is being collected.
    mutating func add(_ element: Int32) {
        guard let last = elements.last, elements.count > start, element <= last else {
            elements.append(element)
            return
        }
        // Out of order only behind a nested array, by little.
        let index = firstIndex(in: start..<elements.count) { $0 >= element }
        if elements[index] != element { elements.insert(element, at: index) }
    }

    /// Ends the run that is being collected.
    mutating func finishRun() -> Range<Int> {
        defer { start = elements.count }
        return start..<elements.count
    }

    /// Adds a field with its two runs.
    mutating func addField(candidates: Range<Int>, presences: Range<Int>, mayBeAbsent: Bool) {
        levels.append(Level(candidates: candidates, presences: presences, mayBeAbsent: mayBeAbsent))
    }

    /// Whether there is a choice for all fields.
    mutating func exists(_ slots: FieldSlots) -> Bool {
        failure(at: 0, slots) == nil
    }

    /// Chooses for a field and all behind it; nil on success, else the fields before it whose choice is to blame.
    private mutating func failure(at level: Int, _ slots: FieldSlots) -> UInt64? {
        guard level < levels.count else { return absenceFailure(slots) }
        var blame: UInt64 = 0
        var index = levels[level].candidates.lowerBound
        while true {
            index = nextConsistent(index, levels[level].candidates.upperBound, below: level, &blame, slots)
            guard index < levels[level].candidates.upperBound else { break }
            levels[level].chosen = elements[index]
            guard let failed = failure(at: level + 1, slots) else { return nil }
            levels[level].chosen = -1
            if failed & Self.bit(level) == 0 { return failed }
            blame |= failed
            index += 1
        }
        if levels[level].mayBeAbsent {
            levels[level].isAbsent = true
            guard let failed = failure(at: level + 1, slots) else { return nil }
            levels[level].isAbsent = false
            if failed & Self.bit(level) == 0 { return failed }
            blame |= failed
        }
        return Self.withoutBit(level, blame)
    }

    /// Judged last: nothing of an absent field may go together with what was chosen.
    private mutating func absenceFailure(_ slots: FieldSlots) -> UInt64? {
        for level in levels where level.isAbsent {
            var blame: UInt64 = 0
            let end = level.presences.upperBound
            if nextConsistent(level.presences.lowerBound, end, below: levels.count, &blame, slots) < end { return .max }
        }
        return nil
    }

    /// The first element from an index on that goes together with all that is chosen; notes who excluded the others.
    private func nextConsistent(
        _ start: Int, _ end: Int, below count: Int, _ blame: inout UInt64, _ slots: FieldSlots
    ) -> Int {
        var index = start
        search: while index < end {
            for level in 0..<count {
                let chosen = levels[level].chosen
                guard chosen >= 0, let found = ElementOrder.separation(elements[index], chosen, slots) else { continue }
                blame |= Self.bit(level)
                index =
                    found.left < found.right
                    ? firstIndex(in: index + 1..<end) { $0 >= found.right }
                    : firstIndex(in: index + 1..<end) { !ElementOrder.lies($0, inArray: found.array, slots) }
                continue search
            }
            return index
        }
        return end
    }

    /// The first index whose element satisfies a predicate that is false up to some point and true from there on.
    private func firstIndex(in range: Range<Int>, _ isBehind: (Int32) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(elements[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The bit that stands for a field; those from the 64th on share one, and are then blamed together.
    private static func bit(_ level: Int) -> UInt64 { 1 << UInt64(min(level, 63)) }

    private static func withoutBit(_ level: Int, _ mask: UInt64) -> UInt64 {
        level < 63 ? mask & ~bit(level) : mask
    }
}
