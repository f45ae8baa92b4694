public import ConfigSource
public import EventJSON

/// Tells why an event does not match a pattern: the first condition, in the order in which they are written, that failed.
///
/// There is no second interpreter behind it. For every way through the pattern's `$or`s the first condition, the first two, and so
/// on up to all of them are rules of an ordinary ``RuleSet``: the longest of these rules that matches tells which condition failed,
/// arrays and absence included.
public struct PatternExplainer: Sendable {
    /// A way through the `$or`s.
    private struct Way: Sendable {
        /// Its conditions in the order in which they are written.
        var conditions: [Int]
        /// The rule of its first condition; those of its first two, three, … follow.
        var prefixes: Int
        /// The rule of its second condition alone; those of its third, fourth, … follow.
        var singles: Int
    }

    /// The pattern's conditions in the order in which they are written.
    public let conditions: [PatternCondition]
    private let ways: [Way]
    private let rules: RuleSet

    /// Compiles what explaining a pattern takes.
    ///
    /// - Parameters:
    ///   - pattern: the pattern.
    ///   - plan: the fields that are scanned.
    ///   - typeSlot: the slot of the field `type` in the plan.
    ///   - sessionField: as in ``RuleSet/init(_:plan:typeSlot:sessionField:)``.
    /// - Precondition: the plan has every path of the pattern's ``Pattern/fieldPaths``, but for those that begin with the session field.
    public init(_ pattern: Pattern, plan: FieldPlan, typeSlot: Int, sessionField: String? = nil) {
        var conditions: [PatternCondition] = []
        var numbers: [PatternCondition: Int] = [:]
        var ways: [Way] = []
        var rules: [Conjunction] = []
        for leaves in Conjunction.ways(through: pattern.tree, []) {
            let steps = pattern.file == nil ? leaves : Self.inSourceOrder(leaves)
            var way = Way(conditions: [], prefixes: rules.count, singles: rules.count + steps.count)
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
                way.conditions.append(number)
            }
            rules += steps.indices.map { Conjunction(Array(steps[...$0])) }
            rules += steps.dropFirst().map { Conjunction([$0]) }
            ways.append(way)
        }
        self.conditions = conditions
        self.ways = ways
        self.rules = RuleSet(rules, plan: plan, typeSlot: typeSlot, sessionField: sessionField)
    }

    /// Decides the conditions on the session field for all misses that follow, as ``RuleSet/decide(_:in:)`` does.
    public func decide(_ session: RawSpan, in result: inout MatchResult) { rules.decide(session, in: &result) }

    private typealias Step = (path: [String], leaf: Leaf)

    private static func inSourceOrder(_ steps: [Step]) -> [Step] {
        steps.enumerated().sorted { first, second in
            let (left, right) = (first.element.leaf.location, second.element.leaf.location)
            return (left.line, left.column, first.offset) < (right.line, right.column, second.offset)
        }.map(\.element)
    }

    /// Why an event does not match; nil when it matches.
    ///
    /// - Parameters:
    ///   - slots: the event's fields, as the plan of this explainer scanned them.
    ///   - text: the event's text, the very one that was scanned.
    ///   - result: the memory to work in; its content is of no use afterwards.
    public func miss(_ slots: inout FieldSlots, _ text: RawSpan, using result: inout MatchResult) -> PatternMiss? {
        rules.match(&slots, text, into: &result)
        var furthest: PatternMiss?
        for way in ways {
            let count = way.conditions.count
            let held = (0..<count).last { result.ids.contains(sorted: way.prefixes + $0) }.map { $0 + 1 } ?? 0
            if held == count { return nil }
            if let furthest, (furthest.held, furthest.held - furthest.total) >= (held, held - count) { continue }
            furthest = PatternMiss(
                condition: way.conditions[held], held: held, total: count,
                holdsElsewhere: held > 0 && result.ids.contains(sorted: way.singles + held - 1))
        }
        return furthest
    }
}

extension [Int] {
    /// Whether an ascending array holds a number.
    fileprivate func contains(sorted number: Int) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == number
    }
}

/// A condition of a pattern: what it says about one field in one place.
public struct PatternCondition: Sendable, Hashable {
    /// The names that lead to the field.
    public let path: [String]
    /// Where the field's name stands; nil for a pattern that was made in code.
    public let location: SourceLocation?
    /// The field's slot in the plan; nil if events do not have the field, because it is the session's.
    let slot: Int?

    /// Whether it is about the session and not about the event.
    public var isOnSession: Bool { slot == nil }

    /// The path with points between its names.
    public var field: String { path.joined(separator: ".") }
}

/// How far an event got in a pattern that it does not match.
public struct PatternMiss: Sendable, Hashable {
    /// The first condition that failed, by its place among ``PatternExplainer/conditions``.
    public let condition: Int
    /// How many conditions before it held together. Where there are `$or`s, these are those of the way that got furthest.
    public let held: Int
    /// How many conditions there are on that way.
    public let total: Int
    /// Whether the condition holds by itself, only not in an array element in which those before it hold.
    public let holdsElsewhere: Bool
}
