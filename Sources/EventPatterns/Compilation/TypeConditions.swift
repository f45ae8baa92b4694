import EventJSON
import LinearExpressions

/// What a pattern demands of the event type alone, compiled: lints ask it for every type that there is.
struct TypeConditions: Sendable {
    private var table = ConditionTable()
    /// For each branch its leaves; nil when the pattern has a branch that says nothing of the type.
    private var branches: [[ConditionTable.CompiledLeaf]]? = []

    /// Takes the conditions on the type out of a pattern's branches.
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

    /// Whether an event of this type satisfies them.
    func allow(_ type: String) -> Bool {
        guard let branches else { return true }
        var run = AutomatonRun()
        return branches.contains { table.accept($0, type, &run) }
    }
}

extension ConditionTable {
    /// Whether a text satisfies all of some leaves.
    fileprivate func accept(_ leaves: [CompiledLeaf], _ text: String, _ run: inout AutomatonRun) -> Bool {
        let bytes = Array(text.utf8)
        return leaves.allSatisfy { accepts($0, .string, bytes.span.bytes, &run) }
    }
}

extension Conjunction {
    /// Whether an event could match that has these texts in fields at its top, its other fields left aside.
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
