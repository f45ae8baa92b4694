/// Runs an automaton from every place of a text at once, and finds all ranges that it takes.
///
/// Each step that is reached remembers the earliest place from which a run comes to it. So at every place where a run may end the
/// longest match that ends there is known, and the joined matches are what belongs to any match at all; one pass does it.
package struct AutomatonSearch {
    private struct Thread {
        var step: Int32
        var start: Int
    }

    private let automaton: Automaton
    /// In the order of their starts, the earliest first.
    private var current: [Thread] = []
    private var next: [Thread] = []
    private var pending: [Int32] = []
    /// For each step the round in which it was last reached.
    private var reached: [Int]
    private var round = 0
    private var found: [Range<Int>] = []

    /// Makes a search; one is good for one text.
    package init(_ automaton: Automaton) {
        self.automaton = automaton
        reached = Array(repeating: -1, count: automaton.steps.count)
    }

    /// The matches, and the earliest place from which a run is still alive at the text's end.
    package mutating func findings(_ text: RawSpan) -> TextFindings {
        var offset = 0
        follow(0, from: 0, at: 0, text.byteCount)
        swap(&current, &next)
        while offset < text.byteCount {
            let scalar = text.nextScalar(&offset)
            round += 1
            next.removeAll(keepingCapacity: true)
            for thread in current where takes(thread.step, scalar) {
                follow(thread.step + 1, from: thread.start, at: offset, text.byteCount)
            }
            follow(0, from: offset, at: offset, text.byteCount)
            swap(&current, &next)
        }
        // A run that began at the very end took nothing, and is no part of the text.
        let open = current.lazy.map(\.start).min()
        return TextFindings(ranges: found, openStart: open.flatMap { $0 < text.byteCount ? $0 : nil })
    }

    private func takes(_ step: Int32, _ scalar: UInt32) -> Bool {
        switch automaton.steps[Int(step)] {
        case .scalar(let wanted): wanted == scalar
        case .set(let set): automaton.sets[Int(set)].contains(scalar)
        case .any: true
        default: false
        }
    }

    /// Adds a step and all that it leads to without taking a scalar. Who comes later to a step started later too.
    private mutating func follow(_ first: Int32, from start: Int, at offset: Int, _ end: Int) {
        pending.append(first)
        while let step = pending.popLast() {
            guard reached[Int(step)] != round else { continue }
            reached[Int(step)] = round
            switch automaton.steps[Int(step)] {
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .jump(let target): pending.append(target)
            case .start: if offset == 0 { pending.append(step + 1) }
            case .end: if offset == end { pending.append(step + 1) }
            case .accept: if start < offset { found.join(start..<offset) }
            case .acceptRest: if start < end { found.join(start..<end) }
            default: next.append(Thread(step: step, start: start))
            }
        }
    }
}

/// Where a pattern is found in a text, and what of the text is still undecided.
package struct TextFindings: Sendable, Hashable {
    /// The ranges of bytes that belong to any match, in order, none touching another.
    package var ranges: [Range<Int>]
    /// Where the longest end of the text begins that more text could turn into a match, or into a longer one; nil if no more text can.
    package var openStart: Int?

    /// Nothing found, and nothing open.
    package init(ranges: [Range<Int>] = [], openStart: Int? = nil) {
        self.ranges = ranges
        self.openStart = openStart
    }
}

extension [Range<Int>] {
    /// Adds a range that ends at or behind the end of all others.
    package mutating func join(_ range: Range<Int>) {
        var range = range
        while let last, last.upperBound >= range.lowerBound {
            range = Swift.min(last.lowerBound, range.lowerBound)..<Swift.max(last.upperBound, range.upperBound)
            removeLast()
        }
        append(range)
    }

    /// The same places as ranges in order, none touching another.
    package var joined: [Range<Int>] {
        var ranges: [Range<Int>] = []
        for range in sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, last.upperBound >= range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
        return ranges
    }
}
