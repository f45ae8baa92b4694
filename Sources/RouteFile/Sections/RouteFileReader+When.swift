import ConfigSource
import EventRouter

extension RouteFileReader {
    /// `{between: "08:00-18:00", days: [mon, tue], timezone: Europe/Lisbon}`
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
            guard let hours = RouteSchedule.Hours(WrittenTimes.withoutBlanks(text)) else {
                diagnostics.error(
                    "`between` must be a range of times such as `08:00-18:00`, and this is \(quoted(text))",
                    at: element, help: WrittenTimes.help(forHours: text))
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
                    at: element, help: WrittenTimes.help(forDay: text, isOneOfSeveral: (node.list?.count ?? 1) > 1))
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
                    help: WrittenTimes.help(forZone: name, among: names))
            case .unreadable(let path):
                section.error(
                    "\(path) is not time zone data", at: "timezone", help: "install the package `tzdata` again")
            }
            return nil
        }
    }
}
