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
