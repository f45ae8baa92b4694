import EventJSON
import LinearExpressions

/// The conditions of a pattern on the event type, compiled.
///
/// Lints evaluate them for every known event type.
struct TypeConditions: Sendable {
    private var table = ConditionTable()
    /// The leaves of each branch; nil if some branch has no condition on the type.
    private var branches: [[ConditionTable.CompiledLeaf]]? = []

    /// Compiles the conditions on the type in a pattern's branches.
    init(_ branches: [Conjunction]) {
        for branch in branches {
            guard let term = branch.typeTerm else {
                self.branches = nil
                return
            }
            let leaves = term.leaves.map { table.append($0) }
            self.branches?.append(leaves)
        }
    }

    /// Whether an event of a type can match.
    func allow(_ type: String) -> Bool {
        guard let branches else { return true }
        var run = AutomatonRun()
        return branches.contains { table.accept($0, type, &run) }
    }
}

extension ConditionTable {
    /// Whether a text satisfies all leaves.
    fileprivate func accept(_ leaves: [CompiledLeaf], _ text: String, _ run: inout AutomatonRun) -> Bool {
        let bytes = Array(text.utf8)
        return leaves.allSatisfy { accepts($0, .string, bytes.span.bytes, &run) }
    }
}

extension Conjunction {
    /// Whether an event with these texts in top-level fields can match, whatever its other fields are.
    func mayMatch(_ texts: KeyValuePairs<String, String>) -> Bool {
        var table = ConditionTable()
        var run = AutomatonRun()
        return texts.allSatisfy { name, text in
            guard let term = terms.first(where: { $0.path == [name] }) else { return true }
            let leaves = term.leaves.map { table.append($0) }
            return table.accept(leaves, text, &run)
        }
    }
}
