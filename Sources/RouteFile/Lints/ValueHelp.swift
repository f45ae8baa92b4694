import ConfigSource

/// What to write in place of a value or an operator that the type of a field does not allow.
struct ValueHelp {
    let field: FieldPlace
    /// Whether the value stands in a pattern, and not in the event of a test.
    let isPattern: Bool

    /// The help for a plain value.
    func value(_ value: Node) -> String? {
        guard let text = value.scalar?.text, text.utf8.count <= 80 else { return nil }
        let form = field.form
        if form.holdsBooleans { return Self.boolean(text) }
        if form.holdsNumbers { return number(text) }
        if form.holdsStrings { return "write `\"\(text)\"`" }
        if let path = form.innerPath(to: text) { return "write `\(field.written(path, yamlText(text)))`" }
        return form.fieldNames.first.map { "write one of its fields: `\(field.written([$0], "…"))`" }
    }

    /// The help for an operator that cannot match the field's values.
    func operation() -> String? {
        let form = field.form
        if form.holdsBooleans { return "write `true` or `false`" }
        if form.holdsNumbers { return "write `[{numeric: [\">\", 500]}]`" }
        if form.holdsStrings { return "write the text itself, or `[{prefix: text}]`" }
        return form.fieldNames.first.map { "write it for one of its fields: `\(field.written([$0], "…"))`" }
    }

    private static func boolean(_ text: String) -> String {
        switch text.lowercased().filter({ !"!= ".contains($0) }) {
        case "true", "yes", "on", "y", "1": text.hasPrefix("!") ? "write `false`" : "write `true`"
        case "false", "no", "off", "n", "0": text.hasPrefix("!") ? "write `true`" : "write `false`"
        default: "write `true` or `false`"
        }
    }

    private func number(_ text: String) -> String {
        if Node.number(text).number != nil { return "leave out the quotes: `\(text)`" }
        if let duration = Measure.duration(text) {
            let unit = field.isInSeconds ? "seconds" : "ms"
            return "write the number of \(unit): `\(duration.number(inSeconds: field.isInSeconds))`"
        }
        return isPattern ? "compare it with a number: `[{numeric: [\">\", 500]}]`" : "write a number"
    }
}

extension FieldPlace {
    /// Whether the field's numbers are seconds.
    var isInSeconds: Bool { path.last.map { $0.hasSuffix("seconds") || ["start", "end"].contains($0) } ?? false }
}

extension Duration {
    /// The duration as a pattern writes it: a number of seconds or ms.
    func number(inSeconds isInSeconds: Bool) -> String {
        let number = isInSeconds ? self / .seconds(1) : self / .milliseconds(1)
        return number == number.rounded() ? String(Int(number)) : String(number)
    }
}

extension StringProtocol {
    /// The text without a character at its beginning and end.
    func trimming(_ character: Character) -> Substring {
        var rest = Substring(self)
        while rest.first == character { rest.removeFirst() }
        while rest.last == character { rest.removeLast() }
        return rest
    }
}
