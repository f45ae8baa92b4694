import RecordFiles

/// The hours and days at which a route may fire.
public struct RouteSchedule: Sendable, Hashable {
    /// A day of the week, as routes.yml writes it.
    public enum Weekday: String, CaseIterable, Sendable {
        case mon, tue, wed, thu, fri, sat, sun
    }

    /// A range of the time of day: `08:00-18:00`.
    public struct Hours: Sendable, Hashable {
        /// The minute of the day at which the range begins.
        public let start: Int
        /// The minute of the day at which the range ends. If not later than ``start``, it is a minute of the next day.
        public let end: Int

        /// Parses a range such as `08:00-18:00` or `22:00-06:00`; the end may be `24:00`. Returns nil for any other
        /// text.
        public init?(_ text: String) {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, let start = Self.minute(parts[0]), let end = Self.minute(parts[1]), start < 1440
            else { return nil }
            self.start = start
            self.end = end
        }

        private static func minute(_ text: Substring) -> Int? {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
                parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
                let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
            else { return nil }
            return hour * 60 + minute
        }
    }

    /// The ranges of the time of day; empty for the whole day.
    public var hours: [Hours]
    /// The days; empty for every day. A range that passes midnight belongs to the day on which it begins.
    public var days: Set<Weekday>
    /// The time zone of the hours and days.
    public var zone: TimeZoneRules

    /// Creates a schedule.
    public init(hours: [Hours] = [], days: Set<Weekday> = [], zone: TimeZoneRules) {
        self.hours = hours
        self.days = days
        self.zone = zone
    }

    /// Whether a moment is within the schedule.
    ///
    /// - Parameter moment: Seconds since 1970-01-01T00:00:00Z.
    public func contains(_ moment: Double) -> Bool {
        guard let local = localTime(moment) else { return false }
        guard !hours.isEmpty else { return takes(local.day) }
        return hours.contains { hours in
            guard hours.end <= hours.start else {
                return local.minute >= hours.start && local.minute < hours.end && takes(local.day)
            }
            return local.minute >= hours.start && takes(local.day)
                || local.minute < hours.end && takes(local.day - 1)
        }
    }

    /// The local time of a moment, for messages: `Sat 23:10 in Europe/Lisbon`.
    public func description(of moment: Double) -> String {
        guard let local = localTime(moment) else { return "a time out of range" }
        let (hour, minute) = (local.minute / 60, local.minute % 60)
        return "\(Self.weekday(local.day).rawValue.capitalizedASCII) \(hour < 10 ? "0" : "")\(hour):"
            + "\(minute < 10 ? "0" : "")\(minute) in \(zone.name)"
    }

    private func takes(_ day: Int) -> Bool { days.isEmpty || days.contains(Self.weekday(day)) }

    /// The local day since 1970-01-01 and the minute of that day; nil for moments beyond any calendar.
    private func localTime(_ moment: Double) -> (day: Int, minute: Int)? {
        guard abs(moment) < 1e12 else { return nil }
        let seconds = Int(moment.rounded(.down))
        let (day, second) = (seconds + zone.offset(at: seconds)).dividedRoundingDown(by: 86_400)
        return (day, second / 60)
    }

    /// 1970-01-01 was a Thursday.
    private static func weekday(_ day: Int) -> Weekday {
        Weekday.allCases[(day + 3).dividedRoundingDown(by: 7).remainder]
    }
}

extension String {
    /// The text with its first letter in upper case, for ASCII.
    fileprivate var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}
