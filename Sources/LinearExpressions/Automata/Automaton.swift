/// A nondeterministic automaton over Unicode scalars (Thompson's construction).
///
/// A run follows all reachable states in parallel. Its time is at most proportional to the length of the text times the
/// number of states, whatever the expression, so no input can make it hang.
package struct Automaton: Sendable, Hashable {
    /// One step of the automaton.
    enum Step: Sendable, Hashable {
        /// Consumes this scalar and continues at the next step.
        case scalar(UInt32)
        /// Consumes a scalar of the set at this index and continues at the next step.
        case set(Int32)
        /// Consumes any scalar and continues at the next step.
        case any
        /// Continues at both steps without consuming a scalar.
        case split(Int32, Int32)
        /// Continues at another step without consuming a scalar.
        case jump(Int32)
        /// Continues at the next step if no scalar has been consumed yet.
        case start
        /// Continues at the next step if no scalar is left.
        case end
        /// Accepts the text if it ends here.
        case accept
        /// Accepts the text, whatever follows.
        case acceptRest
    }

    private(set) var steps: [Step] = []
    private(set) var sets: [ScalarSet] = []

    /// Builds the automaton of an expression that must match the whole text.
    init(_ expression: Expression) throws(ExpressionError) {
        try append(expression)
        steps.append(.accept)
        shortenTail()
    }

    private mutating func emit(_ step: Step) throws(ExpressionError) {
        guard steps.count < ExpressionLimits.states else {
            throw ExpressionError(
                "the expression is too large: its automaton has more than \(ExpressionLimits.states) states",
                help: "lower the counts in `{…}`")
        }
        steps.append(step)
    }

    private mutating func append(_ expression: Expression) throws(ExpressionError) {
        switch expression {
        case .scalar(let scalar): try emit(.scalar(scalar))
        case .any: try emit(.any)
        case .start: try emit(.start)
        case .end: try emit(.end)
        case .set(let set):
            try emit(.set(Int32(sets.count)))
            sets.append(set)
        case .sequence(let parts):
            for part in parts { try append(part) }
        case .alternatives(let choices): try append(alternatives: choices)
        case .repeated(let part, let least, let most):
            for _ in 0..<least { try append(part) }
            if let most {
                try append(part, atMost: most - least)
            } else {
                try append(anyNumberOf: part)
            }
        }
    }

    private mutating func append(alternatives choices: [Expression]) throws(ExpressionError) {
        var jumps: [Int] = []
        for (index, choice) in choices.enumerated() {
            let isLast = index == choices.count - 1
            let split = steps.count
            if !isLast { try emit(.split(0, 0)) }
            try append(choice)
            guard !isLast else { continue }
            jumps.append(steps.count)
            try emit(.jump(0))
            steps[split] = .split(Int32(split + 1), Int32(steps.count))
        }
        for jump in jumps { steps[jump] = .jump(Int32(steps.count)) }
    }

    private mutating func append(_ part: Expression, atMost count: Int) throws(ExpressionError) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(steps.count)
            try emit(.split(0, 0))
            try append(part)
        }
        for split in splits { steps[split] = .split(Int32(split + 1), Int32(steps.count)) }
    }

    private mutating func append(anyNumberOf part: Expression) throws(ExpressionError) {
        let split = steps.count
        try emit(.split(0, 0))
        try append(part)
        try emit(.jump(Int32(split)))
        steps[split] = .split(Int32(split + 1), Int32(steps.count))
    }

    /// Replaces a trailing `.*` by `acceptRest`, so that a match is known before the text ends. No step before the tail
    /// leads into the middle of it.
    private mutating func shortenTail() {
        let start = steps.count - 4
        guard start >= 0, steps[start] == .split(Int32(start + 1), Int32(start + 3)), steps[start + 1] == .any,
            steps[start + 2] == .jump(Int32(start))
        else { return }
        steps[start] = .acceptRest
        steps.removeSubrange((start + 1)...)
    }
}
