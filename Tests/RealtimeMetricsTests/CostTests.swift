import EventJSON
import EventRouter
import RealtimeEvents
import RealtimeMetrics
import RouterTesting
import Testing

@Suite struct CostTests {
    private static let prices = PriceTable([
        .init(
            model: "gpt-realtime-mini*",
            tariffs: [
                "text": .init(input: 0.6, cached: 0.06, output: 2.4),
                "audio": .init(input: 10, cached: 0.3, output: 20),
            ]),
        .init(
            model: "gpt-realtime*",
            tariffs: [
                "text": .init(input: 4, cached: 0.4, output: 16), "audio": .init(input: 32, cached: 0.4, output: 64),
            ]),
        .init(model: "whisper-1", minute: 0.006),
        .init(model: "*-transcribe", tariffs: ["audio": .init(input: 3), "text": .init(output: 5)]),
    ])

    private static let usage =
        #"{"input_tokens": 100, "output_tokens": 60, "input_token_details": {"text_tokens": 60, "audio_tokens": 40, "cached_tokens": 30, "cached_tokens_details": {"text_tokens": 20, "audio_tokens": 10}}, "output_token_details": {"text_tokens": 10, "audio_tokens": 50}}"#

    /// The cost of a response in millionths of a dollar, in a session with a model; nil if no cost was measured.
    private func cost(
        _ usage: String, model: String?, prices: PriceTable? = CostTests.prices
    ) async throws -> (cost: Double?, unpriced: Double?) {
        let session = model.map { #"{"type": "session.created", "session": {"model": "\#($0)"}}"# }
        let response = #"{"type": "router.response.done", "status": "completed", "usage": \#(usage)}"#
        return try await cost(of: [session, response].compactMap { $0 }, prices)
    }

    private func cost(of events: [String], _ prices: PriceTable?) async throws -> (cost: Double?, unpriced: Double?) {
        let sink = MemoryMetrics()
        let handler = MetricsHandler(sinks: [sink], prices: prices)
        let session = RouterSession(key: "s") { _ in }
        for event in events {
            try await handler.handle(
                EventDelivery(event: try RealtimeEvent(json: event), routes: ["r"], session: session))
        }
        let value = { (name: String) in sink.measurements.elements.first { $0.name == name }?.value }
        return (value("realtime_cost_dollars_total").map { ($0 * 1e6).rounded() }, value("realtime_unpriced_total"))
    }

    @Test func cost_cachedTokensArePartOfTheInput() async throws {
        // Text: 40 at 4, 20 at 0.4, 10 at 16; audio: 30 at 32, 10 at 0.4, 50 at 64: 160 + 8 + 160 + 960 + 4 + 3200.
        let (cost, unpriced) = try await cost(Self.usage, model: "gpt-realtime")
        #expect(cost == 4492.0)
        #expect(unpriced == nil)
    }

    @Test func cost_usesTheFirstMatchingRow() async throws {
        // 24 + 1.2 + 24 + 300 + 3 + 1000.
        #expect(try await cost(Self.usage, model: "gpt-realtime-mini-2026").cost == 1352.0)
    }

    @Test(arguments: [
        ("a model that no row fits", usage, Optional("nova")), ("no model", usage, nil),
        (
            "a modality without a price",
            #"{"input_tokens": 5, "input_token_details": {"image_tokens": 5}}"#, "gpt-realtime"
        ),
        ("tokens of no modality", #"{"input_tokens": 5, "output_tokens": 2}"#, "gpt-realtime"),
        (
            "more cached than there was",
            #"{"input_token_details": {"text_tokens": 5, "cached_tokens_details": {"text_tokens": 6}}}"#, "gpt-realtime"
        ),
    ])
    func cost_isNilWithoutAPrice(what: String, usage: String, model: String?) async throws {
        let (cost, unpriced) = try await cost(usage, model: model)
        #expect(cost == nil)
        #expect(unpriced == 1)
    }

    @Test func cost_isNotMeasuredWithoutATable() async throws {
        let (cost, unpriced) = try await cost(Self.usage, model: "gpt-realtime", prices: nil)
        #expect(cost == nil)
        #expect(unpriced == nil)
    }

    @Test func cost_ofAResponseWithoutTokens() async throws {
        let (cost, unpriced) = try await cost("{}", model: "gpt-realtime")
        #expect(cost == nil)
        #expect(unpriced == nil)
    }

    @Test(arguments: [
        (#"{"type": "duration", "seconds": 30}"#, "whisper-1", 3000.0),
        (
            #"{"type": "tokens", "input_tokens": 100, "output_tokens": 10, "input_token_details": {"audio_tokens": 100}, "output_token_details": {"text_tokens": 10}}"#,
            "gpt-transcribe", 350
        ),
    ])
    func cost_ofTranscriptionsByTimeOrTokens(usage: String, model: String, dollars: Double) async throws {
        let events = [
            #"{"type": "session.updated", "session": {"audio": {"input": {"transcription": {"model": "\#(model)"}}}}}"#,
            #"{"type": "conversation.item.input_audio_transcription.completed", "usage": \#(usage)}"#,
        ]
        #expect(try await cost(of: events, Self.prices).cost == dollars)
    }
}
