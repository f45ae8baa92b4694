import ConfigSource
import EventPatterns
import RealtimeEvents

/// Warns about alternatives that no value of a field can satisfy, or whose meaning is probably not the intended one.
struct AlternativeLint {
    let values: ValueLint
    let diagnostics: Diagnostics

    /// Checks the alternatives of a field.
    func check(_ alternatives: Node, _ field: ScopedField) {
        for alternative in alternatives.list ?? [alternatives] {
            if let written = alternative.entries?.first {
                check(written, of: alternative, field)
            } else {
                values.check(alternative, field)
            }
        }
    }

    private func check(_ written: Node.Entry, of alternative: Node, _ field: ScopedField) {
        switch written.name {
        case "exactly": values.checkExactly(written.value, field)
        case "list": for value in listElements(written.value, field) { values.check(value, field) }
        case "exists": checkExistence(written, field)
        case "numeric": _ = canMatch(field.shape.holdsNumbers, written, field, values)
        case "anything-but": checkNegation(written.value, field)
        default:
            if checkText(written, field, values) { checkValues(written.name, alternative, field) }
        }
    }

    /// The elements of a list that suit the field's type, or all elements if no element suits it. Fields of different
    /// types can share a list.
    private func listElements(_ name: Node, _ field: ScopedField) -> [Node] {
        let elements = name.string.flatMap { values.lists[$0]?.list } ?? []
        let suitable = elements.filter { values.canHold($0, field) }
        return suitable.isEmpty ? elements : suitable
    }

    private func checkNegation(_ argument: Node, _ field: ScopedField) {
        var values = values
        values.context = .negation
        if let written = argument.entries?.first, written.name != "list" {
            _ = checkText(written, field, values)
            return
        }
        for element in argument.list ?? [argument] {
            for value in element["list"].map({ listElements($0, field) }) ?? [element] { values.check(value, field) }
        }
    }

    // MARK: - Operators

    /// Whether an operator for strings can match. Warns if it cannot.
    private func checkText(_ written: Node.Entry, _ field: ScopedField, _ values: ValueLint) -> Bool {
        guard canMatch(field.shape.holdsStrings, written, field, values) else { return false }
        switch written.name {
        case "prefix", "suffix", "equals-ignore-case":
            for text in written.value.list ?? [written.value] { checkStars(text, written.name) }
        case "wildcard":
            for text in written.value.list ?? [written.value] where text.string?.contains("*") == false {
                diagnostics.warning(
                    "a `wildcard` without `*` matches only this text", at: text,
                    help: "write `\"*\(text.string ?? "")*\"` to match it anywhere in the text")
            }
        default: break
        }
        return true
    }

    private func canMatch(_ holds: Bool, _ written: Node.Entry, _ field: ScopedField, _ values: ValueLint) -> Bool {
        guard !holds, !field.shape.isAnything, !field.scope.isOpen else { return true }
        let verdict = values.context == .negation ? "`anything-but` with `\(written.name)` excludes nothing" : nil
        diagnostics.warning(
            "\(quoted(field.name)) holds \(field.shape.description): \(verdict ?? "`\(written.name)` never matches")",
            at: written.key, help: ValueHelp(field: field, isPattern: true).operation())
        return false
    }

    /// Warns about stars in operators that take plain text: `prefix: rate_limit*`.
    private func checkStars(_ node: Node, _ name: String) {
        guard let text = node.string, text.hasPrefix("*") || text.hasSuffix("*") else { return }
        let rest = text.trimming("*")
        diagnostics.warning(
            "a star in `\(name)` is a plain character", at: node,
            help: rest.isEmpty ? "write `[{exists: true}]` for any value" : "leave it out: `\(rest)`")
    }

    /// Warns if all values of a field are known and none satisfies the operator.
    private func checkValues(_ name: String, _ alternative: Node, _ field: ScopedField) {
        let known = field.shape.knownValues
        guard field.shape.isClosed, !field.scope.isOpen,
            let pattern = Pattern(.mapping([("type", .list([alternative]))]), Diagnostics()),
            !known.contains(where: { pattern.mayMatch(type: $0) })
        else { return }
        diagnostics.warning(
            "no value of \(quoted(field.name)) satisfies this `\(name)`", at: alternative,
            help: "its values: \(codeList(known))")
    }

    private func checkExistence(_ written: Node.Entry, _ field: ScopedField) {
        guard !field.shape.holdsScalars, !field.scope.isOpen else { return }
        let condition = "[{exists: \(written.value.scalar?.text ?? "true")}]"
        diagnostics.warning(
            "`exists` asks for a plain value, and \(quoted(field.name)) holds fields", at: written.key,
            help: field.shape.fieldNames.first.map { "ask for one of them: `\(field.written([$0], condition))`" })
    }
}
