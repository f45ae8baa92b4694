import ConfigSource
import EventPatterns
import RealtimeEvents

/// Warns of alternatives that no value of a field satisfies, or that mean something else than they seem to.
struct AlternativeLint {
    let values: ValueLint
    let diagnostics: Diagnostics

    /// Checks the alternatives of a field.
    func check(_ alternatives: Node, _ field: FieldPlace) {
        for alternative in alternatives.list ?? [alternatives] {
            if let written = alternative.entries?.first {
                check(written, of: alternative, field)
            } else {
                values.check(alternative, field)
            }
        }
    }

    private func check(_ written: Node.Entry, of alternative: Node, _ field: FieldPlace) {
        switch written.name {
        case "exactly": values.checkExactly(written.value, field)
        case "list": for value in listed(written.value, field) { values.check(value, field) }
        case "exists": checkExistence(written, field)
        case "numeric": _ = canMatch(field.form.holdsNumbers, written, field, values)
        case "anything-but": checkNegation(written.value, field)
        default:
            if checkText(written, field, values) { checkValues(written.name, alternative, field) }
        }
    }

    /// The elements of a list of the file. Fields share lists: of elements of several types, those of the field's own.
    private func listed(_ name: Node, _ field: FieldPlace) -> [Node] {
        let elements = name.string.flatMap { values.lists[$0]?.list } ?? []
        let fitting = elements.filter { values.mayHold($0, field) }
        return fitting.isEmpty ? elements : fitting
    }

    private func checkNegation(_ argument: Node, _ field: FieldPlace) {
        var values = values
        values.setting = .negation
        if let written = argument.entries?.first, written.name != "list" {
            _ = checkText(written, field, values)
            return
        }
        for element in argument.list ?? [argument] {
            for value in element["list"].map({ listed($0, field) }) ?? [element] { values.check(value, field) }
        }
    }

    // MARK: - Operators

    /// Whether an operator on texts can match; warns if not.
    private func checkText(_ written: Node.Entry, _ field: FieldPlace, _ values: ValueLint) -> Bool {
        guard canMatch(field.form.holdsStrings, written, field, values) else { return false }
        switch written.name {
        case "prefix", "suffix", "equals-ignore-case":
            for text in written.value.list ?? [written.value] { checkStars(text, written.name) }
        case "wildcard":
            for text in written.value.list ?? [written.value] where text.string?.contains("*") == false {
                diagnostics.warning(
                    "a `wildcard` without `*` matches only this text", at: text,
                    help: "write `\"*\(text.string ?? "")*\"` if it may stand anywhere")
            }
        default: break
        }
        return true
    }

    private func canMatch(_ holds: Bool, _ written: Node.Entry, _ field: FieldPlace, _ values: ValueLint) -> Bool {
        guard !holds, !field.form.isAnything, !field.scope.isOpen else { return true }
        let verdict = values.setting == .negation ? "`anything-but` with `\(written.name)` excludes nothing" : nil
        diagnostics.warning(
            "\(quoted(field.name)) holds \(field.form.description): \(verdict ?? "`\(written.name)` never matches")",
            at: written.key, help: ValueHelp(field: field, isPattern: true).operation())
        return false
    }

    /// `prefix: rate_limit*`
    private func checkStars(_ node: Node, _ name: String) {
        guard let text = node.string, text.hasPrefix("*") || text.hasSuffix("*") else { return }
        let rest = text.trimming("*")
        diagnostics.warning(
            "a star in `\(name)` is a plain character", at: node,
            help: rest.isEmpty ? "write `[{exists: true}]` for any value" : "leave it out: `\(rest)`")
    }

    /// Whether one of a field's values satisfies an operator, where all of them are known.
    private func checkValues(_ name: String, _ alternative: Node, _ field: FieldPlace) {
        let known = field.form.knownValues
        guard field.form.isClosed, !field.scope.isOpen,
            let pattern = Pattern(.mapping([("type", .list([alternative]))]), Diagnostics()),
            !known.contains(where: { pattern.mayMatch(type: $0) })
        else { return }
        diagnostics.warning(
            "no value of \(quoted(field.name)) satisfies this `\(name)`", at: alternative,
            help: "its values: \(codeList(known))")
    }

    private func checkExistence(_ written: Node.Entry, _ field: FieldPlace) {
        guard !field.form.holdsScalars, !field.scope.isOpen else { return }
        let condition = "[{exists: \(written.value.scalar?.text ?? "true")}]"
        diagnostics.warning(
            "`exists` asks for a plain value, and \(quoted(field.name)) holds fields", at: written.key,
            help: field.form.fieldNames.first.map { "ask for one of them: `\(field.written([$0], condition))`" })
    }
}
