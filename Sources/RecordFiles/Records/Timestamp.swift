/// A point in time, formatted as RFC 3339 in UTC with milliseconds: `2026-01-31T09:05:01.250Z`.
public struct Timestamp: Sendable, Hashable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let unix: Double

    /// Creates a timestamp.
    public init(unix: Double) {
        self.unix = unix
    }

    /// The RFC 3339 form.
    public var description: String {
        // A recording may claim any time. The bounds are about 30,000 years away.
        let seconds = min(max(unix, -1e12), 1e12)
        let milliseconds = Int((seconds * 1000).rounded(.down))
        let (days, rest) = milliseconds.dividedRoundingDown(by: 86_400_000)
        let date = CivilDate(daysSince1970: days)
        let time = "\(pad(rest / 3_600_000)):\(pad(rest / 60_000 % 60)):\(pad(rest / 1000 % 60)).\(pad(rest % 1000, 3))"
        return "\(pad(date.year, 4))-\(pad(date.month))-\(pad(date.day))T\(time)Z"
    }

    private func pad(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp {
    /// Parses RFC 3339 with any UTC offset: `2026-01-31T09:05:01Z`, `2026-01-31T09:05:01.25+01:00`. Returns nil for
    /// anything else.
    public init?(_ text: String) {
        var reader = DigitReader(rest: Array(text.utf8)[...])
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), reader.skip("Tt "), let hour = reader.number(2), reader.skip(":"),
            let minute = reader.number(2), reader.skip(":"), let second = reader.number(2),
            (1...12).contains(month), (1...CivilDate.days(ofMonth: month, in: year)).contains(day),
            hour < 24, minute < 60, second <= 60, let fraction = reader.fraction(), let offset = reader.offset(),
            reader.rest.isEmpty
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        self.init(unix: Double(days * 86_400 + hour * 3600 + minute * 60 + second - offset) + fraction)
    }
}

/// Parses the parts of a date and time.
private struct DigitReader {
    var rest: ArraySlice<UInt8>

    /// Parses a number of exactly `count` digits.
    mutating func number(_ count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Skips the next character if it is one of `characters`; returns whether it did.
    mutating func skip(_ characters: StaticString) -> Bool {
        guard let first = rest.first,
            characters.withUTF8Buffer({ $0.contains(first) })
        else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Parses a fraction of a second; returns 0 if there is none, and nil if it has no digits.
    mutating func fraction() -> Double? {
        guard skip(".") else { return 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reversed().reduce(0.0) { ($0 + Double($1 - 0x30)) / 10 }
    }

    /// Parses the offset from UTC, in seconds.
    mutating func offset() -> Int? {
        if skip("Zz") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard skip("+-"), let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

/// A day of the proleptic Gregorian calendar.
package struct CivilDate: Hashable {
    /// The year.
    package var year: Int
    /// The month, from 1.
    package var month: Int
    /// The day of the month, from 1.
    package var day: Int

    /// Creates a date. The values are not checked.
    package init(year: Int, month: Int, day: Int) {
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The day that is `days` days after 1970-01-01.
    ///
    /// The calculation uses eras of 400 years that begin on the first of March, so that the leap day is the last day of
    /// a year.
    package init(daysSince1970 days: Int) {
        let (era, day) = (days + 719_468).dividedRoundingDown(by: 146_097)
        let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        self.init(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// The number of days since 1970-01-01.
    package var daysSince1970: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = marchYear.dividedRoundingDown(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Whether a year has a 29th of February.
    package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// The number of days of a month. January is 1.
    package static func days(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Int {
    /// The quotient rounded down, and the remainder, which is never negative.
    package func dividedRoundingDown(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let quotient = self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor)
        return (quotient, self - quotient * divisor)
    }
}
