import RecordFiles

/// The hours and days at which a route may fire.
public struct RouteSchedule: Sendable, Hashable {
    /// A day of the week, as routes.yml writes it.
    public enum Weekday: String, CaseIterable, Sendable {
        case mon, tue, wed, thu, fri, sat, sun
    }

    /// A range of the time of day: `08:00-18:00`.
    public struct Hours: Sendable, Hashable {
        /// The minute of the day at which it begins.
        public let start: Int
        /// The minute of the day at which it is over. At or before ``start`` it is one of the next day.
        public let end: Int

        /// Parses `08:00-18:00` or `22:00-06:00`; the end may be `24:00`. Returns nil for anything else.
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

    /// The ranges of which one has to hold; none for the whole day.
    public var hours: [Hours]
    /// The days; a range that passes midnight belongs to the day on which it begins. None for every day.
    public var days: Set<Weekday>
    /// The zone whose clocks and days count.
    public var zone: TimeZoneRules

    /// Makes a schedule.
    public init(hours: [Hours] = [], days: Set<Weekday> = [], zone: TimeZoneRules) {
        self.hours = hours
        self.days = days
        self.zone = zone
    }

    /// Whether a moment lies in the schedule.
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

    /// A moment as the zone's clocks show it, for messages: `Sat 23:10 in Europe/Lisbon`.
    public func description(of moment: Double) -> String {
        guard let local = localTime(moment) else { return "another millennium" }
        let (hour, minute) = (local.minute / 60, local.minute % 60)
        return "\(Self.weekday(local.day).rawValue.capitalizedASCII) \(hour < 10 ? "0" : "")\(hour):"
            + "\(minute < 10 ? "0" : "")\(minute) in \(zone.name)"
    }

    private func takes(_ day: Int) -> Bool { days.isEmpty || days.contains(Self.weekday(day)) }

    /// The day since 1970-01-01 and the minute on it; nil for moments that no calendar is made for.
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
