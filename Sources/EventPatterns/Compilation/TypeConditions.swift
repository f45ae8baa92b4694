import EventJSON

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
        let bytes = Array(type.utf8)
        var run = AutomatonRun()
        return branches.contains { leaves in
            leaves.allSatisfy { table.accepts($0, .string, bytes.span.bytes, &run) }
        }
    }
}
