public import EventRouter
import RealtimeEvents

extension PriceTable: SessionPricing {
    /// Whether a row matches the model.
    public func hasPrice(forModel model: String) -> Bool { rows.contains { $0.matches(model) } }

    /// Creates a meter for one session.
    public func makeMeter() -> any SessionCostMeter { SessionCost(self) }
}

/// The cost of one session by a price table: of its responses and of the transcriptions of its user's audio.
struct SessionCost: SessionCostMeter {
    private(set) var cost = 0.0
    private let prices: PriceTable
    private var models = SessionMeterState(session: "")
    private var metered = MeteredUsage()

    init(_ prices: PriceTable) {
        self.prices = prices
    }

    mutating func add(_ event: RealtimeEvent) -> UnpricedUsage? {
        switch event.type.code {
        case .sessionCreated, .sessionUpdated, .transcriptionSessionCreated, .transcriptionSessionUpdated:
            if let session = try? event.decode(MeasuredSession.self) { models.noteModels(session) }
            return nil
        case .responseDone: return (try? event.decode(MeasuredServerResponse.self)).flatMap { add($0) }
        case .conversationItemInputAudioTranscriptionCompleted, .conversationItemInputAudioTranscriptionFailed:
            return (try? event.decode(MeasuredTranscription.self)).flatMap { add($0) }
        default: return nil
        }
    }

    private mutating func add(_ event: MeasuredServerResponse) -> UnpricedUsage? {
        guard let usage = event.response?.usage ?? event.usage,
            case .tokens(let tokens)? = metered.add(
                .tokens(TokenUsage(usage)), of: .response(event.response?.id ?? event.responseID)),
            !tokens.isEmpty
        else { return nil }
        return add(prices.cost(of: tokens, model: models.model), model: models.model)
    }

    private mutating func add(_ event: MeasuredTranscription) -> UnpricedUsage? {
        let subject = MeteredUsage.Subject.transcription(
            item: event.itemID, contentIndex: event.contentIndex, event: event.eventID)
        let model = models.transcriptionModel
        switch event.usage?.amount.flatMap({ metered.add($0, of: subject) }) {
        case .tokens(let tokens)? where !tokens.isEmpty: return add(prices.cost(of: tokens, model: model), model: model)
        case .seconds(let seconds)?: return add(prices.cost(ofSeconds: seconds, model: model), model: model)
        default: return nil
        }
    }

    private mutating func add(_ amount: Double?, model: String?) -> UnpricedUsage? {
        guard let amount else { return UnpricedUsage(model: model) }
        cost += amount
        return nil
    }
}
