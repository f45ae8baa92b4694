import Synchronization

/// The metrics that one source reports about itself, such as its number of reconnects.
///
/// Handlers of type `metrics` publish each metric as `realtime_router_source_NAME`, with the label `source`. Ask for a
/// metric once and keep it. Any thread may change it, at the cost of one atomic operation.
///
/// ```swift
/// let refused = context.figures.counter("refused_handshakes_total", ["status": "403"])
/// let latency = context.figures.histogram("added_latency_seconds")
/// refused.add()
/// latency.observe(0.0004)
/// ```
///
/// A metric has at most 50 combinations of labels. Further combinations are counted under the label value `other`. A
/// name that was first used for another kind of metric returns a metric that is not published.
public struct SourceMetrics: Sendable {
    private let figureRegistry: SourceFigureRegistry
    private let source: String

    init(_ figureRegistry: SourceFigureRegistry, source: String) {
        self.figureRegistry = figureRegistry
        self.source = source
    }

    /// Returns a counter, which only grows.
    ///
    /// - Parameters:
    ///   - name: The name, in snake_case, ending in `_total`.
    ///   - labels: Dimensions with few values each.
    public func counter(_ name: String, _ labels: MeasurementLabels = [:]) -> SourceCounter {
        figureRegistry.counter(name, labelled(labels))
    }

    /// Returns a gauge, which goes up and down.
    ///
    /// - Parameters:
    ///   - name: The name, in snake_case, ending in its unit.
    ///   - labels: Dimensions with few values each.
    public func gauge(_ name: String, _ labels: MeasurementLabels = [:]) -> SourceGauge {
        figureRegistry.gauge(name, labelled(labels))
    }

    /// Returns a histogram of times, with the buckets of ``SourceHistogram/bounds``.
    ///
    /// - Parameters:
    ///   - name: The name, in snake_case, ending in `_seconds`.
    ///   - labels: Dimensions with few values each.
    public func histogram(_ name: String, _ labels: MeasurementLabels = [:]) -> SourceHistogram {
        figureRegistry.histogram(name, labelled(labels))
    }

    private func labelled(_ labels: MeasurementLabels) -> MeasurementLabels {
        var labels = labels
        labels["source"] = source
        return labels
    }
}

/// A counter of a source. See ``SourceMetrics``.
public final class SourceCounter: Sendable {
    private let count = Atomic<Int>(0)

    init() {}

    /// Increases the counter.
    ///
    /// - Parameter amount: The increase; a negative amount counts as 0.
    public func add(_ amount: Int = 1) { count.wrappingAdd(max(0, amount), ordering: .relaxed) }

    /// The current value.
    public var value: Int { count.load(ordering: .relaxed) }
}

/// A gauge of a source. See ``SourceMetrics``.
public final class SourceGauge: Sendable {
    private let number = Atomic<Int>(0)

    init() {}

    /// Sets the value.
    public func set(_ value: Int) { number.store(value, ordering: .relaxed) }

    /// Changes the value.
    ///
    /// - Parameter amount: The change; negative to decrease the value.
    public func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }

    /// The current value.
    public var value: Int { number.load(ordering: .relaxed) }
}

/// A histogram of times of a source. See ``SourceMetrics``.
public final class SourceHistogram: Sendable {
    /// The upper bounds of the buckets, in seconds, ascending. One more bucket follows for longer times.
    public static let bounds = HandlingTimes.bounds

    private let times = HandlingTimes()

    init() {}

    /// Adds one observation.
    ///
    /// - Parameter seconds: the time, in seconds; a negative time counts as 0.
    public func observe(_ seconds: Double) { times.note(max(0, seconds)) }

    /// The buckets: one for each of the ``bounds``, and one for longer times.
    package var buckets: [HandlingTimes.Bucket] { times.buckets }
}

/// The metrics of all sources of a router.
final class SourceFigureRegistry: Sendable {
    /// One metric with one combination of labels.
    fileprivate enum Figure {
        case counter(SourceCounter)
        case gauge(SourceGauge)
        case histogram(SourceHistogram)
    }

    /// The largest number of label combinations of a name.
    private static let seriesLimit = 50
    /// The largest number of names.
    private static let nameLimit = 100
    /// Replaces label values beyond the limit.
    private static let overflow = "other"

    private let figures = Mutex<[String: [MeasurementLabels: Figure]]>([:])

    func counter(_ name: String, _ labels: MeasurementLabels) -> SourceCounter {
        let figure = figure(name, labels) { .counter(SourceCounter()) }
        if case .counter(let counter)? = figure { return counter }
        return SourceCounter()
    }

    func gauge(_ name: String, _ labels: MeasurementLabels) -> SourceGauge {
        let figure = figure(name, labels) { .gauge(SourceGauge()) }
        if case .gauge(let gauge)? = figure { return gauge }
        return SourceGauge()
    }

    func histogram(_ name: String, _ labels: MeasurementLabels) -> SourceHistogram {
        let figure = figure(name, labels) { .histogram(SourceHistogram()) }
        if case .histogram(let histogram)? = figure { return histogram }
        return SourceHistogram()
    }

    private func figure(_ name: String, _ labels: MeasurementLabels, _ make: () -> Figure) -> Figure? {
        figures.withLock { figures in
            guard figures[name] != nil || figures.count < Self.nameLimit else { return nil }
            let new = make()
            // All metrics of a name have the same kind.
            if let first = figures[name]?.first?.value, !first.isOfKind(of: new) { return nil }
            var labels = labels
            let count = figures[name]?.count ?? 0
            if figures[name]?[labels] == nil, count >= Self.seriesLimit {
                for label in Array(labels) { labels[label.name] = Self.overflow }
            }
            if let known = figures[name]?[labels] { return known }
            figures[name, default: [:]][labels] = new
            return new
        }
    }

    /// A snapshot of all metrics, sorted by name.
    var values: [SourceFigureValue] {
        let figures = figures.withLock { $0 }
        return figures.sorted { $0.key < $1.key }.flatMap { name, series in
            series.map { SourceFigureValue(name: name, labels: $0, amount: $1.amount) }
        }
    }
}

extension SourceFigureRegistry.Figure {
    fileprivate func isOfKind(of other: Self) -> Bool {
        switch (self, other) {
        case (.counter, .counter), (.gauge, .gauge), (.histogram, .histogram): true
        default: false
        }
    }

    fileprivate var amount: SourceFigureValue.Amount {
        switch self {
        case .counter(let counter): .counter(counter.value)
        case .gauge(let gauge): .gauge(gauge.value)
        case .histogram(let histogram): .histogram(histogram.buckets)
        }
    }
}

/// The value of one source metric at one moment.
package struct SourceFigureValue: Sendable {
    /// The value, by the kind of metric.
    package enum Amount: Sendable {
        /// The current value.
        case counter(Int)
        /// The current value.
        case gauge(Int)
        /// The histogram's buckets.
        case histogram([HandlingTimes.Bucket])
    }

    /// The name that the source gave the metric.
    package var name: String
    /// The labels, including `source`.
    package var labels: MeasurementLabels
    /// The value.
    package var amount: Amount
}
