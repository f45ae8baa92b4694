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
