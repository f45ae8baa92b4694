import EventJSON
package import EventRouter
import Synchronization

/// A `MetricsSink` that adds everything up for the end of a run, for a person or a program.
package final class MetricsSummary: MetricsSink {
    /// Samples kept of each histogram: the newest ones, so that an endless run stays small.
    static let keptSamples = 65_536

    private let tally = Mutex(Tally(keptSamples: MetricsSummary.keptSamples))

    /// Makes an empty summary.
    package init() {}

    /// Adds a measurement.
    package func record(_ measurement: Measurement) {
        tally.withLock { $0.record(measurement) }
    }

    /// The figures as JSON and as lines.
    package var summary: HandlerSummary { HandlerSummary(Figures(tally: tally.withLock { $0 })) }
}

extension HandlerSummary {
    /// Figures as JSON and as lines.
    init(_ figures: Figures) {
        self.init(json: .object(figures.json), lines: figures.lines)
    }
}
