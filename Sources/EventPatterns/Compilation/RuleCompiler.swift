import ConfigSource
import EventJSON

/// Turns patterns into the flat arrays of a ``RuleSet``.
struct RuleCompiler {
    private let plan: FieldPlan
    private let typeSlot: Int
    private let sessionField: String?
    private(set) var ids: [Int] = []
    private(set) var conditions = ConditionTable()
    private(set) var leaves: [ConditionTable.CompiledLeaf] = []
    private(set) var fields: [CompiledField] = []
    /// The fields of the groups, by index.
    private(set) var members: [Int32] = []
    private(set) var groups: [CompiledGroup] = []
    private(set) var rules: [CompiledRule] = []
    /// For each rule what makes it a candidate.
    private var keys: [RuleIndex.Key] = []
    /// The conditions of rules on the session field, by the rule's place.
    private(set) var sessionConditions: [(rule: Int, conditions: Conjunction)] = []

    /// - Parameter sessionField: The field at the top whose conditions are decided once a session, if any.
    init(plan: FieldPlan, typeSlot: Int, sessionField: String? = nil) {
        self.plan = plan
        self.typeSlot = typeSlot
        self.sessionField = sessionField
    }

    /// Adds a rule that holds when one of its branches does. Ids come in ascending order.
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
                position: Int32(ids.count - 1), fields: Slice(made), groups: group(terms, from: start),
                allowsAbsence: fields[made].contains { $0.allowsAbsence }))
        keys.append(key(branch))
    }

    /// Groups the fields that terms became, the first of them at an index, by the name with which their paths begin.
    private mutating func group(_ terms: [Conjunction.Term], from start: Int) -> Slice {
        let first = groups.count
        let order = terms.indices.sorted { terms[$0].precedes(terms[$1]) }
        for run in order.chunked(by: { terms[$0].isInGroup(of: terms[$1]) }) {
            members += run.map { Int32(start + $0) }
            groups.append(
                CompiledGroup(
                    members: Slice(members.count - run.count..<members.count),
                    allowsAbsence: run.contains { fields[start + $0].allowsAbsence }))
        }
        return Slice(first..<groups.count)
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

    /// The event types of a rule, and the fields that tell by a few texts whether it can match.
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

    /// The index over all rules.
    func index() -> RuleIndex {
        RuleIndex(keys)
    }
}

extension Conjunction {
    /// The terms on other fields, and those on a field at the top or inside it.
    fileprivate func split(at field: String?) -> (others: Conjunction, onField: Conjunction) {
        guard let field else { return (self, Conjunction([])) }
        var (others, onField) = (self, self)
        others.terms.removeAll { $0.path[0] == field }
        onField.terms.removeAll { $0.path[0] != field }
        return (others, onField)
    }
}

extension Conjunction.Term {
    /// Whether its path begins with the same name as that of another one.
    fileprivate func isInGroup(of other: Conjunction.Term) -> Bool {
        path[0].utf8.elementsEqual(other.path[0].utf8)
    }

    /// The order of paths, name by name.
    fileprivate func precedes(_ other: Conjunction.Term) -> Bool {
        path.lexicographicallyPrecedes(other.path) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The texts and prefixes of which a value has one, when one of the leaves lists nothing else.
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

    /// How dear it is to try, and how little it tells: lists of texts first, automata and absence last.
    fileprivate var cost: Int {
        leaves.map { $0.alternatives.map(\.condition.cost).max() ?? 0 }.min() ?? 0
    }
}

extension Array {
    /// The longest runs in which each element belongs to the one before.
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

/// One way to satisfy a rule: conditions on fields that all have to hold.
struct CompiledRule: Sendable {
    /// The rule's place among the rules of its set, in ascending order of their ids.
    var position: Int32
    /// Its fields, the cheapest to try first.
    var fields: Slice
    /// Its groups of fields that can share arrays.
    var groups: Slice
    /// Whether some field may be absent.
    var allowsAbsence: Bool
}

/// Fields that begin with the same name, and so can lie in the same arrays; other fields never do.
struct CompiledGroup: Sendable {
    /// A run of members: fields, in the order of their paths.
    var members: Slice
    /// Whether some of them may be absent.
    var allowsAbsence: Bool
}

/// The conditions on one field.
struct CompiledField: Sendable {
    /// Where its values are in the slots.
    var slot: Int32
    /// A run of leaves; one value has to satisfy all of them.
    var leaves: Slice
    /// Whether the field may have no value.
    var allowsAbsence: Bool
    /// Where the field stands in its pattern.
    var location: SourceLocation
}
