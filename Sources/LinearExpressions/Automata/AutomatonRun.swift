/// Runs automata, and keeps the memory between runs, so that a run allocates nothing.
package struct AutomatonRun: Sendable {
    private var current: [Int32] = []
    private var next: [Int32] = []
    private var pending: [Int32] = []
    /// For each step, the round in which it was last reached.
    private var reached: [UInt64] = []
    private var round: UInt64 = 0
    private var isAtStart = true
    private var isAtEnd = false

    /// Creates an empty run.
    package init() {}

    /// Whether the automaton accepts the whole text.
    package mutating func accepts(_ automaton: Automaton, _ text: RawSpan) -> Bool {
        prepare(automaton.steps.count)
        var offset = 0
        isAtStart = true
        isAtEnd = text.byteCount == 0
        if follow(0, automaton) { return true }
        isAtStart = false
        swap(&current, &next)
        while offset < text.byteCount, !current.isEmpty {
            let scalar = text.nextScalar(&offset)
            isAtEnd = offset == text.byteCount
            round += 1
            next.removeAll(keepingCapacity: true)
            for index in current.indices {
                let step = current[index]
                let consumes =
                    switch automaton.steps[Int(step)] {
                    case .scalar(let wanted): wanted == scalar
                    case .set(let set): automaton.sets[Int(set)].contains(scalar)
                    case .any: true
                    default: false
                    }
                if consumes, follow(step + 1, automaton) { return true }
            }
            swap(&current, &next)
        }
        guard offset == text.byteCount else { return false }
        return current.contains { automaton.steps[Int($0)] == .accept }
    }

    private mutating func prepare(_ count: Int) {
        if reached.count < count {
            reached.append(contentsOf: repeatElement(0, count: count - reached.count))
            current.reserveCapacity(count)
            next.reserveCapacity(count)
            pending.reserveCapacity(2 * count + 1)
        }
        round += 1
        current.removeAll(keepingCapacity: true)
        next.removeAll(keepingCapacity: true)
    }

    /// Adds a step, and all steps that it leads to without consuming a scalar. Returns true if the text is accepted
    /// whatever follows.
    private mutating func follow(_ start: Int32, _ automaton: Automaton) -> Bool {
        pending.append(start)
        while let step = pending.popLast() {
            guard reached[Int(step)] != round else { continue }
            reached[Int(step)] = round
            switch automaton.steps[Int(step)] {
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .jump(let target): pending.append(target)
            case .start: if isAtStart { pending.append(step + 1) }
            case .end: if isAtEnd { pending.append(step + 1) }
            case .acceptRest:
                pending.removeAll(keepingCapacity: true)
                return true
            default: next.append(step)
            }
        }
        return false
    }
}
