/// A nondeterministic automaton over Unicode scalars (Thompson's construction).
///
/// All states that a text can reach are followed side by side, so that the time is at most proportional to the length of the
/// text times the number of states, whatever the expression: nobody's words can make it hang.
package struct Automaton: Sendable, Hashable {
    /// One step of the automaton.
    enum Step: Sendable, Hashable {
        /// Takes this scalar and goes to the next step.
        case scalar(UInt32)
        /// Takes a scalar of the set at this index.
        case set(Int32)
        /// Takes any scalar.
        case any
        /// Goes to both steps without taking anything.
        case split(Int32, Int32)
        /// Goes to another step without taking anything.
        case jump(Int32)
        /// Goes to the next step if nothing was taken yet.
        case start
        /// Goes to the next step if nothing is left to be taken.
        case end
        /// The whole text was taken, if it ends here.
        case accept
        /// Whatever else comes, the text is taken.
        case acceptRest
    }

    private(set) var steps: [Step] = []
    private(set) var sets: [ScalarSet] = []

    /// Builds the automaton of an expression that has to match a whole text.
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

    /// What ends in any number of any scalars is decided before the text ends. Nothing in front of such a tail leads into the
    /// middle of it.
    private mutating func shortenTail() {
        let start = steps.count - 4
        guard start >= 0, steps[start] == .split(Int32(start + 1), Int32(start + 3)), steps[start + 1] == .any,
            steps[start + 2] == .jump(Int32(start))
        else { return }
        steps[start] = .acceptRest
        steps.removeSubrange((start + 1)...)
    }
}
