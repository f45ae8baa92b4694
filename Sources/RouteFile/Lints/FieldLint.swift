import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents

/// Warns of fields that no event of a pattern's types has, and of values that such a field never has.
///
/// Servers add types, fields and values, so a pattern can be right all the same: these are never errors.
struct FieldLint {
    let lists: [String: [JSONValue]]
    let alternatives: AlternativeLint
    let diagnostics: Diagnostics

    /// A lint of one route.
    ///
    /// - Parameters:
    ///   - lists: The file's lists, by name.
    ///   - listNodes: The same as they stand in the file.
    ///   - functions: The functions that the file knows.
    init(
        lists: [String: [JSONValue]] = [:], listNodes: [String: Node] = [:],
        functions: KnownFunctions = KnownFunctions(),
        _ diagnostics: Diagnostics
    ) {
        self.lists = lists
        self.diagnostics = diagnostics
        let values = ValueLint(lists: listNodes, functions: functions, diagnostics: diagnostics)
        alternatives = AlternativeLint(values: values, diagnostics: diagnostics)
    }

    /// Checks the `match` of a route that takes the events of a scope.
    func check(_ match: Node, _ scope: EventScope) {
        check(match, FieldPlace(scope))
    }

    private func check(_ group: Node, _ outer: FieldPlace) {
        var outer = outer
        if outer.path.isEmpty, let type = group["type"] {
            outer = FieldPlace(outer.scope.narrowed(to: type, lists))
        }
        for entry in group.entries ?? [] {
            // The session's labels stand beside the fields of every event.
            if outer.path.isEmpty, entry.name == SessionLabel.field { continue }
            if entry.name == "$or" {
                for branch in entry.value.list ?? [] { check(branch, outer) }
            } else if !outer.path.isEmpty || entry.name != "type" {
                check(entry, outer)
            }
        }
    }

    /// The help for a key of a route at the top of a `match`, where it is taken for a field of the event; nil for other keys.
    private static func keyOfRoute(_ entry: Node.Entry) -> String? {
        let name = entry.name
        if name == RouteKeys.match.name { return "leave out `match:`; the pattern is what is under it" }
        let isOfRoute = RouteKeys.form.names.contains(name) && name != RouteKeys.name.name
        return isOfRoute ? "a route has `\(name)` beside `match`, not in it" : nil
    }

    private func check(_ entry: Node.Entry, _ outer: FieldPlace) {
        if outer.path.isEmpty, outer.scope.isEverything, outer.form.field(entry.name) == nil {
            // Where no type is named, any event may come, also one that nobody knows: only what is likely meant is reported.
            guard let help = Self.keyOfRoute(entry) ?? Self.nearName(entry, in: outer.form) else { return }
            warnOfUnknownField(entry, outer, help)
            return
        }
        guard let field = outer.field(entry.name) else {
            let isOfSession = outer.path.isEmpty && !MisplacedKeys.isEventField(entry.name)
            let help =
                (outer.path.isEmpty ? Self.keyOfRoute(entry) : nil) ?? help(for: entry, in: outer.form)
                ?? (isOfSession ? Self.value(entry, in: outer.form) : nil)
            warnOfUnknownField(entry, outer, help)
            return
        }
        guard let inner = entry.value.entries else {
            alternatives.check(entry.value, field)
            return
        }
        if field.form.isAnything || field.form.holdsFields || field.scope.isOpen {
            warnOfComparisons(inner, field)
            check(entry.value, field)
        } else if let first = inner.first {
            warnOfMissingList(first, field)
        }
    }

    // MARK: - Fields that are not there

    private func warnOfUnknownField(_ entry: Node.Entry, _ outer: FieldPlace, _ help: String?) {
        let name = (outer.path + [entry.name]).joined(separator: ".")
        diagnostics.warning("\(outer.scope.subject) \(quoted(name))", at: entry.key, help: help)
    }

    /// `tenant: acme`, which may be meant as a label, or as an argument of a call.
    private static func value(_ entry: Node.Entry, in form: PlaceForm) -> String? {
        let values = (entry.value.list ?? [entry.value]).map { $0.string.map { yamlText($0) } }
        guard values.count == 1, let value = values[0], value.utf8.count <= 40 else { return nil }
        let condition = "{\(entry.name): \(value)}"
        let label = "for a label of the session write `labels: \(condition)`"
        return form.field("arguments")?.isAnything == true
            ? "for an argument of the call write `arguments: \(condition)`; \(label)" : label
    }

    private func help(for entry: Node.Entry, in form: PlaceForm) -> String? {
        if let value = entry.value.string, let name = form.fieldName(of: value) {
            return "write `\(name): \(yamlText(value))`"
        }
        if let path = form.pathMeant(by: entry.name) {
            let value = entry.value.string.flatMap { $0.utf8.count <= 30 ? yamlText($0) : nil } ?? "…"
            return "write `\(Self.nested(path, value))`"
        }
        let inner = entry.value.entries?.first?.name ?? entry.name.split(separator: ".").last.map(String.init)
        if let inner, form.field(inner) != nil {
            return "the events have \(quoted(inner)) themselves: write `\(inner): …`"
        }
        return Self.nearName(entry, in: form)
    }

    private static func nearName(_ entry: Node.Entry, in form: PlaceForm) -> String? {
        closest(to: entry.name, among: form.fieldNames.sorted()).map { "did you mean `\($0)`?" }
    }

    /// `error: {code: …}`
    private static func nested(_ path: [String], _ value: String) -> String {
        guard let last = path.last else { return value }
        return path.dropLast().reversed().reduce("\(last): \(value)") { "\($1): {\($0)}" }
    }

    /// Checks the field of `once_per`.
    func checkOncePer(_ node: Node, _ path: [String], _ scope: EventScope) {
        guard !scope.isOpen, !path.isEmpty else { return }
        let form = scope.place
        if let place = form.place(at: path) {
            guard !place.holdsScalars else { return }
            diagnostics.warning(
                "\(quoted(path.joined(separator: "."))) holds fields, and `once_per` counts the values of one",
                at: node,
                help: place.fieldNames.first.map { "write `field: \(Self.oncePerField(path + [$0]))`" })
            return
        }
        let name = path.joined(separator: ".")
        let inner = form.pathMeant(by: name).map { "write `field: \(Self.oncePerField($0))`" }
        let near = closest(to: path[0], among: form.fieldNames.sorted()).map { "did you mean `\($0)`?" }
        let label =
            path.count == 1
            ? "for a label of the session write `field: \(Self.oncePerField([SessionLabel.field] + path))`" : nil
        diagnostics.warning("\(scope.subject) \(quoted(name))", at: node, help: inner ?? near ?? label)
    }

    /// A path as `once_per` takes it: `response.id`, or a list of names if one of them has a dot.
    private static func oncePerField(_ path: [String]) -> String {
        path.contains { $0.contains(".") } ? "[\(path.joined(separator: ", "))]" : path.joined(separator: ".")
    }

    // MARK: - Operators without a list

    /// `latency_ms: {gt: 500}`, where the field has no fields inside.
    private func warnOfMissingList(_ entry: Node.Entry, _ field: FieldPlace) {
        let near = closest(to: entry.name, among: PatternForm.operators.names)
        let help =
            PatternForm.help(forForeignOperator: entry) ?? near.map { "write `[{\($0): …}]`" }
            ?? "write the value itself, or an operator in a list: `[{anything-but: value}]`"
        diagnostics.warning(
            "\(quoted(field.name)) holds \(field.form.description), and no field \(quoted(entry.name))", at: entry.key,
            help: help)
    }

    /// `arguments: {amount: {gt: 50}}`, where nobody knows which fields there are.
    private func warnOfComparisons(_ entries: [Node.Entry], _ field: FieldPlace) {
        for entry in entries where PatternForm.isForeignComparison(entry.name) && entry.value.number != nil {
            guard field.form.isAnything || field.form.field(entry.name) == nil else { continue }
            diagnostics.warning(
                "\(quoted(entry.name)) is taken for a field inside \(quoted(field.name))", at: entry.key,
                help: PatternForm.help(forForeignOperator: entry))
        }
    }
}

extension PlaceForm {
    /// The path of fields that a name stands for which is no field here: `error.code` (or `.error.code`) for one with dots, else
    /// the shortest one to an inner field of this name.
    fileprivate func pathMeant(by name: String) -> [String]? {
        let parts = name.split(separator: ".").filter { $0 != "$" }.map(String.init)
        if name.contains("."), !parts.isEmpty, place(at: parts) != nil { return parts }
        return innerPath { inner, _ in inner == name }
    }
}
