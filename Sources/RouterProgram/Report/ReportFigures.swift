import RealtimeRouter

/// The figures of a summary, formatted for the page. A value that was not measured is shown as a dash, not as 0.
struct ReportFigures {
    /// One figure with its name and a note.
    struct Tile {
        var name: String
        var value: String
        var note = ""
    }

    private let json: JSONValue

    /// The number of calls that the model made. The summary counts only those with an outcome.
    private let callCount: Int

    init(_ json: JSONValue, callCount: Int) {
        self.json = json
        self.callCount = callCount
    }

    /// The sum of the sessions' figures. The latency percentiles are computed over the turns of all sessions.
    init(totalOf sessions: [ReportFigures], latencies: [Int]) {
        var sum = sessions.reduce([:]) { Self.sum($0, $1.json) }.object ?? JSONObject()
        let latencies = latencies.sorted()
        let percentile = { (percent: Int) in
            JSONValue.number(JSONNumber(latencies[max(0, (latencies.count * percent + 99) / 100 - 1)]))
        }
        sum["turn_latency_ms"] = latencies.isEmpty ? nil : ["p50": percentile(50), "p95": percentile(95)]
        self.init(.object(sum), callCount: sessions.reduce(0) { $0 + max($1.callCount, $1.endedCalls) })
    }

    /// Adds the numbers of two JSON values member by member.
    private static func sum(_ one: JSONValue, _ other: JSONValue) -> JSONValue {
        if let a = one.int, let b = other.int { return .number(JSONNumber(a.addingReportingOverflow(b).partialValue)) }
        if let a = one.double, let b = other.double { return .number(JSONNumber(a + b)) }
        guard case .object(var total) = one, case .object(let more) = other else { return one }
        for (key, value) in more { total[key] = total[key].map { sum($0, value) } ?? value }
        return .object(total)
    }

    /// The figures for the top of the page.
    var tiles: [Tile] {
        let latency = json["turn_latency_ms"]
        return [
            Tile(name: "turns", value: whole(json["turns"]), note: stalledTurns),
            Tile(name: "median latency", value: milliseconds(latency?["p50"]), note: basis),
            Tile(name: "p95 latency", value: milliseconds(latency?["p95"])),
            Tile(
                name: "responses", value: whole(sum(json["responses"])),
                note: named(json["responses"], but: "completed")),
            Tile(name: "calls", value: Self.grouped(max(callCount, endedCalls)), note: calls),
            Tile(name: "barge-ins", value: whole(json["interruptions"])),
            Tile(name: "errors", value: whole(sum(json["errors"])), note: kinds(json["errors"])),
            Tile(name: "tokens", value: whole(json["tokens"]?["total"])),
            Tile(name: "cost", value: cost, note: costNote),
        ]
    }

    /// The tokens by direction and modality.
    var tokens: [(direction: String, total: Int, parts: [(name: String, count: Int)])] {
        ["input", "output"].map { direction in
            let parts = counts(json["tokens"]?[direction])
            return (direction, parts.reduce(0) { $0 + $1.count }, parts)
        }
    }

    /// The number of cached input tokens.
    var cached: Int { json["tokens"]?["cached"]?.int ?? 0 }

    private var basis: String { json["turn_latency_ms"] == nil ? "" : "from the end of speech" }

    private var stalledTurns: String {
        guard let count = json["stalled"]?.int else { return "" }
        return count == 1 ? "1 silence" : "\(count) stalledTurns"
    }

    /// The number of calls with an outcome.
    private var endedCalls: Int { counts(json["function_calls"]).reduce(0) { $0 + $1.count } }

    private var calls: String {
        let open = callCount > endedCalls ? "\(callCount - endedCalls) without outcome" : ""
        return [named(json["function_calls"], but: "completed"), open].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// The note about tokens or responses without a price.
    private var costNote: String {
        if let count = json["unpriced"]?.int { return "\(count) without a price" }
        return json["cost_dollars"] == nil ? "no prices" : ""
    }

    private var cost: String {
        guard let cost = json["cost_dollars"]?.double else { return "–" }
        let places = cost < 0.1 ? 4 : 2
        let scale = places == 4 ? 10_000.0 : 100
        let parts = Int((cost * scale).rounded())
        let digits = String(parts % Int(scale))
        return "$\(parts / Int(scale)).\(String(repeating: "0", count: places - digits.count))\(digits)"
    }

    private func counts(_ value: JSONValue?) -> [(name: String, count: Int)] {
        value?.object.map { $0.map { (name: $0.key, count: $0.value.int ?? 0) } } ?? []
    }

    private func sum(_ value: JSONValue?) -> JSONValue {
        .number(JSONNumber(counts(value).reduce(0) { $0 + $1.count }))
    }

    private func named(_ value: JSONValue?, but usual: String) -> String {
        counts(value).filter { $0.name != usual && $0.count > 0 }.map { "\($0.count) \($0.name)" }
            .joined(separator: ", ")
    }

    /// The name of the only kind, or the number of kinds.
    private func kinds(_ value: JSONValue?) -> String {
        let kinds = counts(value).filter { $0.count > 0 }
        return kinds.count > 1 ? "of \(kinds.count) kinds" : kinds.first?.name ?? ""
    }

    private func whole(_ value: JSONValue?) -> String { value?.int.map(Self.grouped) ?? "–" }

    private func milliseconds(_ value: JSONValue?) -> String {
        guard let value = value?.int else { return "–" }
        return value < 10_000 ? "\(Self.grouped(value)) ms" : "\(Self.grouped(value / 1000)).\(value % 1000 / 100) s"
    }

    /// A number with groups of three digits: `12 345`, with narrow no-break spaces.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text += "\u{202F}" }
            text.append(digit)
        }
        return text
    }
}
