/// Conditions on fields that all have to hold: a pattern without its `$or`s, or one way through them.
struct Conjunction: Sendable {
    /// What one field has to satisfy.
    struct Term: Sendable {
        var path: [String]
        /// Usually one. Several when a branch of a `$or` names a field again: one value then has to satisfy all of them.
        var leaves: [Leaf]

        /// The texts that the field may have, when one of its leaves lists them; nil otherwise.
        var literals: [String]? {
            leaves.lazy.compactMap(\.literals).first
        }
    }

    var terms: [Term] = []

    /// The term on the event type.
    var typeTerm: Term? { terms.first { $0.path == ["type"] } }

    /// A term for each field, in which all that is said about it comes together.
    init(_ leaves: [(path: [String], leaf: Leaf)]) {
        for (path, leaf) in leaves {
            if let index = terms.firstIndex(where: { Self.isSame($0.path, path) }) {
                terms[index].leaves.append(leaf)
            } else {
                terms.append(Term(path: path, leaves: [leaf]))
            }
        }
    }

    /// Whether two paths have the same names, scalar by scalar.
    private static func isSame(_ left: [String], _ right: [String]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    /// All ways through a pattern's `$or`s. The caller has checked that there are not too many.
    static func branches(of tree: FieldGroup) -> [Conjunction] {
        ways(through: tree, []).map { Conjunction($0) }
    }

    /// The conditions along each way through a tree's `$or`s.
    static func ways(through group: FieldGroup, _ path: [String]) -> [[(path: [String], leaf: Leaf)]] {
        var ways: [[(path: [String], leaf: Leaf)]] = [[]]
        for field in group.fields {
            let inner = path + [field.name]
            switch field.content {
            case .leaf(let leaf): for index in ways.indices { ways[index].append((inner, leaf)) }
            case .group(let group): ways = combine(ways, Self.ways(through: group, inner))
            }
        }
        for choice in group.choices {
            ways = combine(ways, choice.branches.flatMap { Self.ways(through: $0, path) })
        }
        return ways
    }

    private static func combine<Element>(_ left: [[Element]], _ right: [[Element]]) -> [[Element]] {
        left.flatMap { first in right.map { first + $0 } }
    }
}

extension FieldGroup {
    /// How many ways there are through the `$or`s; `Int.max` when they cannot be counted.
    var branchCount: Int {
        var count = 1
        func multiply(_ factor: Int) {
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            count = overflow ? .max : product
        }
        for field in fields {
            if case .group(let group) = field.content { multiply(group.branchCount) }
        }
        for choice in choices {
            multiply(
                choice.branches.reduce(0) { sum, branch in
                    let (total, overflow) = sum.addingReportingOverflow(branch.branchCount)
                    return overflow ? .max : total
                })
        }
        return count
    }
}

extension Leaf {
    /// The texts that it lists; nil when it takes anything else as well.
    var literals: [String]? {
        var texts: [String] = []
        for alternative in alternatives {
            guard case .string(let text) = alternative.condition else { return nil }
            texts.append(text)
        }
        return texts
    }
}
