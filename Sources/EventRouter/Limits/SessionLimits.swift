import RealtimeEvents

/// The largest duration and cost of a live session. The session ends when it reaches one of them.
///
/// The router emits `router.session.limit` 30 s before ``maxDuration``, and when 90 % of ``maxCost`` are spent. At the
/// limit, the session ends with the reason `max_duration` or `max_cost`, and its source closes the connection: see
/// ``AttachedSession/waitForEnd()``.
public struct SessionLimits: Sendable, Hashable {
    /// The largest duration, from the session's beginning; nil for no limit.
    public var maxDuration: Duration?
    /// The largest cost in dollars, by the prices of a ``PriceKeeping`` handler; nil for no limit.
    public var maxCost: Double?

    /// Creates a set of limits; by default, there are no limits.
    public init(maxDuration: Duration? = nil, maxCost: Double? = nil) {
        self.maxDuration = maxDuration
        self.maxCost = maxCost
    }

    /// Returns these limits, with those of others where these are nil.
    func filled(by others: SessionLimits) -> SessionLimits {
        SessionLimits(maxDuration: maxDuration ?? others.maxDuration, maxCost: maxCost ?? others.maxCost)
    }
}

/// Decides when a session gets notice of its end, and when it ends, by its largest duration.
struct DurationLimit {
    enum Step {
        /// The session ends soon.
        case notice(remaining: Duration)
        /// The session ends now.
        case end
    }

    /// The time between the notice and the end.
    static let notice = Duration.seconds(30)

    let longest: Duration
    private let end: Duration
    private var isNoticed = false
    private var isOver = false

    /// - Parameter begun: The clock's time at which the session began.
    init(_ longest: Duration, begun: Duration) {
        self.longest = longest
        end = begun + longest
    }

    /// The time of the next step; nil if there is none.
    ///
    /// - Parameter hasStarted: Whether the session has had an event. Before its first event it gets no notice.
    func next(hasStarted: Bool) -> Duration? {
        guard !isOver else { return nil }
        return isNoticed || !hasStarted ? end : max(end - Self.notice, end - longest)
    }

    /// Returns the step that is due at a time; each step is returned once.
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

/// Tracks a session's cost against its limit.
struct CostLimit: Sendable {
    /// The fraction of the largest cost at which a session gets notice.
    static let notice = 0.9

    let highest: Double
    private var meter: any SessionCostMeter
    private var isNoticed = false

    init(_ highest: Double, _ meter: any SessionCostMeter) {
        self.highest = highest
        self.meter = meter
    }

    /// The cost so far, in dollars.
    var cost: Double { meter.cost }
    /// Whether the limit is reached.
    var isReached: Bool { cost >= highest }

    /// Whether events of a type can affect the cost.
    static func concerns(_ code: EventType.Code) -> Bool {
        switch code {
        case .responseDone, .sessionCreated, .sessionUpdated, .transcriptionSessionCreated,
            .transcriptionSessionUpdated,
            .conversationItemInputAudioTranscriptionCompleted, .conversationItemInputAudioTranscriptionFailed:
            true
        default: false
        }
    }

    /// Adds the cost of a server event.
    mutating func add(_ event: RealtimeEvent) -> UnpricedUsage? { meter.add(event) }

    /// Returns whether the notice is due; true only once.
    mutating func takeNotice() -> Bool {
        guard !isNoticed, cost >= highest * Self.notice else { return false }
        isNoticed = true
        return true
    }
}
