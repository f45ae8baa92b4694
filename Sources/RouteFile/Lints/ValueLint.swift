import ConfigSource
import EventPatterns
import RealtimeEvents

/// Warns about values that a field never has: a wrong type, an unknown word, or an operator inside a string.
struct ValueLint {
    /// Where a value is written.
    enum Context {
        /// In a pattern.
        case pattern
        /// In a pattern, under `anything-but`.
        case negation
        /// In the event of a test.
        case event
    }

    /// The nodes of the file's lists, by name.
    var lists: [String: Node] = [:]
    /// The functions that the file declares.
    var functions = KnownFunctions()
    /// Where the values are written.
    var context = Context.pattern
    let diagnostics: Diagnostics

    /// Checks one value. If a string in a pattern looks like an operator, only that is reported.
    func check(_ value: Node, _ field: ScopedField) {
        guard let text = value.string, !field.shape.knownValues.contains(text) else {
            _ = hasValidType(value, field)
            return
        }
        if context != .event, let written = ForeignOperator.found(in: text, field.shape, isInSeconds: field.isInSeconds)
        {
            warn(of: written, text, value, field)
        } else if hasValidType(value, field), canHaveValue(text, value, field) {
            checkSpelling(text, value, field)
        }
    }

    /// Checks the argument of `exactly`. Because the author wants this text exactly, only certain mistakes are
    /// reported.
    func checkExactly(_ value: Node, _ field: ScopedField) {
        guard hasValidType(value, field), let text = value.string else { return }
        _ = canHaveValue(text, value, field)
    }

    // MARK: - Operators in a string

    private func warn(of written: ForeignOperator, _ text: String, _ value: Node, _ field: ScopedField) {
        let replacement = written.replacement(isNegated: context == .negation).map { "write `\($0)`" }
        guard field.shape.holdsStrings || field.shape.isAnything || field.scope.isOpen else {
            warnOfType(value, field, help: field.shape.holdsNumbers ? replacement : nil)
            return
        }
        let literal = context == .negation ? nil : ", or `[{exactly: \(yamlText(text))}]` for these characters"
        diagnostics.warning(
            "\(quoted(field.name)) is compared with \(quoted(text)) character by character", at: value,
            help: replacement.map { $0 + (literal ?? "") })
    }

    // MARK: - Types

    /// Whether the field can have values of this type. Warns if it cannot.
    private func hasValidType(_ value: Node, _ field: ScopedField) -> Bool {
        let isValid = canHold(value, field)
        if !isValid { warnOfType(value, field) }
        if value.isNull, field.scope.isDerived, !field.shape.isAnything, context != .event {
            diagnostics.warning(
                "the router leaves \(quoted(field.name)) out where it has no value, and never writes null", at: value,
                help: "write `[{exists: false}]`")
        }
        return isValid
    }

    /// Whether the field can have values of this type.
    func canHold(_ value: Node, _ field: ScopedField) -> Bool {
        let shape = field.shape
        guard let kind = value.scalar?.value, !shape.isAnything, !field.scope.isOpen else { return true }
        switch kind {
        case .null: return true
        case .number: return shape.holdsNumbers
        case .bool: return shape.holdsBooleans
        case .string(let text):
            // Some servers send a string where others send an object.
            let mayReplaceObject =
                shape.holdsFields && !field.scope.isDerived && (context == .event || shape.innerPath(to: text) == nil)
            return shape.holdsStrings || mayReplaceObject
        }
    }

    /// Warns about a value of a type that the field cannot have.
    func warnOfType(_ value: Node, _ field: ScopedField, help: String? = nil) {
        let holds = "\(quoted(field.name)) holds \(field.shape.description)"
        let message =
            switch context {
            case .pattern: "\(holds): \(value.kindDescription) never matches"
            case .negation: "\(holds): `anything-but` with \(value.kindDescription) excludes nothing"
            case .event: "\(holds), so an event with \(value.kindDescription) never comes"
            }
        diagnostics.warning(
            message, at: value, help: help ?? ValueHelp(field: field, isPattern: context != .event).value(value))
    }

    // MARK: - Known values

    /// Whether the field can have this string. Warns if all values are known and the string is not one of them.
    private func canHaveValue(_ text: String, _ value: Node, _ field: ScopedField) -> Bool {
        let known = field.shape.knownValues
        guard field.shape.isClosed, !field.scope.isOpen, !known.contains(text) else { return true }
        let near = misspelled(text, among: known, mistakes: 2).map { "did you mean `\($0)`? " } ?? ""
        diagnostics.warning(
            "\(quoted(field.name)) is never \(quoted(text))", at: value, help: near + "its values: \(codeList(known))")
        return false
    }

    /// Checks the spelling of a string, for a field that can also have unknown values.
    private func checkSpelling(_ text: String, _ value: Node, _ field: ScopedField) {
        if field.namesFunction {
            checkFunction(text, value, field)
        } else if let near = misspelled(text, among: field.shape.knownValues, mistakes: 2) {
            diagnostics.warning(
                "\(quoted(text)) is not a known value of \(quoted(field.name))", at: value,
                help: didYouMean(near, text))
        } else if field.isID, let sibling = sibling(of: field, with: text) {
            diagnostics.warning(
                "\(quoted(field.name)) is an id, and \(quoted(text)) a value of \(quoted(sibling))", at: value,
                help: "write `\(sibling): \(yamlText(text))`")
        }
    }

    private func didYouMean(_ near: String, _ text: String) -> String {
        let literal = context == .pattern ? " if not, write `[{exactly: \(yamlText(text))}]`" : ""
        return "did you mean `\(near)`?" + literal
    }

    private func checkFunction(_ text: String, _ value: Node, _ field: ScopedField) {
        let isCall = field.scope.types == [.routerFunctionCallReady] && context == .pattern
        if isCall, let route = functions.ofRoute, !route.names.contains(text) {
            diagnostics.warning(
                "the handler \(quoted(route.handler)) has no function \(quoted(text))", at: value,
                help: suggestion(for: text, among: route.names.sorted(), called: "functions"))
        } else if !functions.all.contains(text), let near = closest(to: text, among: functions.all.sorted()) {
            diagnostics.warning(
                "no handler of this file has a function \(quoted(text))", at: value, help: didYouMean(near, text))
        }
    }

    /// The sibling of an id field that the author probably meant: a field whose known values include the text, or
    /// `name` if the text is a function.
    private func sibling(of field: ScopedField, with text: String) -> String? {
        guard !field.scope.isOpen, let outer = field.scope.shape.shape(at: field.path.dropLast()) else { return nil }
        if let name = outer.fieldName(of: text) { return name }
        return functions.all.contains(text) && outer.field("name") != nil ? "name" : nil
    }
}

extension ScopedField {
    /// Whether the field is the name of a function that the model calls.
    fileprivate var namesFunction: Bool {
        let calls: Set<EventType> = [
            .routerFunctionCallReady, .routerFunctionCallDone, .responseFunctionCallArgumentsDone,
        ]
        return path == ["item", "name"] || path == ["name"] && !scope.isOpen && calls.isSuperset(of: scope.types)
    }

    fileprivate var isID: Bool { path.last.map { $0 == "id" || $0.hasSuffix("_id") } ?? false }
}

/// Names in a sentence: `a`, `b`, `c`.
func codeList(_ names: [String]) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
}
