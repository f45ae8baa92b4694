extension Pattern {
    /// Whether every event that another pattern matches is certain to match this one too.
    ///
    /// It compares what is written and does not reason: `true` is certain, and `false` may only mean that it cannot tell. Large patterns
    /// are not compared at all.
    public func covers(_ other: Pattern) -> Bool {
        if saysOnlyType, let types = other.typeLiterals { return types.allSatisfy { mayMatch(type: $0) } }
        guard branches.count * other.branches.count <= Self.comparableBranches else { return false }
        return other.branches.allSatisfy { branch in branches.contains { $0.covers(branch) } }
    }

    private static var comparableBranches: Int { 1_024 }

    private var saysOnlyType: Bool { branches.allSatisfy { $0.terms.count == 1 && $0.typeTerm != nil } }
}

extension Conjunction {
    /// Whether each condition here is one of the other's, or wider.
    fileprivate func covers(_ other: Conjunction) -> Bool {
        // Absence is judged in the array elements that the other conditions choose: more of those can change it either way.
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

    /// Whether each alternative of the other one is one of these.
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
    /// Equal scalar by scalar; `==` alone would take differently composed letters for one.
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

/// Finds those of many patterns that may cover another one, without a comparison with each.
///
/// A branch covers another one only if each of its leaves has all alternatives of one of the other's leaves. So a pattern is
/// filed, for each branch, under the alternatives of one leaf, and found by the first alternative of a leaf of the other.
package struct PatternCoverIndex {
    private struct Key: Hashable {
        let path: [String]
        let condition: Condition
    }

    private var ids: [Key: [Int]] = [:]
    private var unfiled: [Int] = []

    /// An empty index.
    package init() {}

    /// Adds a pattern under a number.
    package mutating func insert(_ pattern: Pattern, _ id: Int) {
        // A pattern that only says `type` covers by what it matches, and that need not be listed.
        let isListed = pattern.typeLiterals != nil || !pattern.branches.allSatisfy { $0.terms.allSatisfy(\.isType) }
        let leaves = pattern.branches.map { branch in
            branch.terms.compactMap { term in term.leaves.first.map { keys($0, term.path) } }
                .min { load(of: $0) < load(of: $1) } ?? []
        }
        guard isListed, leaves.allSatisfy({ !$0.isEmpty }) else {
            unfiled.append(id)
            return
        }
        for key in Set(leaves.joined()) { ids[key, default: []].append(id) }
    }

    /// The numbers of all patterns that may cover a pattern, in ascending order if they were added so.
    package func candidates(for pattern: Pattern) -> [Int] {
        guard let branch = pattern.branches.first else { return unfiled }
        var found = Set(unfiled)
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

    /// How many patterns are filed under the keys: the leaf that few others have tells the most.
    private func load(of keys: [Key]) -> Int { keys.reduce(0) { $0 + (ids[$1]?.count ?? 0) } }
}

extension Conjunction.Term {
    fileprivate var isType: Bool { path == ["type"] }
}
