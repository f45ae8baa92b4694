import Testing

/// The help for hours, days and time zones in a syntax that `when` does not accept.
@Suite struct ScheduleHelpTests {
    private func check(_ when: String, _ message: String, _ help: String?) {
        let line = "  - {name: a, match: {type: error}, to: out, when: {\(when)}}"
        #expect(
            DoubtfulMatch.reported(line.replacing("‸", with: ""))
                == DoubtfulMatch.rendered(line, "error", message, help))
    }

    @Test(arguments: [
        ("09:00–17:00", "write `09:00-17:00`"), ("9:00 to 17:00", "write `9:00-17:00`"),
        ("22:00 .. 06:00", "write `22:00-06:00`"),
        ("9-17", "write hours from 00 to 23 and minutes; a range past midnight is `22:00-06:00`"),
    ])
    func hours_inAnotherForm(_ text: String, _ help: String) {
        check(
            "between: ‸\"\(text)\", timezone: UTC",
            "`between` must be a range of times such as `08:00-18:00`, and this is `\(text)`", help)
    }

    @Test(arguments: [
        ("[‸mon-fri]", "mon-fri", "name each day: `[mon, tue, wed, thu, fri]`"),
        ("‸mon-fri", "mon-fri", "name each day: `[mon, tue, wed, thu, fri]`"),
        ("[sun, ‸fri-sat]", "fri-sat", "name each day: `fri, sat`"),
        ("[‸saturday to monday]", "saturday to monday", "name each day: `[sat, sun, mon]`"),
        ("[‸weekdays]", "weekdays", "name each day: `[mon, tue, wed, thu, fri]`"),
        ("‸weekend", "weekend", "name each day: `[sat, sun]`"),
        ("‸daily", "daily", "leave out `days` for every day"),
        ("[‸Mondays]", "Mondays", "did you mean `mon`?"), ("[‸monk]", "monk", nil), ("[‸mo]", "mo", nil),
    ])
    func days_inAnotherForm(_ days: String, _ text: String, _ help: String?) {
        check(
            "days: \(days), timezone: UTC",
            "a day must be one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`, and this is `\(text)`", help)
    }

    private static let form = "write a name such as `Europe/Lisbon`, or `UTC`"

    @Test(arguments: [
        ("PST", "abbreviations and offsets do not cover summer time: \(form)"),
        ("ist", "abbreviations and offsets do not cover summer time: \(form)"),
        ("GMT+1", "abbreviations and offsets do not cover summer time: \(form)"),
        ("UTC+02:00", "abbreviations and offsets do not cover summer time: \(form)"),
        ("Berlin", "did you mean `Europe/Berlin`?"), ("los angeles", "did you mean `America/Los_Angeles`?"),
        ("rome", "did you mean `Europe/Rome`?"), ("Lisbonn", "did you mean `Europe/Lisbon`?"),
        ("europe/lisbon", "did you mean `Europe/Lisbon`?"), ("utc", "did you mean `UTC`?"),
        ("Europe/Lisabon", "did you mean `Europe/Lisbon`?"), ("nowhere at all", form),
    ])
    func zone_ofAnotherName(_ name: String, _ help: String) {
        check("days: mon, timezone: ‸\"\(name)\"", "there is no time zone `\(name)`", help)
    }
}
