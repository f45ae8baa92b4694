import ConfigSource
import EventRouter

extension RouteFileReader {
    /// Reads `when`: `{between: "08:00-18:00", days: [mon, tue], timezone: Europe/Lisbon}`.
    func schedule(_ section: inout Section) -> RouteSchedule? {
        guard var inner = section.read(RouteKeys.when) else { return nil }
        let hours = inner.read(WhenKeys.between) == nil ? [] : self.hours(&inner)
        let days = inner.read(WhenKeys.days).map { self.days($0) } ?? []
        let name = inner.read(WhenKeys.timezone)
        let zone = name.flatMap { self.zone($0, inner) }
        if !inner.keys.isEmpty, !inner.has("between"), !inner.has("days") {
            diagnostics.error(
                "`when` needs the key `between` or `days`", at: inner.node,
                help: "write `between: \"08:00-18:00\"` or `days: [sat, sun]`")
        }
        inner.finish()
        return zone.map { RouteSchedule(hours: hours, days: days, zone: $0) }
    }

    private func hours(_ section: inout Section) -> [RouteSchedule.Hours] {
        guard let node = section.node("between") else { return [] }
        if node.list?.isEmpty ?? false { section.error("`between` names no range of times", at: "between") }
        return (node.list ?? [node]).compactMap { element in
            guard let text = element.string else { return nil }
            guard let hours = RouteSchedule.Hours(ScheduleHelp.withoutBlanks(text)) else {
                diagnostics.error(
                    "`between` must be a range of times such as `08:00-18:00`, and this is \(quoted(text))",
                    at: element, help: ScheduleHelp.help(forHours: text))
                return nil
            }
            guard hours.start != hours.end else {
                diagnostics.error(
                    "\(quoted(text)) begins and ends at the same time", at: element,
                    help: "leave out `between` for the whole day")
                return nil
            }
            return hours
        }
    }

    private func days(_ node: Node) -> Set<RouteSchedule.Weekday> {
        let names = RouteSchedule.Weekday.allCases.map(\.rawValue)
        if node.list?.isEmpty ?? false {
            diagnostics.error("`days` names no day", at: node, help: "leave it out for every day")
        }
        return Set(
            (node.list ?? [node]).compactMap { element in
                let text = element.string ?? ""
                if let day = RouteSchedule.Weekday(rawValue: text) { return day }
                diagnostics.error(
                    "a day must be one of \(names.map { quoted($0) }.joined(separator: ", ")), and this is "
                        + (element.string.map { quoted($0) } ?? element.kindDescription),
                    at: element, help: ScheduleHelp.help(forDay: text, isOneOfSeveral: (node.list?.count ?? 1) > 1))
                return nil
            })
    }

    private func zone(_ name: String, _ section: Section) -> TimeZoneRules? {
        do throws(TimeZoneRules.Failure) {
            return try TimeZoneRules.load(name)
        } catch {
            switch error {
            case .noData(let folder):
                section.error(
                    "this system has no time zone data in \(folder), which \(quoted(name)) needs", at: "timezone",
                    help: "install the package `tzdata`, set TZDIR to a folder that has the data, or write `UTC`")
            case .unknown(let names):
                section.error(
                    "there is no time zone \(quoted(name))", at: "timezone",
                    help: ScheduleHelp.help(forZone: name, among: names))
            case .unreadable(let path):
                section.error(
                    "\(path) is not time zone data", at: "timezone", help: "install the package `tzdata` again")
            }
            return nil
        }
    }
}

/// The help for hours, days and time zones in a syntax that `when` does not accept.
enum ScheduleHelp {
    // MARK: - Hours

    /// A time range without the spaces around its dash.
    static func withoutBlanks(_ text: String) -> String {
        text.split(separator: "-", omittingEmptySubsequences: false).map { $0.trimming(" ") }.joined(separator: "-")
    }

    /// The help for a text that is not a time range.
    static func help(forHours text: String) -> String {
        var plain = text
        for dash in ["–", "—", " to ", "..", "/"] { plain = plain.replacing(dash, with: "-") }
        plain = withoutBlanks(plain)
        if RouteSchedule.Hours(plain) != nil { return "write `\(plain)`" }
        return "write hours from 00 to 23 and minutes; a range past midnight is `22:00-06:00`"
    }

    // MARK: - Days

    /// The help for a text that is not a day; nil if it does not resemble one.
    ///
    /// - Parameter isOneOfSeveral: whether the text is in a list with other days.
    static func help(forDay text: String, isOneOfSeveral: Bool) -> String? {
        let word = text.lowercased()
        let all = RouteSchedule.Weekday.allCases
        if let day = day(word) { return "did you mean `\(day.rawValue)`?" }
        let meant: [RouteSchedule.Weekday]
        switch word.filter(\.isLetter) {
        case "weekdays", "weekday", "workdays", "workday", "workingdays", "businessdays": meant = Array(all[..<5])
        case "weekend", "weekends": meant = Array(all[5...])
        case "daily", "everyday", "all", "alldays", "always": return "leave out `days` for every day"
        default: meant = range(word)
        }
        guard !meant.isEmpty else { return nil }
        let list = meant.map(\.rawValue).joined(separator: ", ")
        return isOneOfSeveral ? "name each day: `\(list)`" : "name each day: `[\(list)]`"
    }

    /// A day by its English name, or by the first three or more letters of the name.
    private static func day(_ word: some StringProtocol) -> RouteSchedule.Weekday? {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        let word = word.hasSuffix("s") ? word.dropLast() : word[...]
        guard word.count >= 3, let index = names.firstIndex(where: { $0.hasPrefix(word) }) else { return nil }
        return RouteSchedule.Weekday.allCases[index]
    }

    /// The days of a range such as `mon-fri` or `sat to mon`; empty if the text is not a range.
    private static func range(_ word: String) -> [RouteSchedule.Weekday] {
        for separator in ["-", "–", "..", " to ", "/"] {
            let ends = word.split(separator: separator).compactMap { day($0.trimming(" ").trimming(".")) }
            guard ends.count == 2, let first = index(of: ends[0]), let last = index(of: ends[1]) else { continue }
            let all = RouteSchedule.Weekday.allCases
            return Array(first <= last ? all[first...last] : all[first...] + all[...last])
        }
        return []
    }

    private static func index(of day: RouteSchedule.Weekday) -> Int? {
        RouteSchedule.Weekday.allCases.firstIndex(of: day)
    }

    // MARK: - Time zones

    /// The help for a name that is not a time zone: the zone of a city with this name, or the closest name. An
    /// abbreviation is not treated as a misspelt name, because it can mean several zones.
    static func help(forZone name: String, among names: [String]) -> String {
        let form = "write a name such as `Europe/Lisbon`, or `UTC`"
        let place = name.replacing(" ", with: "_").lowercased()
        // Prefers `America/Louisville` to `America/Kentucky/Louisville`.
        let zones = names.filter { $0.contains("/") && !$0.hasPrefix("Etc/") }.sorted {
            ($0.utf8.count, $0) < ($1.utf8.count, $1)
        }
        let byPlace = Dictionary(zones.map { (lastPart($0), $0) }) { first, _ in first }
        if let zone = names.first(where: { $0.lowercased() == place }) ?? byPlace[place] {
            return "did you mean `\(zone)`?"
        }
        guard !isAbbreviation(name) else { return "abbreviations and offsets do not cover summer time: " + form }
        let near =
            place.contains("/")
            ? closest(to: name, among: names)
            : misspelled(place, among: byPlace.keys, mistakes: 2).flatMap { byPlace[$0] }
        return near.map { "did you mean `\($0)`?" } ?? form
    }

    private static func lastPart(_ zone: String) -> String {
        zone.split(separator: "/").last.map { $0.lowercased() } ?? zone
    }

    /// Whether a name is an abbreviation or an offset: `PST`, `cest`, `GMT+1`, `+02:00`.
    private static func isAbbreviation(_ name: String) -> Bool {
        let letters = name.prefix(while: \.isLetter)
        guard letters.count <= 4 else { return false }
        return name[letters.endIndex...].allSatisfy { $0.isNumber || "+-: ".contains($0) }
    }
}
