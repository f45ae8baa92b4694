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
