import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents

/// Warns about fields that no event of a pattern's types has, and about values that such a field never has.
///
/// These are never errors, because servers add types, fields and values.
struct FieldLint {
    let lists: [String: [JSONValue]]
    let alternatives: AlternativeLint
    let diagnostics: Diagnostics

    /// Creates a lint for one route.
    ///
    /// - Parameters:
    ///   - lists: the values of the file's lists, by name.
    ///   - listNodes: the nodes of the file's lists, by name.
    ///   - functions: the functions that the file declares.
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

    /// Checks a `match` whose events have the types of a scope.
    func check(_ match: Node, _ scope: EventScope) {
        check(match, ScopedField(scope))
    }

    private func check(_ group: Node, _ outer: ScopedField) {
        var outer = outer
        if outer.path.isEmpty, let type = group["type"] {
            outer = ScopedField(outer.scope.narrowed(to: type, lists))
        }
        for entry in group.entries ?? [] {
            // Labels belong to the session, not to the event.
            if outer.path.isEmpty, entry.name == SessionLabel.field { continue }
            if entry.name == "$or" {
                for branch in entry.value.list ?? [] { check(branch, outer) }
            } else if !outer.path.isEmpty || entry.name != "type" {
                check(entry, outer)
            }
        }
    }

    /// The help for a route's key that is inside `match`, where it is read as a field of the event; nil for other keys.
    private static func keyOfRoute(_ entry: Node.Entry) -> String? {
        let name = entry.name
        if name == RouteKeys.match.name { return "leave out `match:`; the pattern is what is under it" }
        let isOfRoute = RouteKeys.form.names.contains(name) && name != RouteKeys.name.name
        return isOfRoute ? "a route has `\(name)` beside `match`, not in it" : nil
    }

    private func check(_ entry: Node.Entry, _ outer: ScopedField) {
        if outer.path.isEmpty, outer.scope.isEverything, outer.shape.field(entry.name) == nil {
            // Without a condition on `type`, an unknown event may have the field. Only a likely mistake is reported.
            guard let help = Self.keyOfRoute(entry) ?? Self.nearName(entry, in: outer.shape) else { return }
            warnOfUnknownField(entry, outer, help)
            return
        }
        guard let field = outer.field(entry.name) else {
            let isOfSession = outer.path.isEmpty && !MisplacedKeys.isEventField(entry.name)
            let help =
                (outer.path.isEmpty ? Self.keyOfRoute(entry) : nil) ?? help(for: entry, in: outer.shape)
                ?? (isOfSession ? Self.value(entry, in: outer.shape) : nil)
            warnOfUnknownField(entry, outer, help)
            return
        }
        guard let inner = entry.value.entries else {
            alternatives.check(entry.value, field)
            return
        }
        if field.shape.isAnything || field.shape.holdsFields || field.scope.isOpen {
            warnOfComparisons(inner, field)
            check(entry.value, field)
        } else if let first = inner.first {
            warnOfMissingList(first, field)
        }
    }

    // MARK: - Unknown fields

    private func warnOfUnknownField(_ entry: Node.Entry, _ outer: ScopedField, _ help: String?) {
        let name = (outer.path + [entry.name]).joined(separator: ".")
        diagnostics.warning("\(outer.scope.subject) \(quoted(name))", at: entry.key, help: help)
    }

    /// The help for a field such as `tenant: acme`, which may be meant as a label or as an argument of a call.
    private static func value(_ entry: Node.Entry, in shape: FieldShape) -> String? {
        let values = (entry.value.list ?? [entry.value]).map { $0.string.map { yamlText($0) } }
        guard values.count == 1, let value = values[0], value.utf8.count <= 40 else { return nil }
        let condition = "{\(entry.name): \(value)}"
        let label = "for a label of the session write `labels: \(condition)`"
        return shape.field("arguments")?.isAnything == true
            ? "for an argument of the call write `arguments: \(condition)`; \(label)" : label
    }

    private func help(for entry: Node.Entry, in shape: FieldShape) -> String? {
        if let value = entry.value.string, let name = shape.fieldName(of: value) {
            return "write `\(name): \(yamlText(value))`"
        }
        if let path = shape.pathMeant(by: entry.name) {
            let value = entry.value.string.flatMap { $0.utf8.count <= 30 ? yamlText($0) : nil } ?? "…"
            return "write `\(Self.nested(path, value))`"
        }
        let inner = entry.value.entries?.first?.name ?? entry.name.split(separator: ".").last.map(String.init)
        if let inner, shape.field(inner) != nil {
            return "the events have \(quoted(inner)) themselves: write `\(inner): …`"
        }
        return Self.nearName(entry, in: shape)
    }

    private static func nearName(_ entry: Node.Entry, in shape: FieldShape) -> String? {
        closest(to: entry.name, among: shape.fieldNames.sorted()).map { "did you mean `\($0)`?" }
    }

    /// Nested YAML for a path: `error: {code: …}`.
    private static func nested(_ path: [String], _ value: String) -> String {
        guard let last = path.last else { return value }
        return path.dropLast().reversed().reduce("\(last): \(value)") { "\($1): {\($0)}" }
    }

    /// Checks the field of `once_per`.
    func checkOncePer(_ node: Node, _ path: [String], _ scope: EventScope) {
        guard !scope.isOpen, !path.isEmpty else { return }
        let shape = scope.shape
        if let inner = shape.shape(at: path) {
            guard !inner.holdsScalars else { return }
            diagnostics.warning(
                "\(quoted(path.joined(separator: "."))) holds fields, and `once_per` counts the values of one",
                at: node,
                help: inner.fieldNames.first.map { "write `field: \(Self.oncePerField(path + [$0]))`" })
            return
        }
        let name = path.joined(separator: ".")
        let inner = shape.pathMeant(by: name).map { "write `field: \(Self.oncePerField($0))`" }
        let near = closest(to: path[0], among: shape.fieldNames.sorted()).map { "did you mean `\($0)`?" }
        let label =
            path.count == 1
            ? "for a label of the session write `field: \(Self.oncePerField([SessionLabel.field] + path))`" : nil
        diagnostics.warning("\(scope.subject) \(quoted(name))", at: node, help: inner ?? near ?? label)
    }

    /// A path in the syntax of `once_per`: `response.id`, or a list of names if one of them contains a dot.
    private static func oncePerField(_ path: [String]) -> String {
        path.contains { $0.contains(".") } ? "[\(path.joined(separator: ", "))]" : path.joined(separator: ".")
    }

    // MARK: - Operators without a list

    /// Warns about `latency_ms: {gt: 500}`, where the field is not an object.
    private func warnOfMissingList(_ entry: Node.Entry, _ field: ScopedField) {
        let near = closest(to: entry.name, among: PatternForm.operators.names)
        let help =
            PatternForm.help(forForeignOperator: entry) ?? near.map { "write `[{\($0): …}]`" }
            ?? "write the value itself, or an operator in a list: `[{anything-but: value}]`"
        diagnostics.warning(
            "\(quoted(field.name)) holds \(field.shape.description), and no field \(quoted(entry.name))", at: entry.key,
            help: help)
    }

    /// Warns about `arguments: {amount: {gt: 50}}`, where the inner fields are unknown.
    private func warnOfComparisons(_ entries: [Node.Entry], _ field: ScopedField) {
        for entry in entries where PatternForm.isForeignComparison(entry.name) && entry.value.number != nil {
            guard field.shape.isAnything || field.shape.field(entry.name) == nil else { continue }
            diagnostics.warning(
                "\(quoted(entry.name)) is taken for a field inside \(quoted(field.name))", at: entry.key,
                help: PatternForm.help(forForeignOperator: entry))
        }
    }
}

extension FieldShape {
    /// The path that an unknown field name probably means: `[error, code]` for `error.code` or `.error.code`, else the shortest
    /// path to an inner field of this name.
    fileprivate func pathMeant(by name: String) -> [String]? {
        let parts = name.split(separator: ".").filter { $0 != "$" }.map(String.init)
        if name.contains("."), !parts.isEmpty, shape(at: parts) != nil { return parts }
        return innerPath { inner, _ in inner == name }
    }
}
