public import ConfigSource
public import EventJSON

/// Finds the first condition, in source order, that keeps an event from matching a pattern.
///
/// The explainer uses the same matching code as a ``RuleSet``. For each combination of `$or` branches it compiles one
/// rule with the first condition, one with the first two conditions, and so on. The longest of these rules that matches
/// shows which condition fails next. Arrays and absent fields are therefore treated as in matching.
public struct PatternExplainer: Sendable {
    /// One combination of `$or` branches.
    private struct Branch: Sendable {
        /// Indices into ``PatternExplainer/conditions``, in source order.
        var conditions: [Int]
        /// The id of the rule with the first condition. The rules with the first two, three, … conditions follow.
        var prefixes: Int
        /// The id of the rule with the second condition only. The rules with only the third, fourth, … condition
        /// follow.
        var singles: Int
    }

    /// The pattern's conditions, in source order.
    public let conditions: [PatternCondition]
    private let branches: [Branch]
    private let rules: RuleSet

    /// Compiles the rules that explain a pattern.
    ///
    /// - Parameters:
    ///   - pattern: the pattern.
    ///   - plan: the fields that are scanned in each event.
    ///   - typeSlot: the slot of the field `type` in the plan.
    ///   - sessionField: as in ``RuleSet/init(_:plan:typeSlot:sessionField:)``.
    /// - Precondition: the plan has every path of the pattern's ``Pattern/fieldPaths``, except those that begin with
    ///   the session field.
    public init(_ pattern: Pattern, plan: FieldPlan, typeSlot: Int, sessionField: String? = nil) {
        var conditions: [PatternCondition] = []
        var numbers: [PatternCondition: Int] = [:]
        var branches: [Branch] = []
        var rules: [Conjunction] = []
        for leaves in Conjunction.branchLeaves(of: pattern.tree, []) {
            let steps = pattern.file == nil ? leaves : Self.inSourceOrder(leaves)
            var branch = Branch(conditions: [], prefixes: rules.count, singles: rules.count + steps.count)
            for (path, leaf) in steps {
                let slot = path[0] == sessionField ? nil : plan.slot(path)
                guard slot != nil || path[0] == sessionField else {
                    preconditionFailure("The plan was not made of the paths of the pattern: \(path) is missing.")
                }
                let location = pattern.file == nil ? nil : leaf.location
                let condition = PatternCondition(path: path, location: location, slot: slot)
                let number = numbers[condition] ?? conditions.count
                if number == conditions.count { conditions.append(condition) }
                numbers[condition] = number
                branch.conditions.append(number)
            }
            rules += steps.indices.map { Conjunction(Array(steps[...$0])) }
            rules += steps.dropFirst().map { Conjunction([$0]) }
            branches.append(branch)
        }
        self.conditions = conditions
        self.branches = branches
        self.rules = RuleSet(rules, plan: plan, typeSlot: typeSlot, sessionField: sessionField)
    }

    /// Decides the conditions on the session field for all following calls of ``miss(_:_:using:)``, as
    /// ``RuleSet/decide(_:in:)`` does.
    public func decide(_ session: RawSpan, in result: inout MatchResult) { rules.decide(session, in: &result) }

    private typealias Step = (path: [String], leaf: Leaf)

    private static func inSourceOrder(_ steps: [Step]) -> [Step] {
        steps.enumerated().sorted { first, second in
            let (left, right) = (first.element.leaf.location, second.element.leaf.location)
            return (left.line, left.column, first.offset) < (right.line, right.column, second.offset)
        }.map(\.element)
    }

    /// Explains why an event does not match; returns nil if it matches.
    ///
    /// - Parameters:
    ///   - slots: the event's fields, scanned with the plan of this explainer.
    ///   - text: the text of the same event.
    ///   - result: working memory. Its content is meaningless after the call.
    public func miss(_ slots: inout FieldSlots, _ text: RawSpan, using result: inout MatchResult) -> PatternMiss? {
        rules.match(&slots, text, into: &result)
        var furthest: PatternMiss?
        for branch in branches {
            let count = branch.conditions.count
            let held = (0..<count).last { result.ids.contains(sorted: branch.prefixes + $0) }.map { $0 + 1 } ?? 0
            if held == count { return nil }
            if let furthest, (furthest.held, furthest.held - furthest.total) >= (held, held - count) { continue }
            furthest = PatternMiss(
                condition: branch.conditions[held], held: held, total: count,
                holdsElsewhere: held > 0 && result.ids.contains(sorted: branch.singles + held - 1))
        }
        return furthest
    }
}

extension [Int] {
    /// Whether an ascending array contains a number.
    fileprivate func contains(sorted number: Int) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == number
    }
}

/// A condition of a pattern on one field.
public struct PatternCondition: Sendable, Hashable {
    /// The names on the path to the field.
    public let path: [String]
    /// The location of the field's name; nil for a pattern that was created in code.
    public let location: SourceLocation?
    /// The field's slot in the plan; nil if the field belongs to the session and not to the event.
    let slot: Int?

    /// Whether the condition is about the session and not about the event.
    public var isOnSession: Bool { slot == nil }

    /// The path, joined with dots.
    public var field: String { path.joined(separator: ".") }
}

/// The condition that an event failed, and how many conditions held before it.
public struct PatternMiss: Sendable, Hashable {
    /// The first condition that failed: an index into ``PatternExplainer/conditions``.
    public let condition: Int
    /// The number of conditions before the failed condition that held together. With `$or`, the combination of branches
    /// that got furthest counts.
    public let held: Int
    /// The number of conditions in that combination of branches.
    public let total: Int
    /// Whether the condition holds on its own, but not in an array element in which the conditions before it hold.
    public let holdsElsewhere: Bool
}
