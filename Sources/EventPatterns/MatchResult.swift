import LinearExpressions

/// The rules that an event matches.
///
/// A result is also the working memory of matching: create one, and pass it to each ``RuleSet/match(_:_:into:)``. It
/// grows to the size that the rules and events need; from then on matching does not allocate.
public struct MatchResult: Sendable {
    /// The ids of the matching rules, in ascending order.
    public private(set) var ids: [Int] = []

    /// For each compiled rule, the generation in which it was last tried, or ``disabled`` if its conditions on the
    /// session do not hold.
    private var triedIn: [UInt64] = []
    /// For each rule id, by position, the generation in which it last matched.
    private var matchedIn: [UInt64] = []
    /// The positions of the matching rule ids, in the order of discovery.
    private var positions: [Int32] = []
    /// The number of the current event. Comparing with it makes clearing the arrays for each event unnecessary.
    private var generation: UInt64 = 0
    var selection = ElementSelection()
    var run = AutomatonRun()

    /// A generation that is never reached. A disabled rule thus counts as already tried, at no cost per event.
    private static let disabled = UInt64.max

    /// Creates an empty result.
    public init() {}

    /// Whether no rule matches.
    public var isEmpty: Bool { ids.isEmpty }

    /// Prepares for matching a new event.
    @inline(__always)
    mutating func begin() {
        // Most events match nothing, and clearing even an empty array is measurable here.
        if !ids.isEmpty { ids.removeAll(keepingCapacity: true) }
        generation &+= 1
    }

    /// Grows the working memory to the numbers of compiled rules and of rule ids. Must be called before
    /// ``shouldTry(_:_:)``.
    @inline(__always)
    mutating func makeRoom(rules: Int, ids: Int, disabledRules: @autoclosure () -> [Int]) {
        if triedIn.count < rules { growTriedIn(to: rules, disabledRules()) }
        if matchedIn.count < ids { Self.grow(&matchedIn, to: ids) }
    }

    @inline(never)
    private mutating func growTriedIn(to count: Int, _ disabledRules: [Int]) {
        Self.grow(&triedIn, to: count)
        for rule in disabledRules { triedIn[rule] = Self.disabled }
    }

    /// Disables some of the rules that depend on the session, and enables the others.
    mutating func disable(_ rules: Set<Int>, of dependents: [Int]) {
        for rule in dependents { triedIn[rule] = rules.contains(rule) ? Self.disabled : 0 }
    }

    private static func grow(_ array: inout [UInt64], to count: Int) {
        array.append(contentsOf: repeatElement(0, count: count - array.count))
    }

    /// Marks a compiled rule as tried; returns false if it need not be tried again for this event.
    mutating func shouldTry(_ rule: Int, _ position: Int32) -> Bool {
        guard triedIn[rule] < generation, matchedIn[Int(position)] != generation else { return false }
        triedIn[rule] = generation
        return true
    }

    /// Records that a rule matches.
    mutating func add(_ position: Int32) {
        matchedIn[Int(position)] = generation
        positions.append(position)
    }

    /// Completes the matching of an event: fills ``ids`` in ascending order.
    @inline(__always)
    mutating func finish(ids ruleIDs: @autoclosure () -> [Int]) {
        if !positions.isEmpty { listIDs(ruleIDs()) }
    }

    @inline(never)
    private mutating func listIDs(_ ruleIDs: [Int]) {
        if positions.count > 1 { sortPositions() }
        for position in positions { ids.append(ruleIDs[Int(position)]) }
        positions.removeAll(keepingCapacity: true)
    }

    /// Sorts by insertion: there are few positions, nearly in order, and unlike `sort` this never allocates. For more
    /// than 64 positions, scanning all rules is faster.
    private mutating func sortPositions() {
        guard positions.count <= 64 else {
            positions.removeAll(keepingCapacity: true)
            for position in matchedIn.indices where matchedIn[position] == generation {
                positions.append(Int32(position))
            }
            return
        }
        for index in 1..<positions.count {
            let position = positions[index]
            var target = index
            while target > 0, positions[target - 1] > position {
                positions[target] = positions[target - 1]
                target -= 1
            }
            positions[target] = position
        }
    }
}
