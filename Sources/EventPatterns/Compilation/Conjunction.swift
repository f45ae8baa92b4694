/// Conditions on fields that all have to hold: a pattern without `$or`, or one combination of `$or` branches.
struct Conjunction: Sendable {
    /// The conditions on one field.
    struct Term: Sendable {
        var path: [String]
        /// Usually one. If a branch of `$or` repeats a field, the same value has to satisfy all the leaves.
        var leaves: [Leaf]

        /// The strings that a leaf lists; nil if no leaf lists only strings.
        var literals: [String]? {
            leaves.lazy.compactMap(\.literals).first
        }
    }

    var terms: [Term] = []

    /// The term on the event type, if there is one.
    var typeTerm: Term? { terms.first { $0.path == ["type"] } }

    /// Collects the leaves of each field into one term.
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

    /// Expands a pattern into one conjunction per combination of `$or` branches. The caller has checked that there are
    /// not too many.
    static func branches(of tree: FieldGroup) -> [Conjunction] {
        branchLeaves(of: tree, []).map { Conjunction($0) }
    }

    /// Expands a group into the leaves of each combination of `$or` branches.
    static func branchLeaves(of group: FieldGroup, _ path: [String]) -> [[(path: [String], leaf: Leaf)]] {
        var branches: [[(path: [String], leaf: Leaf)]] = [[]]
        for field in group.fields {
            let inner = path + [field.name]
            switch field.content {
            case .leaf(let leaf): for index in branches.indices { branches[index].append((inner, leaf)) }
            case .group(let group): branches = combine(branches, Self.branchLeaves(of: group, inner))
            }
        }
        for disjunction in group.disjunctions {
            branches = combine(branches, disjunction.branches.flatMap { Self.branchLeaves(of: $0, path) })
        }
        return branches
    }

    private static func combine<Element>(_ left: [[Element]], _ right: [[Element]]) -> [[Element]] {
        left.flatMap { first in right.map { first + $0 } }
    }
}

extension FieldGroup {
    /// The number of combinations of `$or` branches; `Int.max` on overflow.
    var branchCount: Int {
        var count = 1
        func multiply(_ factor: Int) {
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            count = overflow ? .max : product
        }
        for field in fields {
            if case .group(let group) = field.content { multiply(group.branchCount) }
        }
        for disjunction in disjunctions {
            multiply(
                disjunction.branches.reduce(0) { sum, branch in
                    let (total, overflow) = sum.addingReportingOverflow(branch.branchCount)
                    return overflow ? .max : total
                })
        }
        return count
    }
}

extension Leaf {
    /// The strings that the leaf lists; nil if it has any other alternative.
    var literals: [String]? {
        var texts: [String] = []
        for alternative in alternatives {
            guard case .string(let text) = alternative.condition else { return nil }
            texts.append(text)
        }
        return texts
    }
}
