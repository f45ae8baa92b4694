/// What to write for a time span that is not written as one, or that lies outside its bounds.
struct DurationHelp {
    /// The bounds of the key; nil if every time span will do.
    let range: ClosedRange<Duration>?

    /// Examples for the message, within the bounds where these exclude short times or allow long ones.
    var forms: String {
        var examples = ["250ms", "5s", "2m", "24h"]
        if let range {
            if range.upperBound >= .seconds(30 * 86_400) { examples.append("30d") }
            let fitting = examples.filter { allows($0) || Measure.duration($0).map { $0 > range.upperBound } ?? false }
            if !fitting.isEmpty { examples = fitting }
        }
        let words = examples.map { "`\($0)`" }
        guard words.count > 1, let last = words.last else { return "a duration such as \(words[0])" }
        return "a duration such as " + words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// The bounds for a message: `from 1h to 3650d`.
    var bounds: String {
        range.map { "from \(Self.text($0.lowerBound)) to \(Self.text($0.upperBound))" } ?? ""
    }

    /// The help for a bare number: units with which it lies within the bounds.
    func missingUnit(_ number: String) -> String? {
        guard !number.hasPrefix("-") else { return nil }
        let isOfSeconds = (range?.lowerBound ?? .zero) <= .seconds(1)
        let units = (isOfSeconds ? ["s", "ms"] : ["d", "h", "m", "s"]).filter { allows(number + $0) }
        guard !units.isEmpty else { return range == nil ? nil : "write a time \(bounds)" }
        return "add a unit: " + units.prefix(2).map { "`\(number)\($0)`" }.joined(separator: " or ")
    }

    /// The help for another way to write a time span: `30days`, `2 weeks`, `1y`.
    func otherUnit(_ text: String) -> String? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text[number.endIndex...].drop { $0 == " " }.lowercased()
        let written: String? =
            switch unit {
            case "milliseconds", "millisecond", "millis", "ms", "msec": "\(number)ms"
            case "seconds", "second", "secs", "sec", "s": "\(number)s"
            case "minutes", "minute", "mins", "min", "m": "\(number)m"
            case "hours", "hour", "hrs", "hr", "h": "\(number)h"
            case "days", "day", "d": "\(number)d"
            case "weeks", "week", "wks", "wk", "w": Self.days(number, each: 7)
            case "months", "month", "mo": Self.days(number, each: 30)
            case "years", "year", "yrs", "yr", "y": Self.days(number, each: 365)
            default: nil
            }
        return written.flatMap { allows($0) ? "write `\($0)`" : nil }
    }

    private func allows(_ text: String) -> Bool {
        guard let duration = Measure.duration(text) else { return false }
        return range?.contains(duration) ?? true
    }

    private static func days(_ number: Substring, each count: Int) -> String? {
        Int(number).flatMap { $0 <= 1000 ? "\($0 * count)d" : nil }
    }

    /// A time span for a message: in days where it is at least two.
    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let isInDays = attoseconds == 0 && seconds >= 172_800 && seconds % 86_400 == 0
        return isInDays ? "\(seconds / 86_400)d" : Measure.text(duration)
    }
}
