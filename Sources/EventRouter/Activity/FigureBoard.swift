import Synchronization

/// The figures of all sources of a router.
final class FigureBoard: Sendable {
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

extension FigureBoard.Figure {
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
