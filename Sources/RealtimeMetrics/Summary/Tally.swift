import EventJSON
import EventRouter

/// The sums of measurements by name and labels, of one session or of all.
///
/// The size is bounded by the number of label values, which ``LabelLimiter`` limits, and by the number of kept samples.
struct Tally: Sendable {
    /// Names and counts, sorted by name.
    typealias Counts = [(name: String, count: Int)]

    /// The histograms whose latest samples are kept for percentiles.
    private static let sampled: [String: [Double]] = [
        "realtime_turn_latency_seconds": [], "realtime_turn_first_token_seconds": [],
        "gen_ai_client_operation_duration_seconds": [], "gen_ai_client_operation_time_to_first_chunk_seconds": [],
    ]

    private let keptSamples: Int
    /// The sums of counters and the latest values of gauges. A histogram's value is always 0; only its key is used.
    private var sums: [Series: Double] = [:]
    private var samples = Tally.sampled

    init(keptSamples: Int) {
        self.keptSamples = keptSamples
    }

    mutating func record(_ measurement: Measurement) {
        // Callers may record any value, so it must be checked.
        if recordIfKnown(measurement) || !measurement.value.isFinite { return }
        sums[Series(measurement)] = 0
        recordIfKnown(measurement)
    }

    /// Records a measurement if its series exists already; returns whether the series exists.
    @discardableResult
    mutating func recordIfKnown(_ measurement: Measurement) -> Bool {
        guard let index = sums.index(forKey: Series(measurement)) else { return false }
        guard measurement.value.isFinite else { return true }
        switch measurement.kind {
        case .counter: sums.values[index] += max(0, measurement.value)
        case .gauge: sums.values[index] = measurement.value
        case .histogram: keep(measurement)
        }
        return true
    }

    private mutating func keep(_ sample: Measurement) {
        guard (0...1e9).contains(sample.value), let index = samples.index(forKey: sample.name) else { return }
        samples.values[index].append(sample.value)
        if samples.values[index].count >= 2 * keptSamples { samples.values[index].removeFirst(keptSamples) }
    }

    /// The sum of all series with a name; nil if there are none.
    func sum(_ name: String, where condition: (label: String, value: String)? = nil) -> Double? {
        let all = sums.filter { series, _ in
            series.name == name && (condition.map { series.labels[$0.label] == $0.value } ?? true)
        }
        // The sum of fractions depends on their order, which differs between dictionaries, so the values are sorted
        // first.
        return all.isEmpty ? nil : all.values.sorted().reduce(0, +)
    }

    /// The sum as a whole number; 0 if there are no series.
    func total(_ name: String) -> Int { Self.whole(sum(name) ?? 0) }

    /// The sums for each value of a label.
    func values(
        _ name: String, by label: String, where condition: (label: String, value: String)? = nil
    ) -> [(name: String, value: Double)] {
        var values: [String: [Double]] = [:]
        for (series, value) in sums where series.name == name {
            if let condition, series.labels[condition.label] != condition.value { continue }
            values[series.labels[label] ?? "unknown", default: []].append(value)
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted().reduce(0, +)) }
    }

    /// The sums for each value of a label, as whole numbers.
    func counts(_ name: String, by label: String, where condition: (label: String, value: String)? = nil) -> Counts {
        values(name, by: label, where: condition).map { ($0.name, Self.whole($0.value)) }
    }

    /// The kept samples of a histogram, in ascending order.
    func distribution(_ name: String) -> Distribution { Distribution(samples[name, default: []].sorted()) }

    private static func whole(_ value: Double) -> Int { Int(min(max(value.rounded(), 0), 0x1p53)) }
}

/// The identity of a series: a metric's name with its labels.
struct Series: Hashable {
    let name: String
    let labels: MeasurementLabels

    init(_ measurement: Measurement) {
        name = measurement.name
        labels = measurement.labels
    }
}

/// Samples in seconds, for percentiles.
struct Distribution {
    /// The samples, in ascending order.
    let samples: [Double]

    init(_ samples: [Double]) {
        self.samples = samples
    }

    /// The value at or below which the given fraction of the samples lies, by the nearest-rank method; nil without
    /// samples.
    func percentile(_ part: Double) -> Double? {
        guard !samples.isEmpty else { return nil }
        return samples[max(0, Int((part * Double(samples.count)).rounded(.up)) - 1)]
    }

    /// The number of samples in each range of waiting times, from the first range with samples to the last.
    var ranges: [(bound: Double, count: Int)] {
        let bounds = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, .infinity]
        var counts = bounds.map { _ in 0 }
        for sample in samples { counts[bounds.firstIndex { sample <= $0 } ?? 0] += 1 }
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
            return []
        }
        return (first...last).map { (bounds[$0], counts[$0]) }
    }

    /// The count, and the median, 95th percentile and maximum in milliseconds; nil without samples.
    var json: JSONValue? {
        guard let median = percentile(0.5), let high = percentile(0.95), let longest = samples.last else { return nil }
        return [
            "count": .number(JSONNumber(samples.count)), "p50": Self.milliseconds(median),
            "p95": Self.milliseconds(high), "max": Self.milliseconds(longest),
        ]
    }

    private static func milliseconds(_ seconds: Double) -> JSONValue {
        .number(JSONNumber(Int((seconds * 1000).rounded())))
    }
}
