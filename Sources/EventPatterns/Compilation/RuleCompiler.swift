import ConfigSource
import EventJSON

/// Compiles patterns into the flat arrays of a ``CompiledRuleSet``.
struct RuleCompiler {
    private let plan: FieldPlan
    private let typeSlot: Int
    private let sessionField: String?
    private(set) var ids: [Int] = []
    private(set) var conditions = ConditionTable()
    private(set) var leaves: [ConditionTable.CompiledLeaf] = []
    private(set) var fields: [CompiledField] = []
    /// Indices into `fields`; each group has a range of them.
    private(set) var members: [Int32] = []
    private(set) var groups: [CompiledGroup] = []
    private(set) var rules: [CompiledRule] = []
    /// The index key of each rule.
    private var keys: [RuleIndex.Key] = []
    /// The conditions on the session field, with the index of their rule.
    private(set) var sessionConditions: [(rule: Int, conditions: Conjunction)] = []

    /// - Parameter sessionField: The top-level field whose conditions are decided once per session, if any.
    init(plan: FieldPlan, typeSlot: Int, sessionField: String? = nil) {
        self.plan = plan
        self.typeSlot = typeSlot
        self.sessionField = sessionField
    }

    /// Adds a rule that matches if one of its branches does. Calls must come in ascending order of ids.
    mutating func append(_ branches: [Conjunction], id: Int) {
        if ids.last != id { ids.append(id) }
        for branch in branches { append(branch) }
    }

    private mutating func append(_ whole: Conjunction) {
        let (branch, ofSession) = whole.split(at: sessionField)
        if !ofSession.terms.isEmpty { sessionConditions.append((rules.count, ofSession)) }
        let start = fields.count
        let terms = branch.terms.sorted { $0.cost < $1.cost }
        for term in terms { fields.append(field(term)) }
        let made = start..<fields.count
        rules.append(
            CompiledRule(
                position: Int32(ids.count - 1), fields: CompactRange(made), groups: group(terms, from: start),
                allowsAbsence: fields[made].contains { $0.allowsAbsence }))
        keys.append(key(branch))
    }

    /// Groups the compiled fields of the terms by the first name of their paths.
    ///
    /// - Parameter start: The index of the first term's field in `fields`.
    private mutating func group(_ terms: [Conjunction.Term], from start: Int) -> CompactRange {
        let first = groups.count
        let order = terms.indices.sorted { terms[$0].precedes(terms[$1]) }
        for run in order.chunked(by: { terms[$0].isInGroup(of: terms[$1]) }) {
            members += run.map { Int32(start + $0) }
            groups.append(
                CompiledGroup(
                    members: CompactRange(members.count - run.count..<members.count),
                    allowsAbsence: run.contains { fields[start + $0].allowsAbsence }))
        }
        return CompactRange(first..<groups.count)
    }

    private mutating func field(_ term: Conjunction.Term) -> CompiledField {
        let start = leaves.count
        for leaf in term.leaves { leaves.append(conditions.append(leaf)) }
        return CompiledField(
            slot: Int32(slot(term.path)), leaves: CompactRange(start..<leaves.count),
            allowsAbsence: leaves[start...].allSatisfy(\.allowsAbsence), location: term.leaves[0].location)
    }

    private func slot(_ path: [String]) -> Int {
        guard let slot = plan.slot(path) else {
            preconditionFailure("The plan was not made of the paths of all patterns: \(path) is missing.")
        }
        return slot
    }

    /// Returns the event types of a rule, and the fields that an index lookup can use.
    private func key(_ branch: Conjunction) -> RuleIndex.Key {
        var key = RuleIndex.Key()
        for term in branch.terms {
            let slot = slot(term.path)
            if slot == typeSlot {
                key.types = term.literals
            } else if let texts = term.indexTexts, texts.count <= RuleIndex.probeLimit {
                key.fields.append(RuleIndex.Field(slot: Int32(slot), texts: texts))
            }
        }
        return key
    }

    /// Builds the index over all rules.
    func index() -> RuleIndex {
        RuleIndex(keys)
    }
}

extension Conjunction {
    /// Splits the terms into those on a top-level field or its content, and all others.
    fileprivate func split(at field: String?) -> (others: Conjunction, onField: Conjunction) {
        guard let field else { return (self, Conjunction([])) }
        var (others, onField) = (self, self)
        others.terms.removeAll { $0.path[0] == field }
        onField.terms.removeAll { $0.path[0] != field }
        return (others, onField)
    }
}

extension Conjunction.Term {
    /// Whether both paths begin with the same name.
    fileprivate func isInGroup(of other: Conjunction.Term) -> Bool {
        path[0].utf8.elementsEqual(other.path[0].utf8)
    }

    /// Orders paths by name.
    fileprivate func precedes(_ other: Conjunction.Term) -> Bool {
        path.lexicographicallyPrecedes(other.path) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The strings and prefixes of the first leaf that lists nothing else; nil if there is no such leaf.
    fileprivate var indexTexts: [RuleIndex.Text]? {
        leaves.lazy.compactMap { leaf in
            var texts: [RuleIndex.Text] = []
            for alternative in leaf.alternatives {
                switch alternative.condition {
                case .string(let text): texts.append(RuleIndex.Text(bytes: Array(text.utf8), isPrefix: false))
                case .prefix(let text): texts.append(RuleIndex.Text(bytes: Array(text.utf8), isPrefix: true))
                default: return nil
                }
            }
            return texts
        }.first
    }

    /// The order in which a rule's terms are tried: cheap and selective ones first. Lists of strings come first,
    /// automata and `exists` last.
    fileprivate var cost: Int {
        leaves.map { $0.alternatives.map(\.condition.cost).max() ?? 0 }.min() ?? 0
    }
}

extension Array {
    /// Splits the array where two adjacent elements do not belong together.
    fileprivate func chunked(by belongs: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
        var runs: [ArraySlice<Element>] = []
        var start = startIndex
        for index in indices where index == endIndex - 1 || !belongs(self[index], self[index + 1]) {
            runs.append(self[start...index])
            start = index + 1
        }
        return runs
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

/// One branch of a rule: conditions on fields that all have to hold.
struct CompiledRule: Sendable {
    /// Index into the set's rule ids, which are in ascending order.
    var position: Int32
    /// A range of `fields`, the cheapest one first.
    var fields: CompactRange
    /// A range of `groups`.
    var groups: CompactRange
    /// Whether `exists: false` is allowed for at least one field.
    var allowsAbsence: Bool
}

/// The fields of a rule whose paths begin with the same name.
///
/// Only such fields can be inside the same arrays.
struct CompiledGroup: Sendable {
    /// A range of `members`, in the order of the fields' paths.
    var members: CompactRange
    /// Whether `exists: false` is allowed for at least one of the fields.
    var allowsAbsence: Bool
}

/// The conditions on one field.
struct CompiledField: Sendable {
    /// The field's slot in the `FieldPlan`.
    var slot: Int32
    /// A range of `leaves`. One value has to satisfy all of them.
    var leaves: CompactRange
    /// Whether the field may have no value.
    var allowsAbsence: Bool
    /// The location of the field's name in the pattern.
    var location: SourceLocation
}
