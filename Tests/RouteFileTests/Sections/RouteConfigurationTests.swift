import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import Foundation
import RealtimeSession
import RouteFile
import ScratchFolders
import Testing

/// Loading of valid files, and resolution of their paths.
@Suite struct RouteConfigurationTests {
    static let whole = """
        version: 1
        lists:
          home_tools: [lights_on, 5, null]
        handlers:
          log: { type: transcript, output: t.jsonl, on_full: drop_oldest, queue_capacity: 16 }
          out: { type: console, retry: { attempts: 3, backoff: 50ms } }
          tools: { type: function_call }
        routes:
          - name: first
            to: log
          - name: second
            match: { type: response.function_call_arguments.done, name: [ { list: home_tools } ] }
            to: [out, log]
            stop: true
            once_per: session
            retry: { attempts: 2 }
          - { name: third, match: { type: response.audio.delta }, to: out, once_per: turn }
          - { name: fourth, to: tools, once_per: { field: call_id } }
          - { name: fifth, match: { type: error }, to: out, once_per: { field: [error, code] } }
        unmatched: { to: out }
        dead_letters: { path: dead/letters.jsonl }
        tests:
          - name: a call
            event: { type: router.function_call.ready, name: get_weather, n: 1.50, deep: [ { a: null, b: true } ] }
            routes: [fourth]
          - { name: nothing, event: {}, routes: [] }
        max_event_bytes: 1MiB
        transcript_timeout: 1500ms
        stalled_after: 8s
        idle_after: [20s, 1m]
        session_lifetime: 30m
        expiry_notice: 90s
        """

    @Test func configuration_readsEverySection() throws {
        let context = HandlerContext(folder: "conf", outputFolder: "out")
        let (loaded, diagnostics) = load(Self.whole, context: context)
        #expect(diagnostics.rendered() == "")
        let configuration = try #require(loaded)
        let table = configuration.table
        #expect(table.handlers.map(\.name) == ["log", "out", "tools"])
        #expect(table.handlers[0].queue == QueuePolicy(capacity: 16, onFull: .dropOldest))
        #expect(table.handlers[1].queue == QueuePolicy())
        #expect(table.handlers[1].retry == RetryPolicy(attempts: 3, backoff: .milliseconds(50)))
        #expect((table.handlers[0].handler as? ProbeHandler)?.output == "out/t.jsonl")
        #expect(table.routes.map(\.name) == ["first", "second", "third", "fourth", "fifth"])
        #expect(table.routes.map(\.handlers) == [["log"], ["out", "log"], ["out"], ["tools"], ["out"]])
        #expect(table.routes.map(\.stop) == [false, true, false, false, false])
        #expect(table.routes[1].retry == RetryPolicy(attempts: 2))
        let oncePer: [OncePer?] = [nil, .session, .turn, .field(["call_id"]), .field(["error", "code"])]
        #expect(table.routes.map(\.oncePer) == oncePer)
        #expect(table.routes[1].location == ConfigSource.SourceLocation(line: 11, column: 5))
        #expect(table.routes.map { $0.pattern == nil } == [true, false, false, true, false])
        #expect(table.unmatched == "out")
        #expect(configuration.deadLettersPath == "out/dead/letters.jsonl")
        #expect(table.deadLetters is DeadLetterFile)
        #expect(configuration.maxEventBytes == 1 << 20)
        #expect(configuration.transcriptTimeout == 1.5)
        #expect(
            configuration.deadlines
                == SessionDeadlines(stalledAfter: 8, idleAfter: [20, 60], lifetime: 1800, notice: 90))
    }

    @Test func betaNames_meanCanonicalTypes() throws {
        let pattern = try #require(load(Self.whole).configuration?.table.routes[2].pattern)
        #expect(pattern.typeLiterals == ["response.output_audio.delta"])
    }

    @Test func tests_areRead() throws {
        let tests = try #require(load(Self.whole).configuration?.tests)
        #expect(tests.map(\.name) == ["a call", "nothing"])
        let call = try JSONValue(
            parsing:
                #"{"type":"router.function_call.ready","name":"get_weather","n":1.50,"deep":[{"a":null,"b":true}]}"#)
        #expect(tests.map(\.subject) == [.event(call), .event([:])])
        #expect(
            tests.map(\.expectation) == [
                .dispatch(routes: ["fourth"], handlers: nil, isUnmatched: nil),
                .dispatch(routes: [], handlers: nil, isUnmatched: nil),
            ])
        #expect(tests[0].location == ConfigSource.SourceLocation(line: 23, column: 5))
    }

    @Test func options_haveDefaults() throws {
        let configuration = try #require(load(SectionMistake.base + "unmatched: ignore\n").configuration)
        #expect(configuration.maxEventBytes == 16 << 20)
        #expect(configuration.transcriptTimeout == 10)
        #expect(
            configuration.deadlines == SessionDeadlines(stalledAfter: 10, idleAfter: [30], lifetime: 3600, notice: 300))
        #expect(configuration.deadLettersPath == nil)
        #expect(configuration.table.unmatched == nil)
        #expect(configuration.table.deadLetters is LoggedDeadLetters)
        #expect(configuration.tests.isEmpty)
        #expect(configuration.keepsTerminalFree)
    }

    @Test func standardOutput_handlerThatWritesIsNoted() throws {
        let text = SectionMistake.base.replacing("t.jsonl", with: "\"-\"")
        #expect(try #require(load(text).configuration).keepsTerminalFree == false)
        let taken = load(text, context: HandlerContext(standardOutputIsTaken: true)).configuration
        #expect((taken?.table.handlers[0].handler as? ProbeHandler)?.output == LineFile.standardError)
    }

    @Test func unknownHandlerType_withoutStart_isAWarning() throws {
        let text = SectionMistake.base.replacing("type: console", with: "type: slack, channel: calls")
            .replacing("match: {type: error}, ", with: "")
        let (configuration, diagnostics) = load(text, context: HandlerContext(startsHandlers: false))
        #expect(
            diagnostics.rendered() == """
                routes.yml:4:15: warning: there is no handler type `slack` in this program
                    4 |   out: {type: slack, channel: calls}
                      |               ^
                   help: only a program that registers it can run this file; the types here: `console`, `function_call`, `picky`, `transcript`
                """)
        let table = try #require(configuration).table
        #expect(table.interests(of: table.routes[1]) == ["the events that the handler type `slack` is made for"])
    }

    @Test func misspeltHandlerType_withoutStart_isAnError() {
        let text = SectionMistake.base.replacing("type: console", with: "type: consol")
        let (configuration, diagnostics) = load(text, context: HandlerContext(startsHandlers: false))
        #expect(configuration == nil)
        #expect(
            diagnostics.rendered() == """
                routes.yml:4:15: error: there is no handler type `consol`
                    4 |   out: {type: consol}
                      |               ^
                   help: did you mean `console`?
                """)
    }

    @Test func mistakes_areReportedTogether() {
        let (configuration, diagnostics) = load(
            """
            version: 2
            lists: { tools: lights_on }
            handlers:
              log: { type: transcrip, output: t.jsonl }
              out: { type: console, on_full: drop_oldes }
              tools: { type: function_call, retry: { attempts: 3 } }
            routes:
              - { name: all, to: lgo }
              - { nam: more, match: { type: error }, to: out }
              - { name: all, match: { type: eror, code: {prefix: a} }, to: out, once_per: 5s }
            dead_letters: { path: dead.jsonl, path: again.jsonl }
            transcript_timeout: 10
            """)
        #expect(configuration == nil)
        let places = diagnostics.items.map { "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.message)" }
        #expect(
            places == [
                "1:10 the version must be the number 1, and this is `2`",
                "2:17 the list `tools` must be a list of values, and this is a string",
                "4:16 there is no handler type `transcrip`",
                "5:34 `on_full` must be `block`, `drop_oldest` or `drop_newest`, and this is `drop_oldes`",
                "6:40 the handler `tools` may not retry: a function call runs at most once",
                "8:22 there is no handler `lgo`",
                "9:7 unknown key `nam`",
                "10:13 there are two routes called `all`, the first in line 8",
                "10:33 unknown event type `eror`",
                "10:46 `prefix` is an operator and goes in a list",
                "10:79 `once_per` must be `session`, `turn`, `{field: NAME}` or `{every: DURATION}`",
                "11:35 the key `path` stands twice, first in line 11",
                "12:21 `transcript_timeout` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and `10` has no unit",
            ])
        #expect(diagnostics.items.filter { $0.severity == .warning }.map(\.message) == ["unknown event type `eror`"])
    }

    @Test func paths_areRelativeToTheFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("routes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("routes.yml").path
        try Data(SectionMistake.base.utf8).write(to: URL(fileURLWithPath: path))
        let configuration = try RouteConfiguration(path: path, registry: .probes)
        #expect((configuration.table.handlers[0].handler as? ProbeHandler)?.output == folder.path + "/t.jsonl")
        let elsewhere = try RouteConfiguration(path: path, registry: .probes, outputFolder: "/elsewhere")
        #expect((elsewhere.table.handlers[0].handler as? ProbeHandler)?.output == "/elsewhere/t.jsonl")

        try Data(count: (8 << 20) + 1).write(to: URL(fileURLWithPath: path))
        #expect(
            failure(path) == """
                \(path): error: the file has 8388609 bytes, and at most 8MiB are read
                   help: is it the right file?
                """)
        #expect(
            failure(folder.path) == """
                error: cannot read \(folder.path): it is a folder
                   help: give the file itself: `\(folder.path)/routes.yml`
                """)
        #expect(failure(path + ".none") == "error: cannot read \(path).none: No such file or directory")
    }

    private func failure(_ path: String) -> String? {
        let error = #expect(throws: ConfigurationError.self) { try RouteConfiguration(path: path, registry: .probes) }
        return error?.description
    }
}
