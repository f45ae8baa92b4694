import ConfigSource
import EventRouter

/// Warns about conditions on `labels` that no session can satisfy. Labels are a mapping from names to strings.
struct LabelLint {
    let diagnostics: Diagnostics

    /// Checks the conditions of a pattern on `labels`.
    func check(_ match: Node) {
        for entry in match.entries ?? [] {
            switch entry.name {
            case SessionLabel.field: checkLabels(entry)
            case "$or": for branch in entry.value.list ?? [] { check(branch) }
            default: break
            }
        }
    }

    private func checkLabels(_ labels: Node.Entry) {
        guard let entries = labels.value.entries else {
            diagnostics.warning(
                "`labels` has the session's labels by name, and no value of its own", at: labels.value,
                help: "name the label: `labels: {tenant: acme}`")
            return
        }
        for entry in entries {
            if entry.name == "$or" {
                for branch in entry.value.list ?? [] { checkLabels(Node.Entry(key: entry.key, value: branch)) }
            } else if entry.value.entries != nil {
                diagnostics.warning(
                    "the label \(quoted(entry.name)) is a string and has no fields", at: entry.value,
                    help: "write its value, or a list of alternatives")
            } else {
                for alternative in entry.value.list ?? [entry.value] { checkAlternative(alternative, entry.name) }
            }
        }
    }

    private func checkAlternative(_ node: Node, _ name: String) {
        if let scalar = node.scalar {
            guard node.string == nil, !scalar.text.isEmpty else { return }
            diagnostics.warning(
                "the label \(quoted(name)) is a string, so \(node.kindDescription) never matches", at: node,
                help: "quote it: `\"\(scalar.text)\"`")
        } else if let entry = node.entries?.first, entry.name == "numeric" {
            diagnostics.warning(
                "the label \(quoted(name)) is a string, so `numeric` never matches", at: entry.key,
                help: "name the values, or use `regexp`")
        }
    }
}

/// Warns about lists that no pattern uses.
enum ListLint {
    /// Checks that each list is used by a route or an assertion.
    static func check(_ lists: [Node.Entry], _ root: Node, _ diagnostics: Diagnostics) {
        let used = references(root)
        for entry in lists where !used.contains(entry.name) {
            diagnostics.warning(
                "no pattern uses the list \(quoted(entry.name))", at: entry.key,
                help: "write `[{list: \(entry.name)}]` in a `match`, or remove it")
        }
    }

    /// The names of lists that the patterns of routes and assertions refer to.
    static func references(_ root: Node) -> Set<String> {
        var names: Set<String> = []
        for route in root["routes"]?.list ?? [] {
            if let match = route["match"] { collect(match, &names) }
        }
        for test in root["tests"]?.list ?? [] {
            if let assertions = test["assert"] { collect(assertions, &names) }
        }
        return names
    }

    /// Collects every `list: NAME`. A field named `list` counts too, which can only suppress a warning.
    private static func collect(_ node: Node, _ used: inout Set<String>) {
        for element in node.list ?? [] { collect(element, &used) }
        for entry in node.entries ?? [] {
            if entry.name == "list", let name = entry.value.string { used.insert(name) }
            collect(entry.value, &used)
        }
    }
}
