import ConfigSource

/// Warns about patterns that are valid but probably not what the author meant.
struct PatternLints {
    let file: SourceFile?
    let diagnostics: Diagnostics

    /// Checks each field of a pattern.
    func check(_ group: FieldGroup) {
        for field in group.fields {
            switch field.content {
            case .group(let inner): check(inner)
            case .leaf(let leaf):
                checkNegations(leaf, field.name)
                checkExistence(leaf, field.name)
            }
        }
        for branch in group.disjunctions.lazy.flatMap(\.branches) { check(branch) }
    }

    /// Checks whether a `$or` branch contradicts the conditions outside the `$or`.
    func check(_ branches: [Conjunction]) {
        var reported: Set<SourceLocation> = []
        for term in branches.lazy.flatMap(\.terms) where term.leaves.count > 1 {
            let texts = term.leaves.compactMap(\.literals).map { Set($0.map { Array($0.utf8) }) }
            guard let first = texts.first, texts.dropFirst().reduce(first, { $0.intersection($1) }).isEmpty,
                let location = term.leaves.last?.location, reported.insert(location).inserted
            else { continue }
            warn(
                "no value of \(quoted(term.path.joined(separator: "."))) can satisfy both this condition and the one outside the `$or`",
                at: location, help: "a branch adds conditions to those outside the `$or`: remove one of the two")
        }
    }

    private func checkNegations(_ leaf: Leaf, _ name: String) {
        var excluded: [Condition] = []
        var count = 0
        for alternative in leaf.alternatives {
            guard case .anythingBut(let conditions) = alternative.condition else { continue }
            excluded += conditions
            count += 1
            if count == 2 {
                warn(
                    "one of several `anything-but` is enough: together they match nearly every value of \(quoted(name))",
                    at: alternative.location, help: "put the values into one: `[{anything-but: [a, b]}]`")
            }
        }
        let contradiction = leaf.alternatives.first { alternative in
            excluded.contains { $0.isSame(as: alternative.condition) }
        }
        guard count == 1, let contradiction else { return }
        warn(
            "the `anything-but` beside this value excludes it", at: contradiction.location,
            help: "one matching alternative is enough, so the value is not excluded: remove it in one of the two places"
        )
    }

    private func checkExistence(_ leaf: Leaf, _ name: String) {
        guard leaf.alternatives.count > 1,
            let any = leaf.alternatives.first(where: { $0.condition == .exists(true) })
        else { return }
        let mayBeAbsent = leaf.alternatives.contains { $0.condition == .exists(false) }
        warn(
            mayBeAbsent
                ? "\(quoted(name)) may be present or absent: this always holds"
                : "`exists: true` takes every value of \(quoted(name)): the other alternatives have no effect",
            at: any.location, help: mayBeAbsent ? "leave the field out" : "remove it, or the other alternatives")
    }

    private func warn(_ message: String, at location: SourceLocation, help: String) {
        diagnostics.warning(message, at: file == nil ? nil : location, in: file, help: help)
    }
}
