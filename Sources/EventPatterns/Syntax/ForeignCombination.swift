import ConfigSource

/// A way in which other languages combine patterns, where this one has `$or` and fields beside each other.
enum ForeignCombination {
    case and
    case not
    case or

    /// The combination that an entry of a pattern is; nil if it is a field.
    ///
    /// `or`, `any` and the like may also be names of fields: they combine patterns only where they hold what a field cannot.
    init?(_ entry: Node.Entry) {
        switch entry.name {
        case "$and": self = .and
        case "$not", "$nor": self = .not
        case _ where PatternForm.refusedCombinations.contains(entry.name): self = .or
        case _ where Self.arePatterns(entry.value):
            switch entry.name.lowercased().filter({ !"$_-".contains($0) }) {
            case "or", "any", "anyof", "oneof", "either", "should": self = .or
            case "and", "all", "allof", "must": self = .and
            case "not", "nor", "none", "noneof", "mustnot": self = .not
            default: return nil
            }
        default: return nil
        }
    }

    /// What to write instead.
    var help: String {
        switch self {
        case .and: "fields that stand beside each other all have to match"
        case .not: "write `[{anything-but: value}]` at the field"
        case .or: "did you mean `$or`?"
        }
    }

    /// Whether a value is a list of patterns.
    private static func arePatterns(_ node: Node) -> Bool {
        guard let elements = node.list, !elements.isEmpty else { return false }
        return elements.allSatisfy { element in
            element.entries.map { !$0.isEmpty && $0.allSatisfy { PatternOperator(rawValue: $0.name) == nil } } ?? false
        }
    }

    /// The help for a value in place of a pattern.
    static func help(forPattern node: Node) -> String {
        if arePatterns(node) { return "if one of several patterns has to match, write `$or: [{…}, {…}]`" }
        if let types = node.list?.map(\.string), !types.isEmpty, types.allSatisfy({ $0 != nil }) {
            let list = ForeignOperator.sketch(node)
            return "write the types under `type`: `type: \(list == "…" ? "[a, b]" : list)`"
        }
        if node.string != nil {
            let type = ForeignOperator.sketch(node)
            if type != "…" { return "write a field and what it may be: `type: \(type)`" }
        }
        return "write a field and what it may be: `type: response.done`"
    }
}
