extension Section {
    /// Reads a string. Reports other scalars as errors and suggests quotes.
    public mutating func string(_ key: String) -> String? {
        guard let value = node(key) else { return nil }
        return string(value, key)
    }

    /// Reads a required string.
    public mutating func requiredString(_ key: String) -> String? {
        require(key) ? string(key) : nil
    }

    /// Reads a boolean.
    public mutating func bool(_ key: String) -> Bool? {
        guard let value = node(key) else { return nil }
        if let bool = value.bool { return bool }
        var help: String?
        if let scalar = value.scalar {
            switch scalar.text.lowercased() {
            case "true", "yes", "on": help = "write `true`"
            case "false", "no", "off": help = "write `false`"
            default: break
            }
        }
        wrongKind(key, value, mustBe: "true or false", help: help)
        return nil
    }

    /// Reads a whole number within bounds.
    public mutating func int(_ key: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
        guard let value = node(key) else { return nil }
        guard let text = value.number, !text.utf8.contains(where: { ".eE".utf8.contains($0) }) else {
            let isQuotedNumber = value.scalar.map { $0.isQuoted && Int($0.text) != nil } ?? false
            let help = isQuotedNumber ? "leave out the quotes" : value.scalar?.lookAlikeHelp
            wrongKind(key, value, mustBe: "a whole number", help: help)
            return nil
        }
        guard let number = Int(text), range.contains(number) else {
            diagnostics.error("`\(key)` must be \(Self.describe(range)), and this is \(quoted(text))", at: value)
            return nil
        }
        return number
    }

    /// Reads a number within bounds.
    public mutating func double(
        _ key: String, in range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
    ) -> Double? {
        guard let value = node(key) else { return nil }
        guard let text = value.number, let number = Double(text) else {
            wrongKind(key, value, mustBe: "a number", help: value.scalar?.lookAlikeHelp)
            return nil
        }
        guard range.contains(number) else {
            let bounds = "a number from \(range.lowerBound) to \(range.upperBound)"
            diagnostics.error("`\(key)` must be \(bounds), and this is \(quoted(text))", at: value)
            return nil
        }
        return number
    }

    /// Reads one of several strings.
    public mutating func choice(_ key: String, among words: [String]) -> String? {
        guard let value = node(key) else { return nil }
        guard let text = value.string else {
            wrongKind(key, value, mustBe: Self.oneOf(words))
            return nil
        }
        if words.contains(text) { return text }
        let help = closest(to: text, among: words).map { "did you mean `\($0)`?" }
        diagnostics.error("`\(key)` must be \(Self.oneOf(words)), and this is \(quoted(text))", at: value, help: help)
        return nil
    }

    /// Reads a list whose elements are among `words`. Any other element is an error and is left out.
    public mutating func choices(_ key: String, among words: [String]) -> [String]? {
        guard let value = node(key) else { return nil }
        guard let elements = value.list else {
            let help = value.string.map { "write `[\($0)]`" }
            wrongKind(key, value, mustBe: "a list of \(Self.oneOf(words))", help: help)
            return nil
        }
        return elements.compactMap { element in
            guard let text = string(element, "each element of `\(key)`", isPhrase: true) else { return nil }
            if words.contains(text) { return text }
            let help = closest(to: text, among: words).map { "did you mean `\($0)`?" }
            diagnostics.error(
                "each element of `\(key)` must be \(Self.oneOf(words)), and this is \(quoted(text))", at: element,
                help: help)
            return nil
        }
    }

    /// Reads a list of strings. An element of another kind is an error and is left out.
    public mutating func stringList(_ key: String) -> [String]? {
        guard let value = node(key) else { return nil }
        guard let elements = value.list else {
            let help = value.string.map { "write `[\($0)]`" }
            wrongKind(key, value, mustBe: "a list of strings", help: help)
            return nil
        }
        return elements.compactMap { string($0, "each element of `\(key)`", isPhrase: true) }
    }

    /// Reads a list of strings, or a string, which counts as a list of one.
    public mutating func stringOrList(_ key: String) -> [String]? {
        guard let value = node(key) else { return nil }
        if let text = value.string { return [text] }
        if value.list != nil { return stringList(key) }
        let help = value.scalar.flatMap(Self.quotingHelp)
        wrongKind(key, value, mustBe: "a string or a list of strings", help: help)
        return nil
    }

    /// Reads a list with elements of any kind.
    public mutating func list(_ key: String) -> [Node]? {
        guard let value = node(key) else { return nil }
        if let elements = value.list { return elements }
        wrongKind(key, value, mustBe: "a list")
        return nil
    }

    /// Reads the entries of a mapping whose keys are names that the author chooses.
    public mutating func entries(_ key: String) -> [Node.Entry]? {
        guard let value = node(key) else { return nil }
        if let entries = value.entries { return entries }
        wrongKind(key, value, mustBe: "a mapping")
        return nil
    }

    /// Reads a mapping whose known keys are those that the caller reads. The caller must call its ``finish()``.
    public mutating func section(_ key: String) -> Section? {
        guard let value = node(key) else { return nil }
        return Section(value, what: "`\(key)`", diagnostics)
    }

    /// Reads a mapping whose known keys are those that `form` declares. The caller must call its ``finish()``.
    public mutating func section(_ key: String, _ form: SectionForm) -> Section? {
        guard let value = node(key) else { return nil }
        return Section(value, what: "`\(key)`", form, diagnostics)
    }

    private func string(_ value: Node, _ key: String, isPhrase: Bool = false) -> String? {
        if let text = value.string { return text }
        let help = value.scalar.flatMap(Self.quotingHelp)
        if isPhrase {
            diagnostics.error("\(key) must be a string, and this is \(value.kindDescription)", at: value, help: help)
        } else {
            wrongKind(key, value, mustBe: "a string", help: help)
        }
        return nil
    }

    private static func quotingHelp(_ scalar: Node.Scalar) -> String? {
        scalar.text.isEmpty ? nil : "quote it: `\"\(scalar.text)\"`"
    }

    private static func oneOf(_ words: [String]) -> String {
        let quotedWords = words.map { "`\($0)`" }
        guard quotedWords.count > 1, let last = quotedWords.last else { return quotedWords.first ?? "absent" }
        return quotedWords.dropLast().joined(separator: ", ") + " or " + last
    }

    private static func describe(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (Int.min, Int.max): "a whole number of at most 64 bits"
        case (let low, Int.max): "a whole number, at least \(low)"
        case (Int.min, let high): "a whole number, at most \(high)"
        case (let low, let high): "a whole number from \(low) to \(high)"
        }
    }
}

extension Section {
    /// Reads a duration such as `250ms`, `5s`, `2m`, `24h`, `30d` or `1.5s`. A number without a unit, and a duration
    /// outside the bounds, are errors.
    public mutating func duration(_ key: String, in range: ClosedRange<Duration>? = nil) -> Duration? {
        guard let value = node(key) else { return nil }
        return duration(value, "`\(key)`", in: range)
    }

    /// Reads a list of durations, or a duration, which counts as a list of one. A wrong element is an error and is left
    /// out.
    public mutating func durations(_ key: String, in range: ClosedRange<Duration>? = nil) -> [Duration]? {
        guard let value = node(key) else { return nil }
        guard let elements = value.list else { return duration(value, "`\(key)`", in: range).map { [$0] } }
        return elements.compactMap { duration($0, "each element of `\(key)`", in: range) }
    }

    private func duration(_ value: Node, _ what: String, in range: ClosedRange<Duration>?) -> Duration? {
        let help = DurationMessages(range: range)
        if let number = value.number {
            diagnostics.error(
                "\(what) must be \(help.examples), and \(quoted(number)) has no unit", at: value,
                help: help.missingUnit(number))
            return nil
        }
        guard let text = value.string else {
            diagnostics.error("\(what) must be \(help.examples), and this is \(value.kindDescription)", at: value)
            return nil
        }
        guard let duration = Measure.duration(text) else {
            let isReplaced = value.scalar?.isReplaced ?? false
            diagnostics.error(
                "\(what) must be \(help.examples), and this is \(quoted(text))", at: value,
                help: isReplaced ? nil : help.otherUnit(text))
            return nil
        }
        guard range?.contains(duration) ?? true else {
            diagnostics.error("\(what) must be \(help.bounds), and this is \(quoted(text))", at: value)
            return nil
        }
        return duration
    }

    /// Reads a number of bytes such as `64KiB`, `1MiB`, `2GiB` or a number without a unit. A size outside the bounds is
    /// an error.
    public mutating func byteSize(_ key: String, in range: ClosedRange<Int> = 0...Int.max) -> Int? {
        guard let value = node(key) else { return nil }
        let forms = "a size such as `4096`, `64KiB`, `1MiB` or `1GiB`"
        guard let text = value.number ?? value.string else {
            wrongKind(key, value, mustBe: forms)
            return nil
        }
        guard let size = Measure.byteSize(text) else {
            let help = Measure.decimalUnitHelp(text)
            diagnostics.error("`\(key)` must be \(forms), and this is \(quoted(text))", at: value, help: help)
            return nil
        }
        guard range.contains(size) else {
            let bounds =
                range.upperBound == Int.max
                ? "at least \(range.lowerBound) bytes" : "from \(range.lowerBound) to \(range.upperBound) bytes"
            diagnostics.error("`\(key)` must be \(bounds), and this is \(quoted(text))", at: value)
            return nil
        }
        return size
    }
}
