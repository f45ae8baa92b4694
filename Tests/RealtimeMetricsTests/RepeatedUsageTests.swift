import EventJSON
import EventRouter
import RealtimeEvents
import RealtimeMetrics
import RouterTesting
import ScratchFolders
import Testing

/// A server may send an event twice. Its usage is measured once.
@Suite struct RepeatedUsageTests {
    private static let prices = PriceTable([
        .init(
            model: "m",
            tariffs: ["text": .init(input: 4, cached: 0.4, output: 16), "audio": .init(input: 32, output: 64)],
            minute: 0.006)
    ])
    private static let created =
        #"{"type": "session.created", "session": {"model": "m", "audio": {"input": {"transcription": {"model": "m"}}}}}"#

    private static func transcription(
        _ usage: String, item: String? = "u1", part: Int? = 0, id: String? = nil, end: String = "completed"
    ) -> String {
        var fields = ["\"type\": \"conversation.item.input_audio_transcription.\(end)\"", "\"usage\": \(usage)"]
        if let item { fields.append("\"item_id\": \"\(item)\"") }
        if let part { fields.append("\"content_index\": \(part)") }
        if let id { fields.append("\"event_id\": \"\(id)\"") }
        return "{\(fields.joined(separator: ", "))}"
    }

    private static func seconds(_ seconds: Int) -> String { #"{"type": "duration", "seconds": \#(seconds)}"# }

    private static func response(_ input: String, output: Int = 10, cached: Int = 0, id: String = "r1") -> String {
        """
        {"type": "response.done", "response": {"id": "\(id)", "status": "completed", "usage": \
        {\(input), "output_tokens": \(output), "output_token_details": {"text_tokens": \(output)}}}}
        """
    }

    /// The members `tokens`, `transcription` and `cost_dollars` of the metrics of a session with these events.
    private func figures(_ events: [String]) async throws -> String {
        let files = try ScratchFolder()
        let path = files.path + "/sessions.jsonl"
        let meter = MetricsHandler(prices: Self.prices, sessions: path, clock: ManualClock())
        let table = try RouteTable(handlers: [HandlerBinding("meter", meter)], routes: [Route("all", to: ["meter"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let report = try await router.run(ScriptedSource([Self.created] + events))
        await router.stop()
        let summary = try #require(report.summaries.first).summary.json
        let line = try JSONValue(
            parsing: files.read("sessions.jsonl").split(separator: "\n").first.map(String.init) ?? "")
        let names = ["tokens", "transcription", "cost_dollars"]
        let figures = { (of: (String) -> JSONValue?) in
            names.map { of($0)?.description ?? "none" }.joined(separator: " ")
        }
        #expect(figures { line[$0] } == figures { summary[$0] })
        return figures { summary[$0] }
    }

    private static let noTokens = #"{"total":0,"input":{},"output":{},"cached":0}"#

    @Test(
        "A transcription that completes again is metered once, and a larger usage adds the difference",
        arguments: [
            ("three times", [transcription(seconds(60)), transcription(seconds(60)), transcription(seconds(60))], 60),
            ("with one event id", Array(repeating: transcription(seconds(60), id: "e"), count: 3), 60),
            ("larger", [transcription(seconds(60)), transcription(seconds(90))], 90),
            ("smaller", [transcription(seconds(60)), transcription(seconds(30)), transcription(seconds(60))], 60),
            ("failed after it completed", [transcription(seconds(60)), transcription(seconds(60), end: "failed")], 60),
            ("only failed", [transcription(seconds(60), end: "failed")], 60),
            ("two items", [transcription(seconds(60)), transcription(seconds(30), item: "u2")], 90),
            ("two content parts", [transcription(seconds(60)), transcription(seconds(30), part: 1)], 90),
            ("no content index", [transcription(seconds(60)), transcription(seconds(60), part: nil)], 60),
            (
                "no item, one event id",
                [transcription(seconds(60), item: nil, id: "e"), transcription(seconds(60), item: nil, id: "e")], 60
            ),
            ("no item and no id", [transcription(seconds(60), item: nil), transcription(seconds(30), item: nil)], 90),
            (
                "tokens after seconds",
                [
                    transcription(seconds(60)),
                    transcription(
                        #"{"type": "tokens", "input_tokens": 5, "input_token_details": {"audio_tokens": 5}}"#),
                ], 60
            ),
        ] as [(String, [String], Int)])
    func repeatedTranscription_isMeteredOnce(what: String, events: [String], seconds: Int) async throws {
        let cost = JSONNumber(Double(seconds) / 10_000)
        #expect(try await figures(events) == "\(Self.noTokens) {\"seconds\":\(seconds)} \(cost)")
    }

    @Test("Tokens of a repeated transcription are measured once by modality")
    func repeatedTranscription_addsTheDifferenceOfTokens() async throws {
        let usage = { (audio: Int, text: Int) in
            """
            {"type": "tokens", "input_tokens": \(audio + text), "output_tokens": 4, \
            "input_token_details": {"audio_tokens": \(audio), "text_tokens": \(text)}, "output_token_details": {"text_tokens": 4}}
            """
        }
        let events = [usage(10, 5), usage(10, 5), usage(16, 5)].map { Self.transcription($0) }
        // 16 at 32, 5 at 4, 4 at 16.
        #expect(
            try await figures(events)
                == "\(Self.noTokens) " + #"{"input":{"audio":16,"text":5},"output":{"text":4}} 0.000596"#)
    }

    @Test(
        "A response that is done again is metered once, and a larger usage adds the difference by modality",
        arguments: [
            (
                "twice", [text(40), text(40)], #"{"total":50,"input":{"text":40},"output":{"text":10},"cached":0}"#,
                0.00032
            ),
            (
                "larger", [text(40), text(50)], #"{"total":60,"input":{"text":50},"output":{"text":10},"cached":0}"#,
                0.00036
            ),
            (
                "smaller", [text(40), text(30), text(40)],
                #"{"total":50,"input":{"text":40},"output":{"text":10},"cached":0}"#, 0.00032
            ),
            (
                "more output", [text(40), response(#""input_tokens": 40"#, output: 25)],
                #"{"total":65,"input":{"text":40},"output":{"text":25},"cached":0}"#, 0.00056
            ),
            (
                "the modalities later", [response(#""input_tokens": 40"#), text(40)],
                #"{"total":50,"input":{"unspecified":40},"output":{"text":10},"cached":0}"#, nil
            ),
            (
                "another modality",
                [text(40), response(#""input_tokens": 45, "input_token_details": {"audio_tokens": 45}"#)],
                #"{"total":55,"input":{"audio":5,"text":40},"output":{"text":10},"cached":0}"#, 0.00048
            ),
            (
                "cached later",
                [
                    text(40),
                    response(#""input_tokens": 50, "input_token_details": {"text_tokens": 50, "cached_tokens": 30}"#),
                ], #"{"total":60,"input":{"text":50},"output":{"text":10},"cached":10}"#, 0.000324
            ),
            (
                "without usage at first", [#"{"type": "response.done", "response": {"id": "r1"}}"#, text(40)],
                #"{"total":50,"input":{"text":40},"output":{"text":10},"cached":0}"#, 0.00032
            ),
            (
                "beside the response, as xAI sends it",
                Array(
                    repeating:
                        #"{"type": "response.done", "response": {"id": "r1"}, "usage": {"input_tokens": 7, "output_tokens": 0, "input_token_details": {"text_tokens": 7}}}"#,
                    count: 2), #"{"total":7,"input":{"text":7},"output":{},"cached":0}"#, 0.000028
            ),
            (
                "two responses",
                [text(40), response(#""input_tokens": 40, "input_token_details": {"text_tokens": 40}"#, id: "r2")],
                #"{"total":100,"input":{"text":80},"output":{"text":20},"cached":0}"#, 0.00064
            ),
        ] as [(String, [String], String, Double?)])
    func repeatedResponse_isMeteredOnce(what: String, events: [String], tokens: String, cost: Double?) async throws {
        #expect(try await figures(events) == "\(tokens) none \(cost.map { JSONNumber($0).description } ?? "none")")
    }

    private static func text(_ input: Int) -> String {
        response(#""input_tokens": \#(input), "input_token_details": {"text_tokens": \#(input)}"#)
    }
}
