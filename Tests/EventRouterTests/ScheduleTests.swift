import EventJSON
import EventPatterns
import Foundation
import RealtimeEvents
import RouterTesting
import Testing

@testable import EventRouter

/// Hours and days of routes, by the time zones of the system.
@Suite struct ScheduleTests {
    private func moment(_ text: String) throws -> Double { try #require(Timestamp(text)).unix }

    struct Row: Sendable, CustomTestStringConvertible {
        let hours: String
        let days: Set<RouteSchedule.Weekday>
        let zone: String
        let moment: String
        let verdict: Bool
        var testDescription: String { "\(hours) \(zone) at \(moment)" }

        init(_ hours: String, _ days: Set<RouteSchedule.Weekday>, _ zone: String, _ moment: String, _ verdict: Bool) {
            (self.hours, self.days, self.zone, self.moment, self.verdict) = (hours, days, zone, moment, verdict)
        }

        init(_ hours: String, _ zone: String, _ moment: String, _ verdict: Bool) {
            self.init(hours, [], zone, moment, verdict)
        }
    }

    static let rows: [Row] = [
        // Lisbon is at UTC in winter and an hour ahead in summer.
        Row("08:00-18:00", "Europe/Lisbon", "2026-01-15T08:00:00Z", true),
        Row("08:00-18:00", "Europe/Lisbon", "2026-01-15T07:59:59Z", false),
        Row("08:00-18:00", "Europe/Lisbon", "2026-01-15T18:00:00Z", false),
        Row("08:00-18:00", "Europe/Lisbon", "2026-07-15T07:00:00Z", true),
        Row("08:00-18:00", "Europe/Lisbon", "2026-07-15T17:00:00Z", false),
        // The clocks go forward on 2026-03-29 at 01:00 UTC: there is no 01:30 that day, and 02:30 comes half an hour later.
        Row("01:00-02:00", "Europe/Lisbon", "2026-03-29T00:59:00Z", false),
        Row("01:00-02:00", "Europe/Lisbon", "2026-03-29T01:00:00Z", false),
        Row("02:00-03:00", "Europe/Lisbon", "2026-03-29T01:30:00Z", true),
        // They go back on 2026-10-25 at 01:00 UTC: 01:30 comes twice.
        Row("01:00-02:00", "Europe/Lisbon", "2026-10-25T00:30:00Z", true),
        Row("01:00-02:00", "Europe/Lisbon", "2026-10-25T01:30:00Z", true),
        Row("01:00-02:00", "Europe/Lisbon", "2026-10-25T02:00:00Z", false),
        // New York: 2026-03-08 at 07:00 UTC and 2026-11-01 at 06:00 UTC.
        Row("03:00-04:00", "America/New_York", "2026-03-08T07:00:00Z", true),
        Row("01:00-02:00", "America/New_York", "2026-11-01T05:30:00Z", true),
        Row("01:00-02:00", "America/New_York", "2026-11-01T06:30:00Z", true),
        // The southern hemisphere, daylight saving of half an hour, quarters of an hour, and a time before the zone's
        // first change.
        Row("12:00-13:00", "Australia/Lord_Howe", "2026-01-15T01:00:00Z", true),
        Row("12:00-13:00", "Australia/Lord_Howe", "2026-07-15T01:30:00Z", true),
        Row("12:00-12:30", "Asia/Kathmandu", "2026-07-15T06:15:00Z", true),
        Row("00:00-24:00", [.mon], "Europe/Lisbon", "1800-01-06T12:00:00Z", true),
        // Years beyond the table use the rule at its end.
        Row("08:00-09:00", "Europe/Lisbon", "2060-07-15T07:30:00Z", true),
        Row("08:00-09:00", "Europe/Lisbon", "2060-01-15T08:30:00Z", true),
        Row("12:00-13:00", "America/Sao_Paulo", "2090-01-15T15:00:00Z", true),
        // Past midnight: the day is the one on which the range begins. 2026-01-30 is a Friday.
        Row("22:00-06:00", [.fri], "UTC", "2026-01-30T22:00:00Z", true),
        Row("22:00-06:00", [.fri], "UTC", "2026-01-31T05:59:59Z", true),
        Row("22:00-06:00", [.fri], "UTC", "2026-01-31T06:00:00Z", false),
        Row("22:00-06:00", [.fri], "UTC", "2026-01-31T22:00:00Z", false),
        Row("22:00-06:00", [.fri], "UTC", "2026-01-30T05:00:00Z", false),
        Row("22:00-06:00", [.fri], "Europe/Lisbon", "2026-07-31T21:00:00Z", true),
        Row("22:00-24:00", [.fri], "UTC", "2026-01-30T23:59:59Z", true),
        Row("22:00-24:00", [.fri], "UTC", "2026-01-31T00:00:00Z", false),
        // The day is the zone's day.
        Row("00:00-02:00", [.sat], "Asia/Tokyo", "2026-01-30T15:30:00Z", true),
    ]

    @Test("Hours and days follow the zone, daylight saving included", arguments: rows)
    func schedule_followsTheZone(_ row: Row) throws {
        let schedule = RouteSchedule(
            hours: [try #require(RouteSchedule.Hours(row.hours))], days: row.days,
            zone: try TimeZoneRules.load(row.zone))
        let moment = try moment(row.moment)
        #expect(schedule.contains(moment) == row.verdict, "\(schedule.description(of: moment))")
    }

    @Test("Days without hours apply to the whole day")
    func schedule_ofDaysAlone() throws {
        let schedule = RouteSchedule(days: [.sat, .sun], zone: .utc)
        #expect(schedule.contains(try moment("2026-01-31T00:00:00Z")))
        #expect(!schedule.contains(try moment("2026-01-30T23:59:59Z")))
        #expect(schedule.description(of: try moment("2026-01-31T09:05:00Z")) == "Sat 09:05 in UTC")
    }

    @Test(
        "Invalid ranges",
        arguments: [
            "", "8-18", "08:00", "08:00-25:00", "08:60-09:00", "24:00-25:00", "24:00-01:00", "08:00-18:00-19:00",
            "08:00 - 18:00", "+8:00-18:00",
        ])
    func hours_areStrict(_ text: String) {
        #expect(RouteSchedule.Hours(text) == nil)
    }

    @Test(
        "POSIX rules in all their forms",
        arguments: [
            ("<-03>3", "2026-07-01T00:00:00Z", -10_800), ("IST-5:30", "2026-07-01T00:00:00Z", 19_800),
            ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", -18_000),
            ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -14_400),
            ("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-01T00:00:00Z", 46_800),
            ("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-06-01T00:00:00Z", 43_200),
            ("A0BB", "", 0), ("AAA", "", 0), ("AAA0BBB", "", 0), ("AAA0BBB,J0,J5", "", 0),
            ("AAA0BBB,M13.1.0,M1.1.0", "", 0),
            ("XXX3EDT4,0/0,J365/23", "2026-07-01T00:00:00Z", -14_400),
            ("AAA0BBB,J60/0,J61/0", "2028-03-01T12:00:00Z", 3600),
            ("AAA0BBB,59/0,60/0", "2028-02-29T12:00:00Z", 3600),
            ("AAA0BBB,M2.5.0/-1,M3.1.0", "2026-02-21T23:30:00Z", 3600),
        ])
    func rule_forms(_ text: String, _ at: String, _ offset: Int) throws {
        let rule = POSIXTimeZoneRule(text)
        #expect((rule == nil) == at.isEmpty)
        guard let rule else { return }
        #expect(rule.offset(at: Int(try moment(at))) == offset)
    }

    @Test("Reading a zone's file ends for any bytes", arguments: 0..<200)
    func zoneFile_survivesDamage(_ seed: Int) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Europe/Lisbon")))
        var state = UInt64(seed + 1) &* 0x9E37_79B9_7F4A_7C15
        for _ in 0..<8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            bytes[Int(state >> 33) % min(bytes.count, seed % 2 == 0 ? 120 : bytes.count)] = UInt8(
                truncatingIfNeeded: state >> 20)
        }
        if seed % 5 == 0 { bytes.removeLast(Int(state >> 33) % bytes.count) }
        _ = TimeZoneFile(bytes)?.offset(at: 1_800_000_000)
    }

    @Test("An unknown zone, and a system without data")
    func zone_thatCannotBeLoaded() throws {
        #expect(throws: TimeZoneRules.Failure.noData(folder: "/nowhere")) {
            try TimeZoneRules.load("Europe/Lisbon", from: "/nowhere")
        }
        for name in ["Europe/Lisabon", "../zoneinfo/Europe/Lisbon", "/etc/passwd", "", "Europe"] {
            do {
                _ = try TimeZoneRules.load(name)
                Issue.record("\(name) was loaded")
            } catch {
                guard case .unknown(let names) = error else { Issue.record("\(error)"); continue }
                #expect(names.contains("Europe/Lisbon") && names.contains("America/New_York"))
            }
        }
        #expect(try TimeZoneRules.load("UTC").offset(at: 0) == 0)
    }

    // MARK: - Routes

    private func fired(
        _ lines: [String], started: String? = nil, source: ScriptedSource? = nil, wallStart: Double = 0
    ) async throws -> (positions: [String], report: RunReport) {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [
                Route(
                    "night", match: try pattern(#"{"type": ["error"]}"#), to: ["h"],
                    schedule: RouteSchedule(hours: [try #require(RouteSchedule.Hours("22:00-06:00"))], zone: .utc))
            ])
        let router = Router(table, clock: ManualClock(wallStart: wallStart))
        try await router.start()
        let report = try await router.run(
            source ?? ScriptedSource(lines), started: try started.map { try moment($0) })
        await router.stop()
        return (handler.positions, report)
    }

    private static func error(at: Double) -> String {
        #"{"at": \#(at), "direction": "server", "event": \#(Wire.event("error"))}"#
    }

    private static let header =
        #"{"recording": 1, "session": "k", "started": "2026-01-31T21:59:00Z", "labels": {"tenant": "acme", "n": 5}}"#

    @Test("A recording's events happened at its start and their own time")
    func schedule_goesByTheRecordingsStart() async throws {
        let lines = [Self.error(at: 0), Self.error(at: 59), Self.error(at: 60), Wire.event("error")]
        let (positions, report) = try await fired([Self.header] + lines)
        #expect(positions == ["4", "5"])
        #expect(report.undecodable == 0 && report.events == 4 && report.undatedRoutes == [])
        // The caller's start overrides the header.
        #expect(try await fired([Self.header] + lines, started: "2026-01-31T05:59:30Z").positions == ["2"])
    }

    @Test("Without a start the route does not fire, and the report says so")
    func schedule_needsAStart() async throws {
        let (positions, report) = try await fired([Self.error(at: 0), Self.error(at: 1)], wallStart: 82_800)
        #expect(positions == [])
        #expect(report.undatedRoutes == ["night"])
        #expect(try await fired([Wire.event("session.updated")]).report.undatedRoutes == [])
        // Also with a header with an invalid time.
        let header = #"{"recording": 1, "started": "yesterday"}"#
        #expect(try await fired([header, Self.error(at: 0)]).report.undatedRoutes == ["night"])
    }

    @Test("A live session uses the router's wall clock, whatever the server sends")
    func schedule_goesByTheClockWhenLive() async throws {
        for (wallStart, positions) in [(82_800.0, ["2"]), (43_200, [])] {
            let source = ScriptedSource()
            source.send(#"{"recording": 1, "started": "1970-01-01T23:00:00Z"}"#)
            source.send(Wire.event("error"))
            source.end()
            let (fired, report) = try await fired([], source: source, wallStart: wallStart)
            #expect(fired == positions)
            #expect(report.events == 2)
        }
    }

    @Test("The labels in a recording's header apply to the session; the caller's labels override them")
    func recordingHeader_givesLabels() async throws {
        for (given, expected) in [
            ([], ["tenant=acme"]), ([SessionLabel("tenant", "mine")], ["tenant=mine"]),
            ([SessionLabel("a", "b")], ["tenant=acme", "a=b"]),
        ] as [([SessionLabel], [String])] {
            let handler = MemoryHandler()
            let table = try RouteTable(
                handlers: [HandlerBinding("h", handler)],
                routes: [
                    Route(
                        "acme",
                        match: try pattern(
                            #"{"type": ["router.session.started", "error"], "labels": {"tenant": ["acme", "mine"]}}"#),
                        to: ["h"])
                ])
            let router = Router(table, clock: ManualClock())
            try await router.start()
            _ = try await router.run(ScriptedSource([Self.header, Self.error(at: 0)]), labels: given)
            await router.stop()
            #expect(handler.types.sorted() == ["error", "router.session.started"])
            for delivery in handler.deliveries.elements {
                #expect(delivery.session.labels.map { "\($0.name)=\($0.value)" } == expected)
            }
            let derived = try #require(handler.deliveries.elements.first { $0.event.type.isDerived })
            let labels = derived.event.json["labels"]?.object.map { $0.map { "\($0.key)=\($0.value.string ?? "")" } }
            #expect(labels?.sorted() == expected.sorted())
        }
    }
}
