import EventRouter

/// Measurements added up by name and labels: of one session, or of all.
///
/// Its size is bounded by the number of label values, which ``LabelBounds`` keeps small, and by the number of kept samples.
struct Tally: Sendable {
    /// A name with its labels.
    private struct Series: Hashable {
        var name: String
        var labels: [String: String]
    }

    /// Names and amounts, by name.
    typealias Counts = [(name: String, count: Int)]

    /// The newest samples of each of these are kept for percentiles.
    private static let sampled: Set<String> = [
        "realtime_turn_latency_seconds", "realtime_turn_first_token_seconds",
        "gen_ai_client_operation_duration_seconds", "gen_ai_client_operation_time_to_first_chunk_seconds",
    ]

    private let keptSamples: Int
    private var sums: [Series: Double] = [:]
    private var samples: [String: [Double]] = [:]

    init(keptSamples: Int) {
        self.keptSamples = keptSamples
    }

    mutating func record(_ measurement: Measurement) {
        // Anybody may record here, so any value may come.
        guard measurement.value.isFinite else { return }
        switch measurement.kind {
        case .counter:
            let series = Series(name: measurement.name, labels: measurement.labels)
            sums[series, default: 0] += max(0, measurement.value)
        case .gauge: sums[Series(name: measurement.name, labels: measurement.labels)] = measurement.value
        case .histogram:
            guard Self.sampled.contains(measurement.name), (0...1e9).contains(measurement.value) else { return }
            samples[measurement.name, default: []].append(measurement.value)
            if samples[measurement.name, default: []].count >= 2 * keptSamples {
                samples[measurement.name]?.removeFirst(keptSamples)
            }
        }
    }

    /// The sum of all series of a name; nil when there are none.
    func sum(_ name: String, where condition: (label: String, value: String)? = nil) -> Double? {
        let all = sums.filter { series, _ in
            series.name == name && (condition.map { series.labels[$0.label] == $0.value } ?? true)
        }
        // Sums of fractions depend on their order, and a dictionary has another one each time.
        return all.isEmpty ? nil : all.values.sorted().reduce(0, +)
    }

    /// The sum as a whole number; 0 when there are none.
    func total(_ name: String) -> Int { Self.whole(sum(name) ?? 0) }

    /// The sums by one label.
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

    /// The same as whole numbers.
    func counts(_ name: String, by label: String, where condition: (label: String, value: String)? = nil) -> Counts {
        values(name, by: label, where: condition).map { ($0.name, Self.whole($0.value)) }
    }

    /// The kept samples of a histogram, ascending.
    func distribution(_ name: String) -> Distribution { Distribution(samples[name, default: []].sorted()) }

    private static func whole(_ value: Double) -> Int { Int(min(max(value.rounded(), 0), 0x1p53)) }
}
