import ConfigSource
import EventRouter
import RouteFile
import Testing

/// `when`, `once_per: { every: … }`, and routes that drop events.
@Suite struct WhenSectionTests {
    private static let more = #"  - {name: more, match: {type: error}, to: out}\#n"#

    @Test("Every form of a schedule and of a limit is read")
    func whenAndEvery_everyForm() throws {
        let (configuration, diagnostics) = load(
            SectionMistake.base + """
                  - {name: a, match: {type: error}, to: out, when: {between: 22:00-06:00, days: fri, timezone: Europe/Lisbon}}
                  - {name: b, match: {type: error}, to: out, when: {between: ["8:00-12:00", "14:00-24:00"], timezone: UTC}}
                  - {name: c, match: {type: error}, to: out, when: {days: [sat, sun], timezone: UTC}, once_per: {every: 5m}}
                  - {name: d, match: {type: error}, to: out, once_per: {every: 90s, field: labels.tenant}}
                  - {name: e, match: {type: error}, to: out, once_per: {field: error.code}}
                  - {name: f, match: {type: error}, to: out, once_per: {field: [error, code]}}
                  - {name: g, match: {type: error}, stop: true}
                  - {name: h, match: {type: response.done}, to: out, when: {between: [09:00 - 17:00, "22:00 -6:00"], timezone: UTC}}

                """)
        #expect(diagnostics.rendered() == "")
        let routes = try #require(configuration).table.routes.suffix(8).map { $0 }
        #expect(
            routes.map(\.oncePer) == [
                nil, nil, .every(.seconds(300)), .every(.seconds(90), field: ["labels", "tenant"]),
                .field(["error", "code"]), .field(["error", "code"]), nil, nil,
            ])
        #expect(routes[0].schedule?.days == [.fri] && routes[0].schedule?.zone.name == "Europe/Lisbon")
        #expect(routes[0].schedule?.hours.map { [$0.start, $0.end] } == [[1320, 360]])
        #expect(routes[1].schedule?.hours.map { [$0.start, $0.end] } == [[480, 720], [840, 1440]])
        #expect(routes[2].schedule?.days == [.sat, .sun] && routes[2].schedule?.hours == [])
        #expect(routes[6].handlers == [] && routes[6].stop)
        #expect(routes[7].schedule?.hours.map { [$0.start, $0.end] } == [[540, 1020], [1320, 360]])
    }

    @Test(arguments: mistakes)
    func when_reportsMistakeAtItsLocation(_ mistake: SectionMistake) {
        mistake.check()
    }

    private static func route(_ keys: String) -> String { "  - {name: b, match: {type: error}, to: out, \(keys)}\n" }

    static let mistakes: [SectionMistake] = [
        SectionMistake(
            "between", more: route(#"when: {between: [8-18, "08:00-08:00", 5, "24:00-01:00"], timezone: UTC}"#),
            rendered: #"""
                routes.yml:9:63: error: `between` must be a range of times such as `08:00-18:00`, and this is `8-18`
                    9 |   - {name: b, match: {type: error}, to: out, when: {between: [8-18, "08:00-08:00", 5, "24:00-01:00"], timezone: UTC}}
                      |                                                               ^
                   help: write hours from 00 to 23 and minutes; a range past midnight is `22:00-06:00`

                routes.yml:9:69: error: `08:00-08:00` begins and ends at the same time
                    9 |   - {name: b, match: {type: error}, to: out, when: {between: [8-18, "08:00-08:00", 5, "24:00-01:00"], timezone: UTC}}
                      |                                                                     ^
                   help: leave out `between` for the whole day

                routes.yml:9:84: error: each element of `between` must be a string, and this is the number `5`
                    9 |   - {name: b, match: {type: error}, to: out, when: {between: [8-18, "08:00-08:00", 5, "24:00-01:00"], timezone: UTC}}
                      |                                                                                    ^
                   help: quote it: `"5"`

                routes.yml:9:87: error: `between` must be a range of times such as `08:00-18:00`, and this is `24:00-01:00`
                    9 |   - {name: b, match: {type: error}, to: out, when: {between: [8-18, "08:00-08:00", 5, "24:00-01:00"], timezone: UTC}}
                      |                                                                                       ^
                   help: write hours from 00 to 23 and minutes; a range past midnight is `22:00-06:00`
                """#),
        SectionMistake(
            "days", more: route("when: {days: [monday, x, 1], timezone: UTC}"),
            rendered: #"""
                routes.yml:9:60: error: a day must be one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`, and this is `monday`
                    9 |   - {name: b, match: {type: error}, to: out, when: {days: [monday, x, 1], timezone: UTC}}
                      |                                                            ^
                   help: did you mean `mon`?

                routes.yml:9:68: error: a day must be one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`, and this is `x`
                    9 |   - {name: b, match: {type: error}, to: out, when: {days: [monday, x, 1], timezone: UTC}}
                      |                                                                    ^

                routes.yml:9:71: error: a day must be one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`, and this is the number `1`
                    9 |   - {name: b, match: {type: error}, to: out, when: {days: [monday, x, 1], timezone: UTC}}
                      |                                                                       ^
                """#),
        SectionMistake(
            "time zones",
            more: route("when: {days: sat, timezone: Europe/Lisabon}").replacing("name: b", with: "name: a")
                + route("when: {days: sat, timezone: nowhere at all}")
                + route("when: {days: sat}").replacing("name: b", with: "name: c")
                + route("when: {timezone: UTC}").replacing("name: b", with: "name: d"),
            rendered: #"""
                routes.yml:9:74: error: there is no time zone `Europe/Lisabon`
                    9 |   - {name: a, match: {type: error}, to: out, when: {days: sat, timezone: Europe/Lisabon}}
                      |                                                                          ^
                   help: did you mean `Europe/Lisbon`?

                routes.yml:10:74: error: there is no time zone `nowhere at all`
                   10 |   - {name: b, match: {type: error}, to: out, when: {days: sat, timezone: nowhere at all}}
                      |                                                                          ^
                   help: write a name such as `Europe/Lisbon`, or `UTC`

                routes.yml:11:52: error: `when` needs the key `timezone`
                   11 |   - {name: c, match: {type: error}, to: out, when: {days: sat}}
                      |                                                    ^
                   help: write `timezone: Europe/Lisbon`, or `UTC`

                routes.yml:12:52: error: `when` needs the key `between` or `days`
                   12 |   - {name: d, match: {type: error}, to: out, when: {timezone: UTC}}
                      |                                                    ^
                   help: write `between: "08:00-18:00"` or `days: [sat, sun]`
                """#),
        SectionMistake(
            "every",
            more: route("once_per: 5m") + route("once_per: {}").replacing("name: b", with: "name: c")
                + route("once_per: {every: 5}").replacing("name: b", with: "name: d"),
            rendered: #"""
                routes.yml:9:56: error: `once_per` must be `session`, `turn`, `{field: NAME}` or `{every: DURATION}`
                    9 |   - {name: b, match: {type: error}, to: out, once_per: 5m}
                      |                                                        ^
                   help: write `{every: 5m}`

                routes.yml:10:56: error: `once_per` needs the key `field` or `every`
                   10 |   - {name: c, match: {type: error}, to: out, once_per: {}}
                      |                                                        ^
                   help: write `once_per: {field: item_id}` or `once_per: {every: 5m}`

                routes.yml:11:64: error: `every` must be a duration such as `250ms`, `5s`, `2m`, `24h` or `30d`, and `5` has no unit
                   11 |   - {name: d, match: {type: error}, to: out, once_per: {every: 5}}
                      |                                                                ^
                   help: add a unit: `5s` or `5ms`
                """#),
        SectionMistake(
            "drops", more: "  - {name: b, stop: true}\n  - {name: c, match: {type: error}, stop: false}\n",
            rendered: #"""
                routes.yml:9:5: error: the route `b` has neither `match` nor `to`, so it is unclear which events it drops
                    9 |   - {name: b, stop: true}
                      |     ^
                   help: write `match: {type: input_audio_buffer.speech_started}`

                routes.yml:10:5: error: a route needs the key `to`
                   10 |   - {name: c, match: {type: error}, stop: false}
                      |     ^
                   help: handlers: `log`, `out`, `tools`; `stop: true` instead drops the events
                """#),
        SectionMistake(
            "labels and start of a test",
            more: """
                tests:
                  - {name: a, event: {type: error}, labels: {tenant: 5}, routes: []}
                  - {name: b, event: {type: error}, labels: acme, started: tomorrow, routes: []}

                """,
            rendered: #"""
                routes.yml:10:54: error: the label `tenant` must be a string, and this is the number `5`
                   10 |   - {name: a, event: {type: error}, labels: {tenant: 5}, routes: []}
                      |                                                      ^
                   help: quote it: `"5"`

                routes.yml:11:45: error: `labels` must be a mapping, and this is the string `acme`
                   11 |   - {name: b, event: {type: error}, labels: acme, started: tomorrow, routes: []}
                      |                                             ^

                routes.yml:11:60: error: `started` must be a time such as `2026-01-31T22:00:00Z`, and this is `tomorrow`
                   11 |   - {name: b, event: {type: error}, labels: acme, started: tomorrow, routes: []}
                      |                                                            ^
                   help: write date, time and offset from UTC, as in RFC 3339
                """#),
    ]
}
