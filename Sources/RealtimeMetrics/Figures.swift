import EventJSON

/// The figures at the end of a run, ready to be shown.
struct Figures {
    typealias Counts = [(name: String, count: Int)]

    var turns: Int
    /// Seconds, ascending.
    var latencies: [Double]
    var responses: Counts
    var input: Counts
    var output: Counts
    var cached: Int
    var calls: Counts
    var interruptions: Int
    var errors: Counts

    private static func sum(_ counts: Counts) -> Int { counts.reduce(0) { $0 + $1.count } }

    /// The value below which the given part of the latencies lies, by the nearest rank.
    private func latency(_ part: Double) -> Double? {
        guard !latencies.isEmpty else { return nil }
        return latencies[max(0, Int((part * Double(latencies.count)).rounded(.up)) - 1)]
    }

    var json: JSONValue {
        var object = JSONObject()
        object["turns"] = Self.number(turns)
        if let median = latency(0.5), let high = latency(0.95), let longest = latencies.last {
            object["turn_latency_ms"] = [
                "count": Self.number(latencies.count), "p50": Self.milliseconds(median), "p95": Self.milliseconds(high),
                "max": Self.milliseconds(longest),
            ]
        }
        object["responses"] = Self.json(responses)
        object["tokens"] = [
            "total": Self.number(Self.sum(input) + Self.sum(output)), "input": Self.json(input),
            "output": Self.json(output), "cached": Self.number(cached),
        ]
        object["function_calls"] = Self.json(calls)
        object["interruptions"] = Self.number(interruptions)
        object["errors"] = Self.json(errors)
        return .object(object)
    }

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
        guard let median = latency(0.5), let high = latency(0.95) else { return "" }
        return ", latency \(Self.seconds(median)) median, \(Self.seconds(high)) p95"
    }

    private static func seconds(_ value: Double) -> String {
        let milliseconds = Int((value * 1000).rounded())
        return milliseconds < 1000 ? "\(milliseconds) ms" : "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }

    private static func text(_ counts: Counts) -> String {
        counts.isEmpty ? "none" : counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }

    private static func parts(_ counts: Counts, _ cached: Int) -> String {
        var parts = counts.map { "\($0.name) \($0.count)" }
        if cached > 0 { parts.append("of it cached \(cached)") }
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }

    private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    private static func milliseconds(_ seconds: Double) -> JSONValue { number(Int((seconds * 1000).rounded())) }

    private static func json(_ counts: Counts) -> JSONValue {
        .object(counts.reduce(into: JSONObject()) { $0[$1.name] = number($1.count) })
    }
}
