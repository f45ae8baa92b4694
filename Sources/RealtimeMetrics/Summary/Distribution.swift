import EventJSON

/// Samples in seconds, for percentiles.
struct Distribution {
    /// Ascending.
    let samples: [Double]

    init(_ samples: [Double]) {
        self.samples = samples
    }

    /// The value below which the given part of the samples lies, by the nearest rank.
    func percentile(_ part: Double) -> Double? {
        guard !samples.isEmpty else { return nil }
        return samples[max(0, Int((part * Double(samples.count)).rounded(.up)) - 1)]
    }

    /// How many samples lie in each range of waiting times, from the first range that has any to the last.
    var ranges: [(bound: Double, count: Int)] {
        let bounds = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, .infinity]
        var counts = bounds.map { _ in 0 }
        for sample in samples { counts[bounds.firstIndex { sample <= $0 } ?? 0] += 1 }
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
            return []
        }
        return (first...last).map { (bounds[$0], counts[$0]) }
    }

    /// Count, median, 95th percentile and maximum, in ms; nil without samples.
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
