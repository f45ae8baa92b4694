/// A place where figures go.
///
/// ## Contract
/// `record(_:)` is synchronous, does not throw and must return at once: it is called from the handler that counts.
/// Calls may come from several threads at a time.
public protocol MetricsSink: Sendable {
    /// Takes one measurement.
    func record(_ measurement: Measurement)
}

/// One figure: what was measured, how much, and for whom.
public struct Measurement: Sendable, Hashable {
    /// What a value means.
    public enum Kind: Sendable, Hashable {
        /// An amount to add up.
        case counter
        /// One observation of a distribution.
        case histogram
        /// The newest reading.
        case gauge
    }

    /// The name in snake_case with its unit at the end, as Prometheus wants it: `turn_latency_seconds`.
    public var name: String
    /// How values of this name are to be put together.
    public var kind: Kind
    /// The amount, in the unit that the name ends with.
    public var value: Double
    /// For a histogram: how many observations this is, of which `value` is the mean. 1 for most measurements.
    public var count: Int
    /// Dimensions from a small set of values, such as `status`.
    public var labels: MeasurementLabels
    /// The session's key; empty for what the router measures of itself. Not a label: there are too many of them.
    public var session: String

    /// Makes a measurement.
    public init(
        _ name: String, _ kind: Kind, _ value: Double, count: Int = 1, labels: MeasurementLabels = [:], session: String
    ) {
        self.name = name
        self.kind = kind
        self.value = value
        self.count = count
        self.labels = labels
        self.session = session
    }
}

/// A ``MetricsSink`` made of a closure.
public struct ClosureMetricsSink: MetricsSink {
    private let body: @Sendable (Measurement) -> Void

    /// Makes a sink that calls `body`.
    public init(_ body: @escaping @Sendable (Measurement) -> Void) {
        self.body = body
    }

    /// Calls the closure.
    public func record(_ measurement: Measurement) { body(measurement) }
}
