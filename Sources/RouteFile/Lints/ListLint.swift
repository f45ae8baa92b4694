import ConfigSource

/// Warns of lists to which no pattern refers.
enum ListLint {
    /// Looks for each list among the patterns of the routes.
    static func check(_ lists: [Node.Entry], _ root: Node, _ diagnostics: Diagnostics) {
        let used = references(root)
        for entry in lists where !used.contains(entry.name) {
            diagnostics.warning(
                "no pattern uses the list \(quoted(entry.name))", at: entry.key,
                help: "write `[{list: \(entry.name)}]` in a `match`, or take it away")
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

    /// Every `list: NAME`, a field that is called so included: better no warning than a wrong one.
    private static func collect(_ node: Node, _ used: inout Set<String>) {
        for element in node.list ?? [] { collect(element, &used) }
        for entry in node.entries ?? [] {
            if entry.name == "list", let name = entry.value.string { used.insert(name) }
            collect(entry.value, &used)
        }
    }
}
