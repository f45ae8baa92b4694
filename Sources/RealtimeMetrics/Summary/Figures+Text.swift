extension Figures {
    /// The figures for a person, a topic a line.
    var lines: [String] {
        var lines = ["turns      \(turns)" + latencyText, "responses  \(Self.text(responses))"]
        lines.append(
            "tokens     \(Self.sum(input) + Self.sum(output)): input \(Self.sum(input))\(Self.parts(input, cached))"
                + ", output \(Self.sum(output))\(Self.parts(output, 0))")
        if !calls.isEmpty { lines.append("calls      \(Self.text(calls))") }
        if interruptions > 0 { lines.append("barge-ins  \(interruptions)") }
        if !errors.isEmpty { lines.append("errors     \(Self.text(errors))") }
        return lines
    }

    private var latencyText: String {
        guard let median = latency.percentile(0.5), let high = latency.percentile(0.95) else { return "" }
        return ", latency \(Self.seconds(median)) median, \(Self.seconds(high)) p95"
    }

    private static func seconds(_ value: Double) -> String {
        let milliseconds = Int((value * 1000).rounded())
        return milliseconds < 1000 ? "\(milliseconds) ms" : "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }

    private static func text(_ counts: Tally.Counts) -> String {
        counts.isEmpty ? "none" : counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }

    private static func parts(_ counts: Tally.Counts, _ cached: Int) -> String {
        var parts = counts.map { "\($0.name) \($0.count)" }
        if cached > 0 { parts.append("of it cached \(cached)") }
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }
}
