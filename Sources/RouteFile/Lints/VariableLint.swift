import ConfigSource

/// Refuses `${NAME}` where it is not replaced, so that nobody waits for it: everywhere but in `session` and in the options of
/// handlers and sources.
struct VariableLint {
    let diagnostics: Diagnostics

    /// Looks through a whole file, but for `session`, the options of handlers and sources, and the events of tests, which may say anything.
    func check(_ root: Node) {
        for entry in root.entries ?? [] {
            switch entry.name {
            case FileKeys.handlers.name, FileKeys.sources.name:
                for named in entry.value.entries ?? [] { check(named.key, isMatch: false) }
            case FileKeys.session.name: break
            case FileKeys.tests.name:
                for test in entry.value.list ?? [] { checkTest(test) }
            default:
                check(entry.value, isMatch: false)
            }
        }
    }

    private func checkTest(_ test: Node) {
        for entry in test.entries ?? [] where !TestKeys.events.map(\.name).contains(entry.name) {
            check(entry.value, isMatch: false)
        }
    }

    private func check(_ node: Node, isMatch: Bool) {
        switch node.content {
        case .scalar(let scalar):
            guard let name = VariableText.firstName(in: scalar.text) else { return }
            diagnostics.error(
                "`${\(name)}` is not replaced \(isMatch ? "in a match" : "here"): only in `session` and in the options of handlers and sources",
                at: node, help: isMatch ? "for the characters themselves write `[{regexp: '\\$\\{\(name)\\}'}]`" : nil)
        case .list(let elements):
            for element in elements { check(element, isMatch: isMatch) }
        case .mapping(let entries):
            for entry in entries {
                check(entry.key, isMatch: false)
                check(entry.value, isMatch: isMatch || entry.name == RouteKeys.match.name)
            }
        }
    }
}
