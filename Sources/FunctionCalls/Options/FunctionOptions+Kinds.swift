import ConfigSource
import EventJSON
import EventRouter
import SchemaValidation

// Kinds of functions that were registered, and those that were not.
extension FunctionOptions {
    /// Lets a kind's factory read what stands under the kind's name.
    mutating func readExecutor(
        of kind: ExecutorKind, _ timeout: Duration, _ parameters: JSONSchema?
    ) -> (any FunctionCallExecutor)? {
        let what = "`\(kind.name)` of \(section.what)"
        guard let node = section.node(kind.name), var own = Section(node, what: what, section.diagnostics) else {
            return nil
        }
        if let form = kind.options { own.declare(form) }
        var options = ExecutorOptions(
            name: name, section: own, surroundings: surroundings, timeout: timeout, parameters: parameters?.source,
            redacted: redacted)
        let problems = section.diagnostics.items.count
        let executor = kind.make(&options)
        options.section.finish()
        if executor == nil, section.diagnostics.items.count == problems {
            section.diagnostics.error("\(what) cannot be made of these options", at: node)
        }
        return executor
    }

    /// Reports that nothing says what runs the function.
    mutating func readWithoutKind() -> (any FunctionCallExecutor)? {
        if let entry = unknownKind { return readUnregistered(entry) }
        let names = form.alternatives.map { "`\($0)`" }
        section.diagnostics.error(
            "\(section.what) needs \(names.dropLast().joined(separator: ", ")) or \(names.last ?? "")",
            at: section.node,
            help: "a local command, `command: [./bin/\(name)]`, one that stays, `worker: [./bin/\(name)]`, "
                + (kinds.isEmpty ? "or " : "") + "a function registered in code, `swift: \(name)`"
                + (kinds.isEmpty ? "" : ", or the options of a kind, `\(kinds[0].name): {…}`"))
        return nil
    }

    /// The first key that is no key of a function and looks like a kind: nearly the name of one, or with a mapping under it.
    private var unknownKind: Node.Entry? {
        let kinds = form.alternatives
        let others = form.names.filter { !kinds.contains($0) }
        return section.node.entries?.first { entry in
            guard !form.names.contains(entry.name) else { return false }
            if misspelled(entry.name, among: kinds, mistakes: 2) != nil { return true }
            return entry.value.entries != nil && misspelled(entry.name, among: others, mistakes: 2) == nil
        }
    }

    private mutating func readUnregistered(_ entry: Node.Entry) -> (any FunctionCallExecutor)? {
        section.excuse(entry.name)
        let message = "there is no kind of function \(quoted(entry.name))"
        guard !surroundings.startsHandlers, misspelled(entry.name, among: form.alternatives, mistakes: 2) == nil else {
            let help = suggestion(for: entry.name, among: form.alternatives, called: "kinds of functions")
            section.diagnostics.error(message, at: entry.key, help: help)
            return nil
        }
        section.diagnostics.warning(
            message + " in this program", at: entry.key,
            help: "only a program that registers it can run this file; "
                + suggestion(for: entry.name, among: form.alternatives, called: "the kinds here"))
        return UnregisteredFunction()
    }
}
