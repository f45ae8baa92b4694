import Foundation
import Testing

/// The program writes no secret from any place in an event, neither whole nor in part.
///
/// `REALTIME_ROUTER_HOSTILE_SESSIONS=2000` makes more sessions, `REALTIME_ROUTER_SEED` others.
@Suite(.timeLimit(.minutes(60))) struct PlantedSecretTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["REALTIME_ROUTER_SEED"].flatMap(UInt64.init) ?? 1
    private static let count = environment["REALTIME_ROUTER_HOSTILE_SESSIONS"].flatMap(Int.init) ?? 8
    /// Sessions in one file: their secrets' numbers have four digits.
    private static let perFile = 100
    private static let filesAtOnce = 2

    private static let privacy = """
        version: 1
        max_event_bytes: 64KiB
        privacy:
          redact:
            - { kind: card }
            - { kind: phone }
            - { kind: email }
            - { kind: iban }
            - { regexp: "zq[0-9]{6}" }
            - { phrase: "velvet hammer*" }
            - { field: ssn }
        """

    private static let routes =
        privacy + """

            dead_letters: { path: dead.jsonl }
            handlers:
              lines: { type: transcript, output: t.jsonl }
              text: { type: transcript, output: t.txt, format: text }
              markdown: { type: transcript, output: t.md, format: markdown }
              captions: { type: transcript, output: t.vtt, format: vtt }
              subtitles: { type: transcript, output: t.srt, format: srt }
              screen: { type: transcript, output: screen.txt, format: console }
              database: { type: transcript, output: t.db, format: sqlite }
              console: { type: console, output: console.txt }
              meter: { type: metrics, sessions: sessions.jsonl, prometheus: figures.prom }
              given: { type: command, command: [ /bin/sh, -c, "cat >> given" ], stdin: events, max_events: 1000 }
              failing: { type: command, command: [ /bin/sh, -c, "cat >&2; exit 1" ], stdin: events, max_events: 1000, retry: { attempts: 1 } }
              tools:
                type: function_call
                journal: calls.jsonl
                functions:
                  echo: { command: [ /bin/sh, -c, "tee /dev/stderr" ] }
                  fail: { command: [ /bin/sh, -c, "cat >&2; exit 1" ] }
                  ask: { worker: [ /bin/sh, ./answer ] }
                  form:
                    parameters: { type: object, additionalProperties: false, properties: { note: { type: string, pattern: "^$" } } }
                    command: [ /bin/true ]
                  pay: { redact: [ card_no ], command: [ /bin/sh, -c, "cat >&2; exit 1" ] }
            routes:
              - { name: words, to: [ lines, text, markdown, captions, subtitles, screen, database ] }
              - { name: calls, to: tools }
              - { name: figures, to: meter }
              - { name: all, match: { type: [ { exists: true } ] }, to: [ console, given, failing ] }
              - { name: text, match: { type: [ { exists: true } ], text: [ "?" ] }, to: console }
              - { name: delta, match: { type: [ { exists: true } ], delta: [ "?" ] }, to: console }
              - { name: transcript, match: { type: [ { exists: true } ], transcript: [ "?" ] }, to: console }
              - { name: content, match: { type: [ { exists: true } ], item: { content: { text: [ "?" ] } } }, to: console }
              - { name: reason, match: { type: [ { exists: true } ], reason: [ "?" ] }, to: console }
              - { name: arguments, match: { type: [ { exists: true } ], arguments: [ "?" ] }, to: console }
              - { name: response, match: { type: [ { exists: true } ], response: { status: [ "?" ] } }, to: console }
              - { name: error, match: { type: [ { exists: true } ], error: { message: [ "?" ] } }, to: console }
              - { name: note, match: { type: [ { exists: true } ], x_note: [ "?" ] }, to: console }
            tests:
              - { name: fails, session: session.jsonl, expect: expected.jsonl }

            """
    private static let explained = [
        "text", "delta", "transcript", "content", "reason", "arguments", "response", "error", "note",
    ]

    private static let worker = """
        while read -r line; do
            echo "$line" >&2
            id=${line#*:} id=${id%%,*}
            case $id in
                *[02468]) printf '{"id":%s,"output":%s}\\n' "$id" "$line" ;;
                *) printf '{"id":%s,"error":"bad: %s"}\\n' "$id" "$(printf %s "$line" | sed 's/[\\\\"]/\\\\&/g')" ;;
            esac
        done

        """

    @Test func redact_hidesEveryPlantedSecret() async throws {
        print(
            "hostile sessions: REALTIME_ROUTER_SEED=\(Self.seed) REALTIME_ROUTER_HOSTILE_SESSIONS=\(Self.count), \(HostileSession.placeCount) places"
        )
        #expect(HostileSession.placeCount >= 2000)
        let planted = try await withThrowingTaskGroup(of: [String].self) { group in
            var planted: Set<String> = []
            for (number, start) in stride(from: 0, to: Self.count, by: Self.perFile).enumerated() {
                if number >= Self.filesAtOnce { planted.formUnion(try await group.next() ?? []) }
                group.addTask { try await check(file: number, from: start) }
            }
            for try await places in group { planted.formUnion(places) }
            return planted
        }
        print("  planted in \(planted.count) distinct places")
        #expect(Self.count < 2000 || planted.count >= HostileSession.placeCount * 8 / 10)
    }

    /// Makes a file of sessions, runs it, and searches the output.
    ///
    /// - Returns: the places in which it planted.
    private func check(file: Int, from start: Int) async throws -> [String] {
        let sessions = (start..<min(start + Self.perFile, Self.count)).map {
            HostileSession(seed: Self.seed &+ UInt64($0), number: $0 - start, isEnveloped: file % 2 == 1)
        }
        try await check(
            sessions, start, explaining: file % 2 == 1 ? nil : Self.explained[file / 2 % Self.explained.count])
        return sessions.flatMap(\.plants.values)
    }

    private func check(_ sessions: [HostileSession], _ start: Int, explaining route: String?) async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("session.jsonl", sessions.flatMap(\.lines).joined(separator: "\n") + "\n")
        try place.write("expected.jsonl", "")
        try place.write("answer", Self.worker)
        var said: [(String, Data)] = []
        func run(_ arguments: String...) async throws {
            let ending = try await place.run(arguments)
            #expect([0, 1, 3].contains(ending.code), "\(arguments): \(ending.error.prefix(500))")
            said.append(("\(arguments[0])'s output", Data(ending.output.utf8)))
            said.append(("\(arguments[0])'s errors", Data(ending.error.utf8)))
        }
        let secret = PlantedSecret.cardDigits(9999)
        try await run(
            "run", "session.jsonl", "--log", "log.jsonl", "--outbound", "outbound.jsonl", "--summary", "json",
            "--label",
            "note=it is \(secret)", "--label", "ssn=kx009999")
        if let route {
            try await run("explain", "session.jsonl", "--format", "json", "--route", route)
        } else {
            try await run("explain", "session.jsonl", "--format", "json")
        }
        try await run("report", "session.jsonl", "-o", "report.html")
        try await run("test")
        let own: Set = ["session.jsonl", "routes.yml", "answer", "outbound.jsonl", "expected.jsonl", "Examples"]
        for name in try FileManager.default.contentsOfDirectory(atPath: place.path) where !own.contains(name) {
            let data = try Data(contentsOf: URL(filePath: "\(place.path)/\(name)"))
            said.append((name, name == "figures.prom" ? Self.withoutMeasuredTimes(data) : data))
        }
        #expect(said.count >= 23, "\(said.map(\.0))")
        for (name, data) in said {
            let leaks = LeakSearch.leaks(in: data)
            #expect(
                leaks.isEmpty,
                """
                REALTIME_ROUTER_SEED=\(Self.seed) REALTIME_ROUTER_HOSTILE_SESSIONS=\(Self.count): sessions from \(start), \(leaks.count) in \(name)
                \(leaks.prefix(6).map { "  \($0)\n    planted: \(Self.place(of: $0, sessions))" }.joined(separator: "\n"))
                """)
        }
    }

    /// Metrics without the sums of measured times. Their many digits match a planted number by chance.
    private static func withoutMeasuredTimes(_ metrics: Data) -> Data {
        let lines = String(decoding: metrics, as: UTF8.self).split(separator: "\n")
        return Data(lines.filter { !$0.contains("_seconds_sum") }.joined(separator: "\n").utf8)
    }

    /// The place where a leaked secret was planted, by its number.
    private static func place(of leak: String, _ sessions: [HostileSession]) -> String {
        let numbers = leak.split { !$0.isNumber }.flatMap { digits -> [Int] in
            let digits = digits.firstRange(of: "4975").map { digits[$0.upperBound...].prefix(4) } ?? digits
            return Int(digits).map { [$0] } ?? []
        }
        return numbers.compactMap { number in sessions.lazy.compactMap { $0.plants[number] }.first }.joined(
            separator: ", or ")
    }
}
