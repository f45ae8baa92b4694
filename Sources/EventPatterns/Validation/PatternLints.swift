import ConfigSource

/// Warns of patterns that are valid and hardly mean what they say.
struct PatternLints {
    let file: SourceFile?
    let diagnostics: Diagnostics

    /// Looks through a whole pattern.
    func check(_ group: FieldGroup) {
        for field in group.fields {
            switch field.content {
            case .group(let inner): check(inner)
            case .leaf(let leaf):
                checkNegations(leaf, field.name)
                checkExistence(leaf, field.name)
            }
        }
        for branch in group.choices.lazy.flatMap(\.branches) { check(branch) }
    }

    /// Looks at what the branches of a `$or` say about fields outside it.
    func check(_ branches: [Conjunction]) {
        var reported: Set<SourceLocation> = []
        for term in branches.lazy.flatMap(\.terms) where term.leaves.count > 1 {
            let texts = term.leaves.compactMap(\.literals).map { Set($0.map { Array($0.utf8) }) }
            guard let first = texts.first, texts.dropFirst().reduce(first, { $0.intersection($1) }).isEmpty,
                let location = term.leaves.last?.location, reported.insert(location).inserted
            else { continue }
            warn(
                "no value of \(quoted(term.path.joined(separator: "."))) can satisfy this and what stands outside the `$or`",
                at: location, help: "a branch adds conditions, and replaces none: take one of the two away")
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
            "this is one of the values that `anything-but` excludes beside it", at: contradiction.location,
            help: "one alternative is enough, so it is not excluded at all: take it away in one of the two places")
    }

    private func checkExistence(_ leaf: Leaf, _ name: String) {
        guard leaf.alternatives.count > 1,
            let any = leaf.alternatives.first(where: { $0.condition == .exists(true) })
        else { return }
        let mayBeAbsent = leaf.alternatives.contains { $0.condition == .exists(false) }
        warn(
            mayBeAbsent
                ? "\(quoted(name)) may be there or not: this always holds"
                : "`exists: true` takes every value of \(quoted(name)): the alternatives beside it say nothing",
            at: any.location, help: mayBeAbsent ? "leave the field out" : "take it away, or them")
    }

    private func warn(_ message: String, at location: SourceLocation, help: String) {
        diagnostics.warning(message, at: file == nil ? nil : location, in: file, help: help)
    }
}
