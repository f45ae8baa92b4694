import RecordFiles

/// A rule for daylight saving in all years, as in the POSIX variable `TZ`: `WET0WEST,M3.5.0/1,M10.5.0`.
struct POSIXTimeZoneRule: Sendable, Hashable {
    /// A day of every year, and a time of that day.
    private struct Change: Hashable {
        enum Day: Hashable {
            /// From 1 to 365; February 29 is never counted.
            case julian(Int)
            /// From 0 to 365, February 29 included.
            case ofYear(Int)
            /// A weekday (0 is Sunday) in a month. Week 1 is its first occurrence in the month, week 5 its last.
            case weekday(Int, week: Int, month: Int)
        }

        var day: Day
        /// Seconds after midnight; may be negative or more than a day.
        var time: Int
    }

    private struct Saving: Hashable {
        var offset: Int
        var begins: Change
        var ends: Change
    }

    /// The standard offset from UTC, in seconds.
    private let standard: Int
    private let saving: Saving?

    /// Parses a rule. Returns nil for any other text.
    init?(_ text: String) {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard reader.skipName(), let standard = reader.time() else { return nil }
        self.standard = -standard
        guard !reader.rest.isEmpty else {
            saving = nil
            return
        }
        guard reader.skipName() else { return nil }
        let hasOffset = reader.rest.first.map { $0 != UInt8(ascii: ",") } ?? false
        let offset = hasOffset ? reader.time().map { -$0 } : self.standard + 3600
        guard let offset, let begins = reader.change(), let ends = reader.change(), reader.rest.isEmpty else {
            return nil
        }
        saving = Saving(offset: offset, begins: begins, ends: ends)
    }

    /// The offset from UTC at a moment, in seconds.
    func offset(at moment: Int) -> Int {
        guard let saving else { return standard }
        let day = (moment + standard).dividedRoundingDown(by: 86_400).quotient
        let year = CivilDate(daysSince1970: day).year
        // Each change is given in the local time before it.
        let begins = Self.moment(of: saving.begins, in: year) - standard
        let ends = Self.moment(of: saving.ends, in: year) - saving.offset
        // In the southern hemisphere the year begins in daylight saving time.
        let isSaving =
            begins < ends ? moment >= begins && moment < ends : moment >= begins || moment < ends
        return isSaving ? saving.offset : standard
    }

    /// The moment of a change in a year, in the local time before the change, in seconds since 1970.
    private static func moment(of change: Change, in year: Int) -> Int {
        let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970
        let day: Int
        switch change.day {
        case .julian(let number): day = newYear + number - 1 + (CivilDate.isLeap(year) && number >= 60 ? 1 : 0)
        case .ofYear(let number): day = newYear + number
        case .weekday(let weekday, let week, let month):
            let first = CivilDate(year: year, month: month, day: 1).daysSince1970
            // 1970-01-01 was a Thursday.
            let firstWeekday = (first + 4).dividedRoundingDown(by: 7).remainder
            let days = (weekday - firstWeekday + 7) % 7 + 7 * (week - 1)
            day = first + (days < CivilDate.days(ofMonth: month, in: year) ? days : days - 7)
        }
        return day * 86_400 + change.time
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// Skips a name such as `WET` or `<-03>`.
        mutating func skipName() -> Bool {
            if skip("<") {
                rest = rest.drop { $0 != UInt8(ascii: ">") }
                return skip(">")
            }
            let name = rest.prefix { (0x41...0x5A).contains($0 & 0xDF) }
            rest = rest.dropFirst(name.count)
            return name.count >= 3
        }

        mutating func number() -> Int? {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }

        /// Parses a time such as `5`, `-3:30` or `+02:00:00`; returns seconds.
        mutating func time() -> Int? {
            let isNegative = skip("-")
            if !isNegative { _ = skip("+") }
            guard var seconds = number().map({ $0 * 3600 }) else { return nil }
            for unit in [60, 1] where skip(":") {
                guard let part = number(), part < 60 else { return nil }
                seconds += part * unit
            }
            return isNegative ? -seconds : seconds
        }

        /// Parses a change such as `,M3.5.0/1`, `,J60` or `,0/0`.
        mutating func change() -> Change? {
            guard skip(","), let day = day() else { return nil }
            guard skip("/") else { return Change(day: day, time: 7200) }
            return time().map { Change(day: day, time: $0) }
        }

        private mutating func day() -> Change.Day? {
            if skip("J") { return number().flatMap { (1...365).contains($0) ? .julian($0) : nil } }
            guard skip("M") else { return number().flatMap { (0...365).contains($0) ? .ofYear($0) : nil } }
            guard let month = number(), skip("."), let week = number(), skip("."), let weekday = number(),
                (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday)
            else { return nil }
            return .weekday(weekday, week: week, month: month)
        }
    }
}
