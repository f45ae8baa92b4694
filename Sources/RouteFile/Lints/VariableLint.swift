import ConfigSource

/// Refuses `${NAME}` where it is not replaced, so that nobody waits for it: everywhere but in the options of handlers.
enum VariableLint {
    /// Looks through the whole file but for handlers, which replace it, and the events of tests, which may say anything.
    static func check(_ root: Node, _ diagnostics: Diagnostics) {
        for entry in root.entries ?? [] where !["handlers", "tests"].contains(entry.name) {
            check(entry.value, isMatch: false, diagnostics)
        }
    }

    private static func check(_ node: Node, isMatch: Bool, _ diagnostics: Diagnostics) {
        switch node.content {
        case .scalar(let scalar):
            guard let name = VariableText.firstName(in: scalar.text) else { return }
            diagnostics.error(
                "`${\(name)}` is not replaced \(isMatch ? "in a match" : "here"): only in the options of handlers",
                at: node, help: isMatch ? "for the characters themselves write `[{regexp: '\\$\\{\(name)\\}'}]`" : nil)
        case .list(let elements): for element in elements { check(element, isMatch: isMatch, diagnostics) }
        case .mapping(let entries):
            for entry in entries { check(entry.value, isMatch: isMatch || entry.name == "match", diagnostics) }
        }
    }
}
