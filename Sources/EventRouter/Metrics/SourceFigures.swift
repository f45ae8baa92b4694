import Synchronization

/// The figures of one source: what a source counts of its own, such as reconnects, for the handlers that publish metrics.
///
/// Handlers of type `metrics` publish a figure as `realtime_router_source_NAME`, with the label `source`. Ask for a figure once and keep it:
/// it may be changed from any thread, and that costs next to nothing.
///
/// ```swift
/// let refused = context.figures.counter("refused_handshakes_total", ["status": "403"])
/// let latency = context.figures.histogram("added_latency_seconds")
/// refused.add()
/// latency.observe(0.0004)
/// ```
///
/// A figure has at most 50 combinations of labels; what comes after them is counted under the label values `other`. A name that was
/// first asked for as another kind gives a figure that nobody publishes.
public struct SourceFigures: Sendable {
    private let figureRegistry: SourceFigureRegistry
    private let source: String

    init(_ figureRegistry: SourceFigureRegistry, source: String) {
        self.figureRegistry = figureRegistry
        self.source = source
    }

    /// A number that only grows.
    ///
    /// - Parameters:
    ///   - name: the name, in snake_case, with `_total` at its end.
    ///   - labels: dimensions from a small set of values.
    public func counter(_ name: String, _ labels: MeasurementLabels = [:]) -> SourceCounter {
        figureRegistry.counter(name, labelled(labels))
    }

    /// A number that goes up and down.
    ///
    /// - Parameters:
    ///   - name: the name, in snake_case, with its unit at the end.
    ///   - labels: dimensions from a small set of values.
    public func gauge(_ name: String, _ labels: MeasurementLabels = [:]) -> SourceGauge {
        figureRegistry.gauge(name, labelled(labels))
    }

    /// A distribution of times, in the buckets of ``SourceHistogram/bounds``.
    ///
    /// - Parameters:
    ///   - name: the name, in snake_case, with `_seconds` at its end.
    ///   - labels: dimensions from a small set of values.
    public func histogram(_ name: String, _ labels: MeasurementLabels = [:]) -> SourceHistogram {
        figureRegistry.histogram(name, labelled(labels))
    }

    private func labelled(_ labels: MeasurementLabels) -> MeasurementLabels {
        var labels = labels
        labels["source"] = source
        return labels
    }
}

/// A number of a source's own that only grows. See ``SourceFigures``.
public final class SourceCounter: Sendable {
    private let count = Atomic<Int>(0)

    init() {}

    /// Adds to the number.
    ///
    /// - Parameter amount: how much; not negative.
    public func add(_ amount: Int = 1) { count.wrappingAdd(max(0, amount), ordering: .relaxed) }

    /// The number so far.
    public var value: Int { count.load(ordering: .relaxed) }
}

/// A number of a source's own that goes up and down. See ``SourceFigures``.
public final class SourceGauge: Sendable {
    private let number = Atomic<Int>(0)

    init() {}

    /// Sets the number.
    public func set(_ value: Int) { number.store(value, ordering: .relaxed) }

    /// Changes the number.
    ///
    /// - Parameter amount: how much it grows; negative if it shrinks.
    public func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }

    /// The number now.
    public var value: Int { number.load(ordering: .relaxed) }
}

/// A distribution of times of a source's own. See ``SourceFigures``.
public final class SourceHistogram: Sendable {
    /// The upper bounds of the buckets, in seconds, ascending; one more bucket follows for what took longer.
    public static let bounds = HandlingTimes.bounds

    private let times = HandlingTimes()

    init() {}

    /// Adds one observation.
    ///
    /// - Parameter seconds: the time, in seconds; a negative one counts as 0.
    public func observe(_ seconds: Double) { times.note(max(0, seconds)) }

    /// The buckets, one more than there are ``bounds``.
    package var buckets: [HandlingTimes.Bucket] { times.buckets }
}

/// The figures of all sources of a router.
final class SourceFigureRegistry: Sendable {
    /// One figure with its labels.
    fileprivate enum Figure {
        case counter(SourceCounter)
        case gauge(SourceGauge)
        case histogram(SourceHistogram)
    }

    /// So many combinations of labels a name may have.
    private static let seriesLimit = 50
    /// So many names there may be.
    private static let nameLimit = 100
    /// What stands for label values beyond the limit.
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
            // One name has one kind.
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

    /// All figures now, by name and labels.
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

/// What a figure of a source comes to.
package struct SourceFigureValue: Sendable {
    /// The amount, by the figure's kind.
    package enum Amount: Sendable {
        /// The number so far.
        case counter(Int)
        /// The number now.
        case gauge(Int)
        /// The buckets so far.
        case histogram([HandlingTimes.Bucket])
    }

    /// The name, as the source said it.
    package var name: String
    /// The labels, with that of the source.
    package var labels: MeasurementLabels
    /// The amount.
    package var amount: Amount
}
