import ConfigSource

/// Warns of patterns that are valid and hardly mean what they say.
enum PatternLints {
    /// Looks through a whole pattern.
    static func check(_ group: FieldGroup, file: SourceFile?, _ diagnostics: Diagnostics) {
        for field in group.fields {
            switch field.content {
            case .group(let inner): check(inner, file: file, diagnostics)
            case .leaf(let leaf): check(leaf, field.name, file, diagnostics)
            }
        }
        for branch in group.choices.lazy.flatMap(\.branches) { check(branch, file: file, diagnostics) }
    }

    private static func check(_ leaf: Leaf, _ name: String, _ file: SourceFile?, _ diagnostics: Diagnostics) {
        let negations = leaf.alternatives.filter { if case .anythingBut = $0.condition { true } else { false } }
        guard negations.count > 1 else { return }
        diagnostics.warning(
            "one of several `anything-but` is enough: together they match nearly every value of \(quoted(name))",
            at: file == nil ? nil : negations[1].location, in: file,
            help: "put the values into one: `[{anything-but: [a, b]}]`")
    }
}
