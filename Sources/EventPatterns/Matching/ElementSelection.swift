import EventJSON

/// Selects array elements for the fields of a rule so that all its conditions hold together.
///
/// For each field that is inside arrays, the caller adds the elements in which its condition holds. One element is
/// selected for each field, and no two fields may use different elements of one array. A field with `exists: false` may
/// be left out if none of its values is compatible with the elements that are selected for all other fields.
///
/// The search backtracks and records conflicts: for each failure, how far each field has to advance before the result
/// can change. It skips all elements that would fail for the same reason. In arrays of thousands of elements it takes
/// thousands of steps, not millions. To make this effective, fields come in the order of their paths, so that fields in
/// the same arrays are adjacent.
struct ElementSelection: Sendable {
    /// A field, at its depth of the search.
    private struct Level: Sendable {
        /// The elements in which the field's condition holds: a range of `elements`.
        var candidates: Range<Int>
        /// The elements in which the field has any value: a range of `elements`.
        var presentIn: Range<Int>
        var allowsAbsence: Bool
        /// The index of the selected candidate; the end of `candidates` if the field is left out.
        var index = 0
        /// The selected element; -1 if the selection does not constrain other fields.
        var selected: Int32 = -1
        var isAbsent = false
    }

    private var levels: [Level] = []
    private var elements: [Int32] = []
    /// One row per level, and one for absent fields. A row has, for each level, the index to which that level has to
    /// advance before the row can succeed; ``noConflict`` if advancing does not help.
    private var conflicts: [Int] = []
    /// The start of the range that ``add(_:)`` extends.
    private var rangeStart = 0

    private static let noConflict = Int.max

    /// Removes all fields.
    mutating func begin() {
        levels.removeAll(keepingCapacity: true)
        elements.removeAll(keepingCapacity: true)
        rangeStart = 0
    }

    /// Adds an element to the current range, in ascending order and without duplicates.
    mutating func add(_ element: Int32) {
        guard let last = elements.last, elements.count > rangeStart, element <= last else {
            elements.append(element)
            return
        }
        // Values come in order, except after a nested array, where they are slightly out of order.
        let index = firstIndex(in: rangeStart..<elements.count) { $0 >= element }
        if elements[index] != element { elements.insert(element, at: index) }
    }

    /// Ends the current range and begins the next one.
    mutating func finishRange() -> Range<Int> {
        defer { rangeStart = elements.count }
        return rangeStart..<elements.count
    }

    /// Adds a field with the ranges of its elements.
    mutating func addField(candidates: Range<Int>, presentIn: Range<Int>, allowsAbsence: Bool) {
        levels.append(Level(candidates: candidates, presentIn: presentIn, allowsAbsence: allowsAbsence))
    }

    /// Whether elements can be selected for all fields.
    mutating func isPossible(_ slots: borrowing FieldSlots) -> Bool {
        let count = levels.count * (levels.count + 1)
        if conflicts.count < count { conflicts.append(contentsOf: repeatElement(0, count: count - conflicts.count)) }
        return succeeds(at: 0, slots)
    }

    // MARK: - Conflicts

    private func conflict(_ row: Int, _ level: Int) -> Int { conflicts[row * levels.count + level] }

    private mutating func clear(_ row: Int) {
        for level in levels.indices { conflicts[row * levels.count + level] = Self.noConflict }
    }

    private mutating func recordConflict(_ row: Int, _ level: Int, _ index: Int) {
        let cell = row * levels.count + level
        conflicts[cell] = min(conflicts[cell], index)
    }

    // MARK: - Search

    /// Selects elements for a field and all following fields. If that fails, this level's row of `conflicts` says which
    /// levels have to advance.
    private mutating func succeeds(at level: Int, _ slots: borrowing FieldSlots) -> Bool {
        clear(level)
        guard level < levels.count else { return absencesHold(slots) }
        let end = levels[level].candidates.upperBound
        var index = levels[level].candidates.lowerBound
        while index <= end {
            index = nextConsistent(index, end, row: level, slots)
            guard index < end || levels[level].allowsAbsence else { break }
            levels[level].index = index
            levels[level].isAbsent = index == end
            levels[level].selected = index < end ? elements[index] : -1
            if succeeds(at: level + 1, slots) { return true }
            let next = conflict(level + 1, level)
            // This level has no part in the failure, so its own conflicts do not count.
            if next == Self.noConflict { clear(level) }
            for earlier in 0..<level { recordConflict(level, earlier, conflict(level + 1, earlier)) }
            index = next
        }
        levels[level].selected = -1
        levels[level].isAbsent = false
        return false
    }

    /// Whether no value of an absent field is compatible with the selected elements. Evaluated after all elements are
    /// selected.
    private mutating func absencesHold(_ slots: borrowing FieldSlots) -> Bool {
        let row = levels.count
        for level in levels.indices where levels[level].isAbsent {
            let presentIn = levels[level].presentIn
            let present = nextConsistent(presentIn.lowerBound, presentIn.upperBound, row: row, slots)
            guard present < presentIn.upperBound else { continue }
            clear(row)
            for other in levels.indices {
                recordConflict(row, other, nextConflicting(other, from: elements[present], slots))
            }
            return false
        }
        return true
    }

    /// Returns the first index, from `start` on, whose element is compatible with the selections of all earlier levels.
    /// Records in the row the conflicts of the elements that it skips.
    private mutating func nextConsistent(_ start: Int, _ end: Int, row: Int, _ slots: borrowing FieldSlots) -> Int {
        var index = start
        search: while index < end {
            for level in 0..<row {
                let selected = levels[level].selected
                guard selected >= 0, let conflict = ElementNesting.conflict(elements[index], selected, slots)
                else { continue }
                recordConflict(row, level, endOfElement(conflict.right, level, slots))
                index =
                    conflict.left < conflict.right
                    ? firstIndex(in: index + 1..<end) { $0 >= conflict.right }
                    : firstIndex(in: index + 1..<end) {
                        !ElementNesting.isElement($0, insideArray: conflict.array, slots)
                    }
                continue search
            }
            return index
        }
        return end
    }

    /// Returns the first candidate of a level after the candidates inside an element that contains the level's
    /// selection.
    private func endOfElement(_ element: Int32, _ level: Int, _ slots: borrowing FieldSlots) -> Int {
        firstIndex(in: levels[level].index + 1..<levels[level].candidates.upperBound) {
            !ElementNesting.isElement($0, inside: element, slots)
        }
    }

    /// Returns the next candidate of a level that is in conflict with an element; the index after absence if there is
    /// none.
    private func nextConflicting(_ level: Int, from element: Int32, _ slots: borrowing FieldSlots) -> Int {
        let end = levels[level].candidates.upperBound
        var index = levels[level].index + 1
        while index < end {
            let candidate = elements[index]
            if ElementNesting.conflict(candidate, element, slots) != nil { return index }
            switch ElementNesting.compatibleScope(candidate, with: element, slots) {
            case .onlyItself: index += 1
            case .element(let outer):
                index = firstIndex(in: index..<end) { !ElementNesting.isElement($0, inside: outer, slots) }
            case .array(let array):
                index = firstIndex(in: index..<end) { !ElementNesting.isElement($0, insideArray: array, slots) }
            }
        }
        return end + 1
    }

    /// Returns the first index whose element satisfies a monotonic predicate: false up to some element and true from
    /// there on.
    private func firstIndex(in range: Range<Int>, _ isPast: (Int32) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if isPast(elements[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
