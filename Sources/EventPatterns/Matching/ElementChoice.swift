import EventJSON

/// Chooses array elements for fields of a rule so that all of them can be used together.
///
/// Each field that lies in arrays comes with the elements in which its condition holds; one of them is to be chosen for each, no two
/// from different elements of one array. A field that may be absent can be left out, if none of its values goes together with
/// what was chosen for all the others.
///
/// The search backtracks. A failure says for each field how far it has to move on before anything can change, so that the search
/// jumps over all elements for which it would fail again: over arrays of thousands of elements it takes thousands of steps, not
/// millions. For that the fields come in the order of their paths: those that share arrays stand beside each other.
struct ElementChoice: Sendable {
    /// A field that takes part.
    private struct Level: Sendable {
        /// The elements in which its condition holds.
        var candidates: Range<Int>
        /// The elements in which it has any value at all.
        var presences: Range<Int>
        var mayBeAbsent: Bool
        /// The candidate that is chosen at the moment; the end of the candidates for absence.
        var index = 0
        /// Its element; -1 for what constrains nothing.
        var chosen: Int32 = -1
        var isAbsent = false
    }

    private var levels: [Level] = []
    private var elements: [Int32] = []
    /// For each level, and once more for absence, a row: the candidate to which each level has to move on before the failure there can
    /// end; ``unmoved`` where moving changes nothing.
    private var moves: [Int] = []
    /// Where the run that is being collected starts.
    private var start = 0

    private static let unmoved = Int.max

    /// Forgets the fields of the choice before.
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
    mutating func exists(_ slots: borrowing FieldSlots) -> Bool {
        let count = levels.count * (levels.count + 1)
        if moves.count < count { moves.append(contentsOf: repeatElement(0, count: count - moves.count)) }
        return succeeds(at: 0, slots)
    }

    // MARK: - What would have to move

    private func move(_ row: Int, _ level: Int) -> Int { moves[row * levels.count + level] }

    private mutating func clear(_ row: Int) {
        for level in levels.indices { moves[row * levels.count + level] = Self.unmoved }
    }

    private mutating func note(_ row: Int, _ level: Int, _ index: Int) {
        let place = row * levels.count + level
        moves[place] = min(moves[place], index)
    }

    // MARK: - The search

    /// Chooses for a field and all behind it; after a failure the row of this level says what would have to move.
    private mutating func succeeds(at level: Int, _ slots: borrowing FieldSlots) -> Bool {
        clear(level)
        guard level < levels.count else { return absencesHold(slots) }
        let end = levels[level].candidates.upperBound
        var index = levels[level].candidates.lowerBound
        while index <= end {
            index = nextConsistent(index, end, row: level, slots)
            guard index < end || levels[level].mayBeAbsent else { break }
            levels[level].index = index
            levels[level].isAbsent = index == end
            levels[level].chosen = index < end ? elements[index] : -1
            if succeeds(at: level + 1, slots) { return true }
            let next = move(level + 1, level)
            // Whatever were chosen here, it would fail: so only what that failure says counts.
            if next == Self.unmoved { clear(level) }
            for earlier in 0..<level { note(level, earlier, move(level + 1, earlier)) }
            index = next
        }
        levels[level].chosen = -1
        levels[level].isAbsent = false
        return false
    }

    /// Judged last: nothing of an absent field may go together with what was chosen.
    private mutating func absencesHold(_ slots: borrowing FieldSlots) -> Bool {
        let row = levels.count
        for level in levels.indices where levels[level].isAbsent {
            let presences = levels[level].presences
            let found = nextConsistent(presences.lowerBound, presences.upperBound, row: row, slots)
            guard found < presences.upperBound else { continue }
            clear(row)
            for other in levels.indices { note(row, other, nextSeparate(other, from: elements[found], slots)) }
            return false
        }
        return true
    }

    /// The first element from an index on that goes together with all that is chosen before a level; notes in its row which of these
    /// would have to move for the others.
    private mutating func nextConsistent(_ start: Int, _ end: Int, row: Int, _ slots: borrowing FieldSlots) -> Int {
        var index = start
        search: while index < end {
            for level in 0..<row {
                let chosen = levels[level].chosen
                guard chosen >= 0, let found = ElementOrder.separation(elements[index], chosen, slots) else { continue }
                note(row, level, endOfElement(found.right, level, slots))
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

    /// The first candidate of a level behind an element in which its choice lies.
    private func endOfElement(_ element: Int32, _ level: Int, _ slots: borrowing FieldSlots) -> Int {
        firstIndex(in: levels[level].index + 1..<levels[level].candidates.upperBound) {
            !ElementOrder.lies($0, inElement: element, slots)
        }
    }

    /// The next candidate of a level that does not go together with an element; behind absence when there is none.
    private func nextSeparate(_ level: Int, from element: Int32, _ slots: borrowing FieldSlots) -> Int {
        let end = levels[level].candidates.upperBound
        var index = levels[level].index + 1
        while index < end {
            let candidate = elements[index]
            if ElementOrder.separation(candidate, element, slots) != nil { return index }
            switch ElementOrder.company(candidate, with: element, slots) {
            case .itself: index += 1
            case .element(let outer):
                index = firstIndex(in: index..<end) { !ElementOrder.lies($0, inElement: outer, slots) }
            case .array(let array):
                index = firstIndex(in: index..<end) { !ElementOrder.lies($0, inArray: array, slots) }
            }
        }
        return end + 1
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
}
