public import EventRouter
import Synchronization

/// A `MetricsSink` that puts measurements together as Prometheus reads them: text exposition format 0.0.4.
///
/// What ``MetricFamily/all`` does not name is passed over. Counters begin at 0 in each run of the program, which Prometheus
/// understands.
public final class PrometheusText: MetricsSink {
    private struct Series {
        var value = 0.0
        var count = 0
        /// Observations up to each bucket's bound, and above the one before it.
        var buckets: [Int]
    }

    private static let families = Dictionary(uniqueKeysWithValues: MetricFamily.all.map { ($0.name, $0) })

    private let state = Mutex<[String: [PrometheusLabels: Series]]>([:])

    /// Makes a text without metrics.
    public init() {}

    /// Adds a measurement.
    public func record(_ measurement: Measurement) {
        guard let family = Self.families[measurement.name], family.kind == measurement.kind,
            measurement.value.isFinite, family.kind == .gauge || measurement.value >= 0
        else { return }
        let labels = PrometheusLabels(measurement.labels)
        state.withLock { state in
            var series = state[family.name]?[labels] ?? Series(buckets: family.buckets.map { _ in 0 })
            switch family.kind {
            case .counter: series.value += measurement.value
            case .gauge: series.value = measurement.value
            case .histogram:
                series.value += measurement.value * Double(measurement.count)
                series.count += measurement.count
                if let bucket = family.buckets.firstIndex(where: { measurement.value <= $0 }) {
                    series.buckets[bucket] += measurement.count
                }
            }
            state[family.name, default: [:]][labels] = series
        }
    }

    /// The text as of now: the families that have values, their series by label.
    public var text: String {
        let state = state.withLock { $0 }
        var text = ""
        for family in MetricFamily.all {
            guard let all = state[family.name] else { continue }
            text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind)\n"
            for (labels, series) in all.sorted(by: { $0.key < $1.key }) { text += Self.lines(family, labels, series) }
        }
        return text
    }

    private static func lines(_ family: MetricFamily, _ labels: PrometheusLabels, _ series: Series) -> String {
        guard family.kind == .histogram else { return "\(family.name)\(labels) \(number(series.value))\n" }
        var text = ""
        var below = 0
        for (bound, count) in zip(family.buckets, series.buckets) {
            below += count
            text += "\(family.name)_bucket\(labels.with("le", number(bound))) \(below)\n"
        }
        text += "\(family.name)_bucket\(labels.with("le", "+Inf")) \(series.count)\n"
        return text
            + "\(family.name)_sum\(labels) \(number(series.value))\n\(family.name)_count\(labels) \(series.count)\n"
    }

    /// The shortest form that says the same number; whole ones without a fraction.
    private static func number(_ value: Double) -> String {
        abs(value) < 0x1p53 && value == value.rounded() ? String(Int(value)) : "\(value)"
    }
}
