package import EventRouter
import Synchronization

/// A `MetricsSink` that aggregates measurements in Prometheus' text exposition format 0.0.4.
///
/// It ignores measurements that are neither in ``MetricFamily/all`` nor a source's own. Counters start at 0 with each
/// start of the program, which Prometheus handles.
package final class PrometheusText: MetricsSink {
    private struct Series {
        var value = 0.0
        var count = 0
        /// The upper bounds of the buckets.
        let bounds: [Double]
        /// The number of observations in each bucket: up to its bound and above the previous one.
        var buckets: [Int]

        init(_ family: MetricFamily) {
            bounds = family.buckets
            buckets = bounds.map { _ in 0 }
        }

        mutating func add(_ measurement: Measurement) {
            switch measurement.kind {
            case .counter: value += measurement.value
            case .gauge: value = measurement.value
            case .histogram:
                value += measurement.value * Double(measurement.count)
                count += measurement.count
                if let bucket = bounds.firstIndex(where: { measurement.value <= $0 }) {
                    buckets[bucket] += measurement.count
                }
            }
        }
    }

    private static let families = Dictionary(uniqueKeysWithValues: MetricFamily.all.map { ($0.name, $0) })

    private struct Entry {
        let family: MetricFamily
        var series: [MeasurementLabels: Series] = [:]
    }

    private let state = Mutex<[String: Entry]>([:])

    /// Creates an empty sink.
    package init() {}

    /// Adds a measurement.
    package func record(_ measurement: Measurement) {
        guard let family = Self.families[measurement.name] ?? MetricFamily.ofSource(measurement),
            family.kind == measurement.kind,
            measurement.value.isFinite, family.kind == .gauge || measurement.value >= 0
        else { return }
        state.withLock {
            $0[family.name, default: Entry(family: family)].series[measurement.labels, default: Series(family)]
                .add(measurement)
        }
    }

    /// The current metrics as text: the families that have values, with their series sorted by labels.
    package var text: String {
        let state = state.withLock { $0 }
        var text = ""
        for family in MetricFamily.all + others(state) {
            guard let all = state[family.name]?.series else { continue }
            text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind)\n"
            let labelled = all.map { (labels: PrometheusLabels($0), series: $1) }.sorted { $0.labels < $1.labels }
            for (labels, series) in labelled { text += Self.lines(family, labels, series) }
        }
        return text
    }

    /// The families of the sources' own metrics, sorted by name.
    private func others(_ state: [String: Entry]) -> [MetricFamily] {
        state.values.map(\.family).filter { Self.families[$0.name] == nil }.sorted { $0.name < $1.name }
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

    /// The shortest exact form of a number; whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        abs(value) < 0x1p53 && value == value.rounded() ? String(Int(value)) : "\(value)"
    }
}

/// The labels of a series in Prometheus' text format.
struct PrometheusLabels: Comparable, CustomStringConvertible {
    private var pairs: [[String]]

    init(_ labels: MeasurementLabels) {
        pairs = labels.map { [$0.name, $0.value] }
    }

    /// A copy of the labels with one more label at the end.
    func with(_ name: String, _ value: String) -> PrometheusLabels {
        var labels = self
        labels.pairs.append([name, value])
        return labels
    }

    /// The labels in braces, escaped for the text format; empty if there are none.
    var description: String {
        if pairs.isEmpty { return "" }
        let texts = pairs.map { pair in
            let value = pair[1].replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(pair[0])=\"\(value)\""
        }
        return "{\(texts.joined(separator: ","))}"
    }

    static func < (left: PrometheusLabels, right: PrometheusLabels) -> Bool {
        left.pairs.joined().lexicographicallyPrecedes(right.pairs.joined())
    }
}
