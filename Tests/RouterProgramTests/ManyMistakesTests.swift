import EventJSON
import Testing

/// One run of `check` on a file with mistakes nearly everywhere.
@Suite struct ManyMistakesTests {
    private let routes = #"""
        version: "1"
        max_event_bytes: 5 potatoes
        transcript_timeout: 10
        lists:
          empty: []
          tools: [get_weather, 010]
          words: refund
        handlers:
          log: { type: transcrpt, output: t.jsonl }
          words: { type: transcript, outptu: t.jsonl, on_full: drop, queue_capacity: 0 }
          tools:
            type: function_call
            functions:
              get_weather: { command: [get-weather, --city, "{city}", "x{city}y"], timeout: 5, max_output: 64KiBs }
              add: { swift: add_numbers }
          page: { type: command, stdin: evnts, retry: { attempts: 0, backof: 1s } }
          console: [console]
          spare: { type: console }
        routes:
          - name: everything that was said
            to: transcrpt
          - match: { type: error }
            to: console
          - name: refunds
            match:
              type: router.utterance.heard
              role: user
              text: [ { prefx: refund }, { phrase: "?!" } ]
              tokens: { numeric: [ ">", 5 ] }
            once_per: caller
            to: words
          - name: refunds
            mach: { type: response.done }
            to: [console, tools]
            stop: "yes"
          - name: numbers
            match:
              type: router.turn.done
              latency_ms: [ { numeric: [ ">", "500" ] } ]
              a: [ { numeric: [ ">", 10, "<", 5 ] } ]
              b: [ { cidr: 10.0.0.0/33 } ]
              c: [ { regexp: "(a" } ]
              d: []
              e:
              f: yes
            to: page
          - name: choices
            match:
              $or: [ { type: error } ]
              x: [ { list: tols }, { anything-but: [ a, 5 ] } ]
              y: [ { wildcard: "a**b" }, [ z ], { exists: "true" } ]
              $and: [ { a: 1 } ]
            to: console
          - name: types
            match: { type: response.doen, response: { statsu: failed } }
            to: console
        unmatched: { two: console }
        dead_letters: dead.jsonl
        tests:
          - name: one
            event: { type: error }
            routes: [refund]
          - name: two
            event: [ error ]
            handlers: [page]

        """#

    /// The line and column of each mistake; those in one pattern, one handler or one list all count.
    private let places = [
        "1:10", "2:18", "3:21", "5:10", "6:24", "7:10", "9:16", "10:30", "10:56", "10:78",
        "14:63", "14:85", "14:100", "15:21", "16:9", "16:33", "16:59", "16:62", "17:12", "21:9",
        "22:5", "28:17", "28:44", "29:17", "30:15", "32:11", "33:5", "35:11", "39:39", "40:30",
        "41:20", "42:22", "43:10", "44:9", "45:10", "49:12", "50:20", "50:49", "51:24", "51:34",
        "51:51", "52:7", "55:20", "57:14", "58:15", "62:14", "64:12",
    ]

    @Test func check_manyMistakes_areReportedInOneRun() async throws {
        let place = try Workplace(routes: routes)
        let ending = try await place.run("check")
        try Snapshot("realtime-router check", ending, in: place).check("check/many-mistakes")
        let json = try await place.run("check", "--format", "json")
        try Snapshot("realtime-router check --format json", json, in: place).check("check/many-mistakes-json")
        let found = try #require(try JSONValue(parsing: json.output).array)
        #expect(found.map { "\($0["line"]?.int ?? 0):\($0["column"]?.int ?? 0)" } == places)
    }
}
