/// Runs an automaton from every position of a text in parallel, and finds all ranges that it accepts.
///
/// Each reached step remembers the earliest start of a run that reaches it. So the longest match that ends at a
/// position is known there, and the joined matches cover every scalar that belongs to any match. One pass over the text
/// is enough.
package struct AutomatonSearch {
    private struct Thread {
        var step: Int32
        var start: Int
    }

    private let automaton: Automaton
    /// The threads, ordered by their starts, the earliest first.
    private var current: [Thread] = []
    private var next: [Thread] = []
    private var pending: [Int32] = []
    /// For each step, the round in which it was last reached.
    private var reached: [Int]
    private var round = 0
    private var found: [Range<Int>] = []

    /// Creates a search for one text.
    package init(_ automaton: Automaton) {
        self.automaton = automaton
        reached = Array(repeating: -1, count: automaton.steps.count)
    }

    /// The matches, and the earliest start of a run that has not failed at the end of the text.
    package mutating func findings(_ text: RawSpan) -> TextFindings {
        var offset = 0
        follow(0, from: 0, at: 0, text.byteCount)
        swap(&current, &next)
        while offset < text.byteCount {
            let scalar = text.nextScalar(&offset)
            round += 1
            next.removeAll(keepingCapacity: true)
            for thread in current where consumes(thread.step, scalar) {
                follow(thread.step + 1, from: thread.start, at: offset, text.byteCount)
            }
            follow(0, from: offset, at: offset, text.byteCount)
            swap(&current, &next)
        }
        // A run that starts at the end has consumed nothing, so it covers no part of the text.
        let open = current.lazy.map(\.start).min()
        return TextFindings(ranges: found, openStart: open.flatMap { $0 < text.byteCount ? $0 : nil })
    }

    private func consumes(_ step: Int32, _ scalar: UInt32) -> Bool {
        switch automaton.steps[Int(step)] {
        case .scalar(let wanted): wanted == scalar
        case .set(let set): automaton.sets[Int(set)].contains(scalar)
        case .any: true
        default: false
        }
    }

    /// Adds a step, and all steps that it leads to without consuming a scalar. A step that was reached already keeps
    /// its thread, whose start is earlier.
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

/// The matches of a pattern in a text, and the part of the text that is still undecided.
package struct TextFindings: Sendable, Hashable {
    /// The byte ranges that belong to any match, in order. No two ranges touch.
    package var ranges: [Range<Int>]
    /// The start of the longest suffix of the text that more text could turn into a match or a longer match; nil if no
    /// further text can.
    package var openStart: Int?

    /// Creates a result, by default without matches.
    package init(ranges: [Range<Int>] = [], openStart: Int? = nil) {
        self.ranges = ranges
        self.openStart = openStart
    }
}

extension [Range<Int>] {
    /// Adds a range that ends at or after the end of all others, and joins it with those that it touches.
    package mutating func join(_ range: Range<Int>) {
        var range = range
        while let last, last.upperBound >= range.lowerBound {
            range = Swift.min(last.lowerBound, range.lowerBound)..<Swift.max(last.upperBound, range.upperBound)
            removeLast()
        }
        append(range)
    }

    /// The ranges in order, with ranges that touch joined.
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
