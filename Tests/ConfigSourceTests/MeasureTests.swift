import ConfigSource
import Testing

@Suite struct MeasureTests {
    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("5s", .seconds(5)), ("2m", .seconds(120)), ("24h", .seconds(86_400)),
        ("0s", .zero), ("1.5s", .milliseconds(1500)), ("0.25h", .seconds(900)), ("0.000000001s", .nanoseconds(1)),
    ])
    func duration_parses(_ text: String, _ duration: Duration) {
        #expect(Measure.duration(text) == duration)
    }

    @Test(arguments: [
        "", "5", "s", "5 s", "-5s", "5S", "5sec", "1m30s", ".5s", "5.s", "1e3s", "٥s", "99999999999999999999s",
        "9223372036854775807h", "0.0000000001s",
    ])
    func duration_rejectsOtherText(_ text: String) {
        #expect(Measure.duration(text) == nil)
    }

    @Test(arguments: [("90s", "90s"), ("120s", "2m"), ("60m", "1h"), ("0s", "0s"), ("1.5s", "1500ms"), ("5ms", "5ms")])
    func duration_formats(_ text: String, _ expected: String) throws {
        #expect(Measure.text(try #require(Measure.duration(text))) == expected)
    }

    @Test(arguments: [("0", 0), ("4096", 4096), ("64KiB", 65_536), ("1MiB", 1_048_576), ("2GiB", 2_147_483_648)])
    func byteSize_parses(_ text: String, _ bytes: Int) {
        #expect(Measure.byteSize(text) == bytes)
    }

    @Test(arguments: ["", "KiB", "64KB", "64k", "1.5MiB", "-1", "64 KiB", "64kib", "99999999999GiB"])
    func byteSize_rejectsOtherText(_ text: String) {
        #expect(Measure.byteSize(text) == nil)
    }
}
