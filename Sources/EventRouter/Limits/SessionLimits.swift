import RealtimeEvents

/// What a live session may last and cost before it ends by itself.
///
/// `router.session.limit` comes 30 s before ``maxDuration``, and when 90 % of ``maxCost`` are spent. Then the session ends with the reason
/// `max_duration` or `max_cost`, and its source closes the connection: see ``AttachedSession/waitForEnd()``.
public struct SessionLimits: Sendable, Hashable {
    /// How long the session may last, from its beginning; nil for any time.
    public var maxDuration: Duration?
    /// What the session may cost, in dollars, by the prices of a handler that implements ``PriceKeeping``; nil for any cost.
    public var maxCost: Double?

    /// Makes limits; by default there are none.
    public init(maxDuration: Duration? = nil, maxCost: Double? = nil) {
        self.maxDuration = maxDuration
        self.maxCost = maxCost
    }

    /// These limits, and where there is none, that of others.
    func filled(by others: SessionLimits) -> SessionLimits {
        SessionLimits(maxDuration: maxDuration ?? others.maxDuration, maxCost: maxCost ?? others.maxCost)
    }
}

/// When a session has to be told that it ends, and when it ends, by its longest duration.
struct DurationLimit {
    enum Step {
        /// It ends soon.
        case notice(remaining: Duration)
        /// It ends now.
        case end
    }

    /// How long before its end a session is told of it.
    static let notice = Duration.seconds(30)

    let longest: Duration
    private let end: Duration
    private var isNoticed = false
    private var isOver = false

    /// - Parameter begun: the moment of the clock at which the session began.
    init(_ longest: Duration, begun: Duration) {
        self.longest = longest
        end = begun + longest
    }

    /// The moment at which something is due; nil when all is done.
    ///
    /// - Parameter hasStarted: whether the session has had an event: before that it is not told of its end.
    func next(hasStarted: Bool) -> Duration? {
        guard !isOver else { return nil }
        return isNoticed || !hasStarted ? end : max(end - Self.notice, end - longest)
    }

    /// What is due at a moment, once.
    mutating func take(at moment: Duration, hasStarted: Bool) -> Step? {
        guard let next = next(hasStarted: hasStarted), moment >= next else { return nil }
        if moment >= end {
            isOver = true
            return .end
        }
        isNoticed = true
        return .notice(remaining: end - moment)
    }
}

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
