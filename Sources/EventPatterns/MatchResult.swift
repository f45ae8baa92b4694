import LinearExpressions

/// Which rules an event matches.
///
/// Also the memory that matching works in: make one, and pass it to every ``RuleSet/match(_:_:into:)``. It grows to what the rules
/// and events need, and then no match allocates anything.
public struct MatchResult: Sendable {
    /// The ids of the rules that match, ascending.
    public private(set) var ids: [Int] = []

    /// For each compiled rule the round in which it was tried; ``disabled`` if its conditions on the session do not hold.
    private var tried: [UInt64] = []
    /// For each rule, by position, the round in which it matched.
    private var matched: [UInt64] = []
    /// The positions of the rules that match, in the order in which they were found.
    private var positions: [Int32] = []
    private var round: UInt64 = 0
    var choice = ElementChoice()
    var run = AutomatonRun()

    /// A round that never comes: a disabled rule counts as tried in every round, so that a match takes no more steps for it.
    private static let disabled = UInt64.max

    /// An empty result.
    public init() {}

    /// Whether no rule matches.
    public var isEmpty: Bool { ids.isEmpty }

    /// Starts with an event.
    @inline(__always)
    mutating func begin() {
        // Most events match nothing, and emptying an empty array takes its time.
        if !ids.isEmpty { ids.removeAll(keepingCapacity: true) }
        round &+= 1
    }

    /// Called before the first rule of a table is tried.
    @inline(__always)
    mutating func makeRoom(_ table: RuleTable) {
        if tried.count < table.rules.count { growTried(table) }
        if matched.count < table.ids.count { Self.grow(&matched, to: table.ids.count) }
    }

    @inline(never)
    private mutating func growTried(_ table: RuleTable) {
        Self.grow(&tried, to: table.rules.count)
        for rule in table.sessionRules?.dependents ?? [] { tried[rule] = Self.disabled }
    }

    /// Disables some rules of a table that depend on the session, and enables the others that do.
    mutating func disable(_ rules: Set<Int>, of dependents: [Int], _ table: RuleTable) {
        makeRoom(table)
        for rule in dependents { tried[rule] = rules.contains(rule) ? Self.disabled : 0 }
    }

    private static func grow(_ array: inout [UInt64], to count: Int) {
        array.append(contentsOf: repeatElement(0, count: count - array.count))
    }

    /// Whether a compiled rule is still to be tried; it then counts as tried.
    mutating func shouldTry(_ rule: Int, _ position: Int32) -> Bool {
        guard tried[rule] < round, matched[Int(position)] != round else { return false }
        tried[rule] = round
        return true
    }

    /// Notes that a rule matches.
    mutating func add(_ position: Int32) {
        matched[Int(position)] = round
        positions.append(position)
    }

    /// Ends an event: puts the ids in order.
    @inline(__always)
    mutating func finish(_ table: RuleTable) {
        if !positions.isEmpty { listIDs(table) }
    }

    @inline(never)
    private mutating func listIDs(_ table: RuleTable) {
        if positions.count > 1 { sortPositions() }
        for position in positions { ids.append(table.ids[Int(position)]) }
        positions.removeAll(keepingCapacity: true)
    }

    /// Few match, and they are nearly in order: inserting is the quickest, and unlike `sort` it never allocates. When many match,
    /// looking at all rules is quicker.
    private mutating func sortPositions() {
        guard positions.count <= 64 else {
            positions.removeAll(keepingCapacity: true)
            for position in matched.indices where matched[position] == round { positions.append(Int32(position)) }
            return
        }
        for index in 1..<positions.count {
            let position = positions[index]
            var place = index
            while place > 0, positions[place - 1] > position {
                positions[place] = positions[place - 1]
                place -= 1
            }
            positions[place] = position
        }
    }
}
