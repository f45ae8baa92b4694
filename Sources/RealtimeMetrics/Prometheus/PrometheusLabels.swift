import EventRouter

/// The labels of a series, as Prometheus reads them.
struct PrometheusLabels: Comparable, CustomStringConvertible {
    private var pairs: [[String]]

    init(_ labels: MeasurementLabels) {
        pairs = labels.map { [$0.name, $0.value] }
    }

    /// The same labels and one more behind them.
    func with(_ name: String, _ value: String) -> PrometheusLabels {
        var labels = self
        labels.pairs.append([name, value])
        return labels
    }

    /// The labels in braces, with the escapes of the text format; nothing when there are none.
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
