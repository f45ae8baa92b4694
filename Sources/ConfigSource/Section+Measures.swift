extension Section {
    /// A time span: `250ms`, `5s`, `2m`, `24h`, `30d`; fractions such as `1.5s` too. A bare number is an error, and so is what
    /// lies outside the bounds.
    public mutating func duration(_ key: String, in range: ClosedRange<Duration>? = nil) -> Duration? {
        guard let value = node(key) else { return nil }
        return duration(value, "`\(key)`", in: range)
    }

    /// A time span, which counts as a list of one, or a list of time spans. An element that is wrong is an error, and left out.
    public mutating func durations(_ key: String, in range: ClosedRange<Duration>? = nil) -> [Duration]? {
        guard let value = node(key) else { return nil }
        guard let elements = value.list else { return duration(value, "`\(key)`", in: range).map { [$0] } }
        return elements.compactMap { duration($0, "each element of `\(key)`", in: range) }
    }

    private func duration(_ value: Node, _ what: String, in range: ClosedRange<Duration>?) -> Duration? {
        let help = DurationHelp(range: range)
        if let number = value.number {
            diagnostics.error(
                "\(what) must be \(help.forms), and \(quoted(number)) has no unit", at: value,
                help: help.missingUnit(number))
            return nil
        }
        guard let text = value.string else {
            diagnostics.error("\(what) must be \(help.forms), and this is \(value.kindDescription)", at: value)
            return nil
        }
        guard let duration = Measure.duration(text) else {
            let isReplaced = value.scalar?.isReplaced ?? false
            diagnostics.error(
                "\(what) must be \(help.forms), and this is \(quoted(text))", at: value,
                help: isReplaced ? nil : help.otherUnit(text))
            return nil
        }
        guard range?.contains(duration) ?? true else {
            diagnostics.error("\(what) must be \(help.bounds), and this is \(quoted(text))", at: value)
            return nil
        }
        return duration
    }

    /// A number of bytes: `64KiB`, `1MiB`, `2GiB`, or a bare number of bytes. What lies outside the bounds is an error.
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
