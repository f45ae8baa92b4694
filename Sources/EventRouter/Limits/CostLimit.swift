import RealtimeEvents

/// How near a session is to what it may cost.
struct CostLimit: Sendable {
    /// At which part of the highest cost a session is told of it.
    static let notice = 0.9

    let highest: Double
    private var meter: any SessionCostMeter
    private var isNoticed = false

    init(_ highest: Double, _ meter: any SessionCostMeter) {
        self.highest = highest
        self.meter = meter
    }

    /// What the session has cost so far, in dollars.
    var cost: Double { meter.cost }
    /// Whether it has cost as much as it may.
    var isReached: Bool { cost >= highest }

    /// Whether an event can say something of the cost.
    static func concerns(_ code: EventType.Code) -> Bool {
        switch code {
        case .responseDone, .sessionCreated, .sessionUpdated, .transcriptionSessionCreated,
            .transcriptionSessionUpdated,
            .conversationItemInputAudioTranscriptionCompleted, .conversationItemInputAudioTranscriptionFailed:
            true
        default: false
        }
    }

    /// Takes an event of the server.
    mutating func add(_ event: RealtimeEvent) -> UnpricedUsage? { meter.add(event) }

    /// Whether it is time to tell the session of the limit, once.
    mutating func takeNotice() -> Bool {
        guard !isNoticed, cost >= highest * Self.notice else { return false }
        isNoticed = true
        return true
    }
}
