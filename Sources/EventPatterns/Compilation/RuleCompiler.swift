import EventJSON

/// Turns patterns into the flat arrays of a ``RuleSet``.
struct RuleCompiler {
    private let plan: FieldPlan
    private let typeSlot: Int
    private(set) var ids: [Int] = []
    private(set) var conditions = ConditionTable()
    private(set) var leaves: [ConditionTable.CompiledLeaf] = []
    private(set) var fields: [CompiledField] = []
    private(set) var rules: [CompiledRule] = []
    /// For each rule what makes it a candidate.
    private var keys: [RuleIndex.Key] = []

    init(plan: FieldPlan, typeSlot: Int) {
        self.plan = plan
        self.typeSlot = typeSlot
    }

    /// Adds a pattern. Ids come in ascending order.
    mutating func append(_ pattern: Pattern, id: Int) {
        if ids.last != id { ids.append(id) }
        for branch in pattern.branches { append(branch) }
    }

    private mutating func append(_ branch: Conjunction) {
        let start = fields.count
        for term in branch.terms.sorted(by: { $0.cost < $1.cost }) { fields.append(field(term)) }
        let made = start..<fields.count
        rules.append(
            CompiledRule(
                position: Int32(ids.count - 1), fields: Slice(made),
                allowsAbsence: fields[made].contains { $0.allowsAbsence }))
        keys.append(key(branch))
    }

    private mutating func field(_ term: Conjunction.Term) -> CompiledField {
        let start = leaves.count
        for leaf in term.leaves { leaves.append(conditions.append(leaf)) }
        return CompiledField(
            slot: Int32(slot(term.path)), leaves: Slice(start..<leaves.count),
            allowsAbsence: leaves[start...].allSatisfy(\.allowsAbsence), location: term.leaves[0].location)
    }

    private func slot(_ path: [String]) -> Int {
        guard let slot = plan.slot(path) else {
            preconditionFailure("The plan was not made of the paths of all patterns: \(path) is missing.")
        }
        return slot
    }

    /// The event types of a rule, and the field whose texts tell best whether it can match.
    private func key(_ branch: Conjunction) -> RuleIndex.Key {
        let isType = { (term: Conjunction.Term) in self.slot(term.path) == typeSlot }
        let probe = branch.terms.filter { !isType($0) && ($0.literals?.count ?? .max) <= RuleIndex.probeLimit }
            .min { ($0.literals?.count ?? 0) < ($1.literals?.count ?? 0) }
        return RuleIndex.Key(
            types: branch.terms.first(where: isType)?.literals,
            probe: probe.flatMap { term in term.literals.map { (Int32(slot(term.path)), $0) } })
    }

    /// The index over all rules.
    func index() -> RuleIndex {
        RuleIndex(keys)
    }
}

extension Conjunction.Term {
    /// How dear it is to try, and how little it tells: lists of texts first, automata and absence last.
    fileprivate var cost: Int {
        leaves.map { $0.alternatives.map(\.condition.cost).max() ?? 0 }.min() ?? 0
    }
}

extension Condition {
    fileprivate var cost: Int {
        switch self {
        case .string, .null, .bool: 0
        case .number, .prefix, .suffix: 1
        case .numeric, .equalsIgnoringCase, .prefixIgnoringCase, .suffixIgnoringCase, .cidr: 2
        case .anythingBut: 3
        case .wildcard, .regexp, .phrase: 4
        case .exists: 5
        }
    }
}
