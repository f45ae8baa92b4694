public import CoreMetrics
public import EventRouter
import Synchronization

/// A `MetricsSink` that records measurements in the program's swift-metrics backend.
///
/// ```swift
/// MetricsHandler(sinks: [SwiftMetricsSink()])
/// ```
/// Counters become `FloatingPointCounter`s, gauges `Meter`s, histograms of seconds `Timer`s and other histograms
/// `Recorder`s. Labels become dimensions, in the order of their names. The sink creates each metric once and keeps it;
/// their number is limited, because label values are.
public final class SwiftMetricsSink: MetricsSink {
    private struct Key: Hashable {
        let name: String
        let labels: MeasurementLabels
    }

    private enum Metric {
        case counter(FloatingPointCounter)
        case meter(Meter)
        case timer(CoreMetrics.Timer)
        case recorder(Recorder)
    }

    private let factory: any MetricsFactory
    private let metrics = Mutex<[Key: Metric]>([:])

    /// Creates a sink for a backend.
    public init(factory: any MetricsFactory) {
        self.factory = factory
    }

    /// Creates a sink for the backend that was passed to `MetricsSystem.bootstrap(_:)`.
    public convenience init() {
        self.init(factory: MetricsSystem.factory)
    }

    /// Records a measurement in its metric.
    public func record(_ measurement: Measurement) {
        switch metric(for: measurement) {
        case .counter(let counter): counter.increment(by: measurement.value)
        case .meter(let meter): meter.set(measurement.value)
        case .timer(let timer):
            let nanoseconds = Int64(exactly: (measurement.value * 1e9).rounded()) ?? .max
            for _ in 0..<measurement.count { timer.recordNanoseconds(nanoseconds) }
        case .recorder(let recorder):
            for _ in 0..<measurement.count { recorder.record(measurement.value) }
        }
    }

    private func metric(for measurement: Measurement) -> Metric {
        metrics.withLock { metrics in
            let key = Key(name: measurement.name, labels: measurement.labels)
            if let metric = metrics[key] { return metric }
            let metric = makeMetric(measurement)
            metrics[key] = metric
            return metric
        }
    }

    private func makeMetric(_ measurement: Measurement) -> Metric {
        let name = measurement.name
        let dimensions = measurement.labels.map { ($0.name, $0.value) }
        return switch measurement.kind {
        case .counter: .counter(FloatingPointCounter(label: name, dimensions: dimensions, factory: factory))
        case .gauge: .meter(Meter(label: name, dimensions: dimensions, factory: factory))
        case .histogram:
            name.hasSuffix("_seconds")
                ? .timer(CoreMetrics.Timer(label: name, dimensions: dimensions, factory: factory))
                : .recorder(Recorder(label: name, dimensions: dimensions, aggregate: true, factory: factory))
        }
    }
}
