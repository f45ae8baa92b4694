extension Pattern {
    /// Whether this pattern matches every event that another pattern matches.
    ///
    /// The comparison is syntactic: true is certain, and false can also mean that it could not be determined. Large
    /// patterns are not compared.
    public func covers(_ other: Pattern) -> Bool {
        if constrainsOnlyType, let types = other.typeLiterals { return types.allSatisfy { mayMatch(type: $0) } }
        guard branches.count * other.branches.count <= Self.maxComparisons else { return false }
        return other.branches.allSatisfy { branch in branches.contains { $0.covers(branch) } }
    }

    private static var maxComparisons: Int { 1_024 }

    private var constrainsOnlyType: Bool { branches.allSatisfy { $0.terms.count == 1 && $0.typeTerm != nil } }
}

extension Conjunction {
    /// Whether each leaf here contains all alternatives of a leaf of the other conjunction.
    fileprivate func covers(_ other: Conjunction) -> Bool {
        // Whether a field counts as absent depends on the array elements that the other conditions select. Additional
        // conditions can change that either way.
        if terms.contains(where: { $0.leaves.contains(where: \.allowsAbsence) }), terms.count != other.terms.count {
            return false
        }
        return terms.allSatisfy { term in
            other.terms.contains { candidate in
                candidate.isOnSameField(as: term)
                    && term.leaves.allSatisfy { leaf in candidate.leaves.contains { leaf.covers($0) } }
            }
        }
    }
}

extension Conjunction.Term {
    fileprivate func isOnSameField(as other: Conjunction.Term) -> Bool {
        path.count == other.path.count && zip(path, other.path).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
}

extension Leaf {
    fileprivate var allowsAbsence: Bool { alternatives.contains { $0.condition == .exists(false) } }

    /// Whether each alternative of the other leaf is also one of this leaf.
    fileprivate func covers(_ other: Leaf) -> Bool {
        guard alternatives.count * other.alternatives.count <= 10_000, allowsAbsence == other.allowsAbsence else {
            return false
        }
        return other.alternatives.allSatisfy { alternative in
            alternatives.contains { $0.condition.isSame(as: alternative.condition) }
        }
    }
}

extension Condition {
    /// Compares strings by scalars. `==` would treat differently composed characters as equal.
    func isSame(as other: Condition) -> Bool {
        switch (self, other) {
        case (.string(let left), .string(let right)), (.prefix(let left), .prefix(let right)),
            (.suffix(let left), .suffix(let right)),
            (.equalsIgnoringCase(let left), .equalsIgnoringCase(let right)),
            (.prefixIgnoringCase(let left), .prefixIgnoringCase(let right)),
            (.suffixIgnoringCase(let left), .suffixIgnoringCase(let right)):
            left.utf8.elementsEqual(right.utf8)
        case (.anythingBut(let left), .anythingBut(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        default: self == other
        }
    }
}

/// Finds the patterns that can cover another pattern, without comparing every pattern with it.
///
/// A branch can cover another branch only if each of its leaves contains all alternatives of one of the other branch's
/// leaves. For each branch of an inserted pattern, the index therefore has one entry per alternative of one leaf. A
/// lookup uses the first alternative of each leaf of the other pattern.
package struct PatternCoverIndex {
    private struct Key: Hashable {
        let path: [String]
        let condition: Condition
    }

    private var ids: [Key: [Int]] = [:]
    private var unindexed: [Int] = []

    /// An empty index.
    package init() {}

    /// Adds a pattern with an id.
    package mutating func insert(_ pattern: Pattern, _ id: Int) {
        // If a pattern constrains only the type, ``Pattern/covers(_:)`` evaluates its conditions instead of comparing
        // alternatives. Such a pattern must be a candidate for every type unless it lists its types.
        let isListed = pattern.typeLiterals != nil || !pattern.branches.allSatisfy { $0.terms.allSatisfy(\.isType) }
        let leaves = pattern.branches.map { branch in
            branch.terms.compactMap { term in term.leaves.first.map { keys($0, term.path) } }
                .min { entryCount(of: $0) < entryCount(of: $1) } ?? []
        }
        guard isListed, leaves.allSatisfy({ !$0.isEmpty }) else {
            unindexed.append(id)
            return
        }
        for key in Set(leaves.joined()) { ids[key, default: []].append(id) }
    }

    /// Returns the ids of all patterns that can cover a pattern, in ascending order.
    package func candidates(for pattern: Pattern) -> [Int] {
        guard let branch = pattern.branches.first else { return unindexed }
        var found = Set(unindexed)
        for term in branch.terms {
            for alternative in term.leaves.lazy.compactMap(\.alternatives.first) {
                found.formUnion(ids[Key(path: term.path, condition: alternative.condition)] ?? [])
            }
        }
        return found.sorted()
    }

    private func keys(_ leaf: Leaf, _ path: [String]) -> [Key] {
        leaf.alternatives.map { Key(path: path, condition: $0.condition) }
    }

    /// The number of patterns under the keys. The leaf with the fewest is the most selective.
    private func entryCount(of keys: [Key]) -> Int { keys.reduce(0) { $0 + (ids[$1]?.count ?? 0) } }
}

extension Conjunction.Term {
    fileprivate var isType: Bool { path == ["type"] }
}
