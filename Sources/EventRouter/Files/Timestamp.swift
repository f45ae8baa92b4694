/// A moment on the wall clock, written as RFC 3339 in UTC with milliseconds: `2026-01-31T09:05:01.250Z`.
public struct Timestamp: Sendable, Hashable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let unix: Double

    /// Makes a moment.
    public init(unix: Double) {
        self.unix = unix
    }

    /// The RFC 3339 form.
    public var description: String {
        let milliseconds = Int((unix * 1000).rounded(.down))
        let (days, rest) = Self.divide(milliseconds, by: 86_400_000)
        let (year, month, day) = Self.date(daysSince1970: days)
        let time = "\(pad(rest / 3_600_000)):\(pad(rest / 60_000 % 60)):\(pad(rest / 1000 % 60)).\(pad(rest % 1000, 3))"
        return "\(pad(year, 4))-\(pad(month))-\(pad(day))T\(time)Z"
    }

    private func pad(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func divide(_ value: Int, by divisor: Int) -> (Int, Int) {
        let quotient = value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
        return (quotient, value - quotient * divisor)
    }

    /// The proleptic Gregorian date, counted in eras of 400 years that begin on a first of March, so that the leap
    /// day is the last day of a year.
    private static func date(daysSince1970: Int) -> (Int, Int, Int) {
        let (era, day) = divide(daysSince1970 + 719_468, by: 146_097)
        let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
