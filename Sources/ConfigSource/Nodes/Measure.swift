/// Parses and formats durations and sizes in configuration files.
public enum Measure {
    /// Parses a duration such as `250ms`, `5s`, `2m`, `24h`, `30d` or a fraction such as `1.5s`; returns nil if the
    /// text is not a duration or is too long.
    public static func duration(_ text: String) -> Duration? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let unit = milliseconds(inUnit: text[number.endIndex...]) else { return nil }
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = Int64(first) else { return nil }
        let (total, overflow) = whole.multipliedReportingOverflow(by: unit)
        // The limit is 10,000 years, so that sums of a few durations cannot overflow.
        guard !overflow, total <= 315_360_000_000_000 else { return nil }
        var duration = Duration.milliseconds(total)
        if parts.count == 2 {
            guard (1...9).contains(parts[1].utf8.count), let digits = Int64(parts[1]) else { return nil }
            let scale = parts[1].utf8.reduce(Int64(1)) { scale, _ in scale * 10 }
            duration += Duration.milliseconds(unit) * digits / scale
        }
        return duration
    }

    private static func milliseconds(inUnit unit: Substring) -> Int64? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        default: nil
        }
    }

    /// A duration in its largest whole unit: `90s`, `2m`, `250ms`.
    public static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        if attoseconds != 0 { return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms" }
        if seconds != 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds != 0, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }

    /// Parses a number of bytes such as `4096`, `64KiB`, `1MiB` or `1GiB`; returns nil if the text is not a size or is
    /// too large.
    public static func byteSize(_ text: String) -> Int? {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(number), let unit = bytes(inUnit: text[number.endIndex...]) else { return nil }
        let (total, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? nil : total
    }

    /// A number of bytes in its largest whole unit: `64KiB`, `1MiB`, `4000`.
    public static func text(bytes count: Int) -> String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where count != 0 && count & ((1 << shift) - 1) == 0
        {
            return "\(count >> shift)\(unit)"
        }
        return String(count)
    }

    private static func bytes(inUnit unit: Substring) -> Int? {
        switch unit {
        case "": 1
        case "KiB": 1 << 10
        case "MiB": 1 << 20
        case "GiB": 1 << 30
        default: nil
        }
    }

    /// The help for sizes such as `64KB` and `64k`, which may mean multiples of 1000 or of 1024.
    static func decimalUnitHelp(_ text: String) -> String? {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        guard !number.isEmpty else { return nil }
        switch text[number.endIndex...].drop(while: { $0 == " " }).first {
        case "k", "K": return "write `\(number)KiB`"
        case "m", "M": return "write `\(number)MiB`"
        case "g", "G": return "write `\(number)GiB`"
        default: return nil
        }
    }
}

/// Builds the messages for a value that is not a duration or is out of bounds.
struct DurationMessages {
    /// The bounds of the key; nil if every duration is allowed.
    let range: ClosedRange<Duration>?

    /// Examples for the message. Durations below the lower bound are left out, unless all are below it.
    var examples: String {
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

    /// The bounds in words: `from 1h to 3650d`.
    var bounds: String {
        range.map { "from \(Self.text($0.lowerBound)) to \(Self.text($0.upperBound))" } ?? ""
    }

    /// The help for a number without a unit: the units with which it is within the bounds.
    func missingUnit(_ number: String) -> String? {
        guard !number.hasPrefix("-") else { return nil }
        let isOfSeconds = (range?.lowerBound ?? .zero) <= .seconds(1)
        let units = (isOfSeconds ? ["s", "ms"] : ["d", "h", "m", "s"]).filter { allows(number + $0) }
        guard !units.isEmpty else { return range == nil ? nil : "write a time \(bounds)" }
        return "add a unit: " + units.prefix(2).map { "`\(number)\($0)`" }.joined(separator: " or ")
    }

    /// The help for a duration in another notation: `30days`, `2 weeks`, `1y`.
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

    /// A duration for a message; two or more whole days are written in days.
    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let isInDays = attoseconds == 0 && seconds >= 172_800 && seconds % 86_400 == 0
        return isInDays ? "\(seconds / 86_400)d" : Measure.text(duration)
    }
}
