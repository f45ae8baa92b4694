import EventRouter
import Foundation
import RealtimeMetrics
import RouterTesting
import ScratchFolders
import Testing

@Suite struct PrometheusTests {
    @Test func series_areSummedByLabels() {
        let text = PrometheusText()
        for value in [1.0, 2] {
            text.record(
                Measurement(
                    "realtime_tokens_total", .counter, value, labels: ["modality": "text", "direction": "input"],
                    session: "s"))
        }
        text.record(
            Measurement(
                "realtime_tokens_total", .counter, 4, labels: ["modality": "audio", "direction": "input"], session: "t")
        )
        for value in [9.0, 0.25] {
            text.record(Measurement("realtime_rate_limit_reset_seconds", .gauge, value, session: "s"))
        }
        #expect(
            text.text == """
                # HELP realtime_rate_limit_reset_seconds Time until the whole rate limit is available again, by `name`.
                # TYPE realtime_rate_limit_reset_seconds gauge
                realtime_rate_limit_reset_seconds 0.25
                # HELP realtime_tokens_total Tokens of responses, by `direction` and `modality`.
                # TYPE realtime_tokens_total counter
                realtime_tokens_total{direction="input",modality="audio"} 4
                realtime_tokens_total{direction="input",modality="text"} 3

                """)
    }

    @Test func buckets_countValuesUpToTheirBounds() {
        let text = PrometheusText()
        for (value, count) in [(0.1, 1), (0.3, 3), (31.0, 1)] {
            text.record(
                Measurement("realtime_turn_first_token_seconds", .histogram, value, count: count, session: "s"))
        }
        let lines = text.text.split(separator: "\n").dropFirst(2)
        #expect(
            lines.joined(separator: "\n") == """
                realtime_turn_first_token_seconds_bucket{le="0.1"} 1
                realtime_turn_first_token_seconds_bucket{le="0.25"} 1
                realtime_turn_first_token_seconds_bucket{le="0.5"} 4
                realtime_turn_first_token_seconds_bucket{le="0.75"} 4
                realtime_turn_first_token_seconds_bucket{le="1"} 4
                realtime_turn_first_token_seconds_bucket{le="1.5"} 4
                realtime_turn_first_token_seconds_bucket{le="2"} 4
                realtime_turn_first_token_seconds_bucket{le="3"} 4
                realtime_turn_first_token_seconds_bucket{le="5"} 4
                realtime_turn_first_token_seconds_bucket{le="10"} 4
                realtime_turn_first_token_seconds_bucket{le="30"} 4
                realtime_turn_first_token_seconds_bucket{le="+Inf"} 5
                realtime_turn_first_token_seconds_sum 32
                realtime_turn_first_token_seconds_count 5
                """)
    }

    @Test func unknownMetric_isIgnored() {
        let text = PrometheusText()
        text.record(Measurement("mine_total", .counter, 1, session: "s"))
        text.record(Measurement("realtime_turns_total", .gauge, 1, session: "s"))
        for value in [Double.nan, .infinity, -1] {
            text.record(Measurement("realtime_turns_total", .counter, value, session: "s"))
        }
        #expect(text.text == "")
    }

    @Test func labels_areEscaped() {
        let text = PrometheusText()
        text.record(
            Measurement("realtime_turns_total", .counter, 1, labels: ["interrupted": "a\\b\"c\nd"], session: "s"))
        #expect(text.text.hasSuffix("realtime_turns_total{interrupted=\"a\\\\b\\\"c\\nd\"} 1\n"))
    }

    @Test func file_isReplacedAtIntervalsAndAtTheEnd() async throws {
        let files = try ScratchFolder()
        let clock = ManualClock()
        let number = Collected<Int>()
        let file = PrometheusFile(path: files.path + "/router.prom", interval: .seconds(15), clock: clock)
        let unwritten = UnwrittenRecords()
        file.reportUnwritten(to: unwritten)
        try await file.start {
            number.append(0)
            return "\(number.elements.count)\n"
        }
        #expect(try files.read("router.prom") == "1\n")
        #expect(try files.mode("router.prom") == 0o644)
        await clock.waitForSleepers()
        let link = files.path + "/old"
        try FileManager.default.linkItem(atPath: files.path + "/router.prom", toPath: link)
        clock.advance(by: .seconds(15))
        await clock.waitForSleepers()
        _ = await number.wait(for: 2)
        await file.stop()
        #expect(try files.read("router.prom") == "3\n")
        // A reader that had the file open still has the complete old contents.
        #expect(try files.read("old") == "1\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.path).sorted() == ["old", "router.prom"])
        #expect(unwritten.files.isEmpty)
    }

    @Test func unwritableFile_failsTheStartAndIsCountedLater() async throws {
        let files = try ScratchFolder()
        let path = files.path + "/gone/router.prom"
        let failure = await #expect(throws: FileFailure.self) { try await PrometheusFile(path: path).start { "" } }
        #expect(failure?.description == "cannot write \(path): No such file or directory")

        try FileManager.default.createDirectory(atPath: files.path + "/gone", withIntermediateDirectories: false)
        let file = PrometheusFile(path: path, clock: ManualClock())
        let unwritten = UnwrittenRecords()
        file.reportUnwritten(to: unwritten)
        try await file.start { "" }
        try FileManager.default.removeItem(atPath: files.path + "/gone")
        await file.stop()
        #expect(
            unwritten.files.map { [$0.path, "\($0.records)", $0.error] } == [[path, "1", "No such file or directory"]])
    }
}
