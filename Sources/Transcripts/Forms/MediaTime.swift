/// A time since a session began, as people and players write it.
///
/// A server may say any number: it is brought between 0 and 99 hours.
struct MediaTime {
    static let range = 0...359_999_999
    private let milliseconds: Int

    init(_ milliseconds: Int) {
        self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
    }

    /// `1:02:03.4`, without the hours where there are none: `2:03.4`.
    var reading: String {
        let (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
        let rest = "\(pad(milliseconds / 1000 % 60, 2)).\(milliseconds % 1000 / 100)"
        return hours > 0 ? "\(hours):\(pad(minutes, 2)):\(rest)" : "\(minutes):\(rest)"
    }

    /// `3.4`: seconds.
    var seconds: String { "\(milliseconds / 1000).\(milliseconds % 1000 / 100)" }

    /// `01:02:03.400`, as captions have it, with another mark for SubRip.
    func cue(_ mark: String) -> String {
        let clock = [milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60].map { pad($0, 2) }
        return clock.joined(separator: ":") + mark + pad(milliseconds % 1000, 3)
    }

    private func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
