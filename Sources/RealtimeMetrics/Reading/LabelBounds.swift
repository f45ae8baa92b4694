import ConfigSource
import EventRouter

/// Keeps the number of different label values small: a model may call functions by any name, and every value is a series.
struct LabelBounds: Sendable {
    /// How many values a label of a metric may have; what comes after them is counted as ``overflow``.
    static let limit = 50
    /// How many characters (Unicode scalars) of a value are kept.
    static let longest = 100
    /// What stands for values beyond the limit.
    static let overflow = "other"

    private var known: [String: [String: Set<String>]] = [:]

    /// Makes the values of a measurement printable, and not too many.
    mutating func bound(_ measurement: inout Measurement) {
        for (label, value) in measurement.labels {
            measurement.labels[label] = bounded(value, of: label, in: measurement.name)
        }
    }

    private mutating func bounded(_ value: String, of label: String, in metric: String) -> String {
        if known[metric]?[label]?.contains(value) ?? false { return value }
        let value = PrintableText(value, longest: Self.longest).description
        let count = known[metric]?[label]?.count ?? 0
        if known[metric]?[label]?.contains(value) ?? false { return value }
        guard count < Self.limit else { return Self.overflow }
        known[metric, default: [:]][label, default: []].insert(value)
        return value
    }
}
