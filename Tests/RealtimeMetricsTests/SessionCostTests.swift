import EventRouter
import RealtimeEvents
import RealtimeMetrics
import Testing

/// The cost of one session's responses and transcriptions, on which `max_cost` is based.
@Suite struct SessionCostTests {
    private static let prices = PriceTable([
        .init(model: "m", tariffs: ["text": .init(input: 4, cached: 0.4, output: 16)]),
        .init(model: "whisper-*", minute: 0.06),
    ])

    private static func created(_ model: String, transcription: String = "whisper-1") -> String {
        #"{"type": "session.created", "session": {"model": "\#(model)", "audio": {"input": {"transcription": {"model": "\#(transcription)"}}}}}"#
    }

    private static func response(_ id: String, _ text: Int, beside: Bool = false) -> String {
        let usage =
            #""usage": {"input_tokens": \#(text), "input_token_details": {"text_tokens": \#(text)}}"#
        return beside
            ? #"{"type": "response.done", "response_id": "\#(id)", "response": {}, \#(usage)}"#
            : #"{"type": "response.done", "response": {"id": "\#(id)", \#(usage)}}"#
    }

    private static let transcription =
        #"{"type": "conversation.item.input_audio_transcription.completed", "item_id": "u1", "content_index": 0, "usage": {"type": "duration", "seconds": 30}}"#

    /// The cost in dollars, and the usage without a price.
    private func cost(_ events: String...) throws -> (cost: Double, unpriced: [UnpricedUsage]) {
        var meter = Self.prices.makeMeter()
        let unpriced = try events.compactMap { meter.add(try RealtimeEvent(json: $0)) }
        return (meter.cost, unpriced)
    }

    @Test func cost_addsResponsesAndTranscriptions() throws {
        let (cost, unpriced) = try cost(
            Self.created("m"), Self.response("r1", 250_000), Self.response("r2", 250_000, beside: true),
            Self.transcription)
        #expect((cost * 1000).rounded() == 2030)
        #expect(unpriced == [])
    }

    @Test func cost_countsAUsageOnce() throws {
        let (cost, _) = try cost(
            Self.created("m"), Self.response("r1", 250_000), Self.response("r1", 250_000), Self.transcription,
            Self.transcription)
        #expect((cost * 1000).rounded() == 1030)
    }

    @Test func cost_reportsUnpricedUsage() throws {
        #expect(try cost(Self.created("other"), Self.response("r1", 10)).unpriced == [UnpricedUsage(model: "other")])
        #expect(try cost(Self.response("r1", 10)).unpriced == [UnpricedUsage(model: nil)])
        #expect(
            try cost(Self.created("m", transcription: "else"), Self.transcription).unpriced
                == [UnpricedUsage(model: "else")])
    }

    @Test func handler_withPrices_providesThem() {
        #expect(MetricsHandler(prices: Self.prices).pricing?.hasPrice(forModel: "m") == true)
        #expect(MetricsHandler(prices: Self.prices).pricing?.hasPrice(forModel: "n") == false)
        #expect(MetricsHandler().pricing == nil)
    }
}
