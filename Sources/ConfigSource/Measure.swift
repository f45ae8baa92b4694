/// Reads and writes time spans and sizes as they stand in a configuration.
public enum Measure {
    /// A time span from `250ms`, `5s`, `2m`, `24h`, `30d` or a fraction such as `1.5s`; nil when it is none, or too long.
    public static func duration(_ text: String) -> Duration? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let unit = milliseconds(inUnit: text[number.endIndex...]) else { return nil }
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = Int64(first) else { return nil }
        let (total, overflow) = whole.multipliedReportingOverflow(by: unit)
        // Ten thousand years, so that sums of a few cannot overflow either.
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

    /// A time span in its largest whole unit: `90s`, `2m`, `250ms`.
    public static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        if attoseconds != 0 { return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms" }
        if seconds != 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds != 0, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }

    /// A number of bytes from `4096`, `64KiB`, `1MiB` or `1GiB`; nil when it is none, or too large.
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

    /// What to write for `64KB`, `64k` and the like, of which nobody knows whether 1000 or 1024 was meant.
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
