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
