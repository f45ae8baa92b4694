extension Section {
    /// A time span: `250ms`, `5s`, `2m`, `24h`, `30d`; fractions such as `1.5s` too. A bare number is an error, and so is what
    /// lies outside the bounds.
    public mutating func duration(_ key: String, in range: ClosedRange<Duration>? = nil) -> Duration? {
        guard let value = node(key) else { return nil }
        let help = DurationHelp(range: range)
        if let number = value.number {
            diagnostics.error(
                "`\(key)` must be \(help.forms), and \(quoted(number)) has no unit", at: value,
                help: help.missingUnit(number))
            return nil
        }
        guard let text = value.string else {
            wrongKind(key, value, mustBe: help.forms)
            return nil
        }
        guard let duration = Measure.duration(text) else {
            let isReplaced = value.scalar?.isReplaced ?? false
            diagnostics.error(
                "`\(key)` must be \(help.forms), and this is \(quoted(text))", at: value,
                help: isReplaced ? nil : help.otherUnit(text))
            return nil
        }
        guard range?.contains(duration) ?? true else {
            diagnostics.error("`\(key)` must be \(help.bounds), and this is \(quoted(text))", at: value)
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
