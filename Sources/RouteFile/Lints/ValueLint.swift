import ConfigSource
import EventPatterns
import RealtimeEvents

/// Warns of values that a field never has: a wrong type, a word that is not among the known ones, an operator inside a text.
struct ValueLint {
    /// Where the values stand.
    enum Setting {
        /// In a pattern.
        case pattern
        /// In a pattern, under `anything-but`.
        case negation
        /// In the event of a test.
        case event
    }

    /// The lists of the file, as they stand there.
    var lists: [String: Node] = [:]
    /// The functions that the file knows.
    var functions = KnownFunctions()
    /// Where the values stand.
    var setting = Setting.pattern
    let diagnostics: Diagnostics

    /// Checks one value. In a pattern it may be an operator in a text: then nothing else is reported.
    func check(_ value: Node, _ field: FieldPlace) {
        guard let text = value.string, !field.form.knownValues.contains(text) else {
            _ = hasRightKind(value, field)
            return
        }
        if setting != .event, let written = WrittenOperator.found(in: text, field.form, isInSeconds: field.isInSeconds)
        {
            warn(of: written, text, value, field)
        } else if hasRightKind(value, field), mayHaveValue(text, value, field) {
            checkSpelling(text, value, field)
        }
    }

    /// Checks the argument of `exactly`: it says that the text is meant as it stands, so that only what is certain is reported.
    func checkExactly(_ value: Node, _ field: FieldPlace) {
        guard hasRightKind(value, field), let text = value.string else { return }
        _ = mayHaveValue(text, value, field)
    }

    // MARK: - Operators in a text

    private func warn(of written: WrittenOperator, _ text: String, _ value: Node, _ field: FieldPlace) {
        let replacement = written.replacement(isNegated: setting == .negation).map { "write `\($0)`" }
        guard field.form.holdsStrings || field.form.isAnything || field.scope.isOpen else {
            warnOfKind(value, field, help: field.form.holdsNumbers ? replacement : nil)
            return
        }
        let literal = setting == .negation ? nil : ", or `[{exactly: \(yamlText(text))}]` for these characters"
        diagnostics.warning(
            "\(quoted(field.name)) is compared with \(quoted(text)) character by character", at: value,
            help: replacement.map { $0 + (literal ?? "") })
    }

    // MARK: - Types

    /// Whether a value has a type that the field holds; warns if not.
    private func hasRightKind(_ value: Node, _ field: FieldPlace) -> Bool {
        let isRight = mayHold(value, field)
        if !isRight { warnOfKind(value, field) }
        if value.isNull, field.scope.isDerived, !field.form.isAnything, setting != .event {
            diagnostics.warning(
                "the router leaves \(quoted(field.name)) out where it has no value, and never writes null", at: value,
                help: "write `[{exists: false}]`")
        }
        return isRight
    }

    /// Whether a field can hold values of this type.
    func mayHold(_ value: Node, _ field: FieldPlace) -> Bool {
        let form = field.form
        guard let kind = value.scalar?.value, !form.isAnything, !field.scope.isOpen else { return true }
        switch kind {
        case .null: return true
        case .number: return form.holdsNumbers
        case .bool: return form.holdsBooleans
        case .string(let text):
            // Some servers write a text where others write an object.
            let mayReplaceObject =
                form.holdsFields && !field.scope.isDerived && (setting == .event || form.innerPath(to: text) == nil)
            return form.holdsStrings || mayReplaceObject
        }
    }

    /// Reports a value of a type that the field does not hold.
    func warnOfKind(_ value: Node, _ field: FieldPlace, help: String? = nil) {
        let holds = "\(quoted(field.name)) holds \(field.form.description)"
        let message =
            switch setting {
            case .pattern: "\(holds): \(value.kindDescription) never matches"
            case .negation: "\(holds): `anything-but` with \(value.kindDescription) excludes nothing"
            case .event: "\(holds), so an event with \(value.kindDescription) never comes"
            }
        diagnostics.warning(
            message, at: value, help: help ?? ValueHelp(field: field, isPattern: setting != .event).value(value))
    }

    // MARK: - Known values

    /// Whether a field can have a text as its value; warns if its values are all known and the text is none of them.
    private func mayHaveValue(_ text: String, _ value: Node, _ field: FieldPlace) -> Bool {
        let known = field.form.knownValues
        guard field.form.isClosed, !field.scope.isOpen, !known.contains(text) else { return true }
        let near = misspelled(text, among: known, mistakes: 2).map { "did you mean `\($0)`? " } ?? ""
        diagnostics.warning(
            "\(quoted(field.name)) is never \(quoted(text))", at: value, help: near + "its values: \(codeList(known))")
        return false
    }

    /// Checks a text against the known values of a field that can have others too.
    private func checkSpelling(_ text: String, _ value: Node, _ field: FieldPlace) {
        if field.namesFunction {
            checkFunction(text, value, field)
        } else if let near = misspelled(text, among: field.form.knownValues, mistakes: 2) {
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
        let literal = setting == .pattern ? " if not, write `[{exactly: \(yamlText(text))}]`" : ""
        return "did you mean `\(near)`?" + literal
    }

    private func checkFunction(_ text: String, _ value: Node, _ field: FieldPlace) {
        let isCall = field.scope.types == [.routerFunctionCallReady] && setting == .pattern
        if isCall, let route = functions.ofRoute, !route.names.contains(text) {
            diagnostics.warning(
                "the handler \(quoted(route.handler)) has no function \(quoted(text))", at: value,
                help: suggestion(for: text, among: route.names.sorted(), called: "functions"))
        } else if !functions.all.contains(text), let near = closest(to: text, among: functions.all.sorted()) {
            diagnostics.warning(
                "no handler of this file has a function \(quoted(text))", at: value, help: didYouMean(near, text))
        }
    }

    /// The field beside an id that has a text among its known values, or names the function of this name.
    private func sibling(of field: FieldPlace, with text: String) -> String? {
        guard !field.scope.isOpen, let outer = field.scope.place.place(at: field.path.dropLast()) else { return nil }
        if let name = outer.fieldName(of: text) { return name }
        return functions.all.contains(text) && outer.field("name") != nil ? "name" : nil
    }
}

extension FieldPlace {
    /// Whether it names a function that the model calls.
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
