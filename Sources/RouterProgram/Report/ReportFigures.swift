import RealtimeRouter

/// The figures of a summary, as a page shows them. What was not measured is not shown as 0.
struct ReportFigures {
    /// One figure, large.
    struct Tile {
        var name: String
        var value: String
        var note = ""
    }

    private let json: JSONValue

    /// How many calls the model asked for; the figures count only those that have an outcome.
    private let asked: Int

    init(_ json: JSONValue, asked: Int) {
        self.json = json
        self.asked = asked
    }

    /// The figures of all sessions together; percentiles are those of all their turns.
    init(totalOf sessions: [ReportFigures], latencies: [Int]) {
        var sum = sessions.reduce([:]) { Self.sum($0, $1.json) }.object ?? JSONObject()
        let latencies = latencies.sorted()
        let percentile = { (percent: Int) in
            JSONValue.number(JSONNumber(latencies[max(0, (latencies.count * percent + 99) / 100 - 1)]))
        }
        sum["turn_latency_ms"] = latencies.isEmpty ? nil : ["p50": percentile(50), "p95": percentile(95)]
        self.init(.object(sum), asked: sessions.reduce(0) { $0 + max($1.asked, $1.ended) })
    }

    /// Two objects with their numbers added, member by member.
    private static func sum(_ one: JSONValue, _ other: JSONValue) -> JSONValue {
        if let a = one.int, let b = other.int { return .number(JSONNumber(a.addingReportingOverflow(b).partialValue)) }
        if let a = one.double, let b = other.double { return .number(JSONNumber(a + b)) }
        guard case .object(var total) = one, case .object(let more) = other else { return one }
        for (key, value) in more { total[key] = total[key].map { sum($0, value) } ?? value }
        return .object(total)
    }

    /// The figures that tell whether an agent is good.
    var tiles: [Tile] {
        let latency = json["turn_latency_ms"]
        return [
            Tile(name: "turns", value: whole(json["turns"]), note: silences),
            Tile(name: "median latency", value: milliseconds(latency?["p50"]), note: basis),
            Tile(name: "p95 latency", value: milliseconds(latency?["p95"])),
            Tile(
                name: "responses", value: whole(sum(json["responses"])),
                note: named(json["responses"], but: "completed")),
            Tile(name: "calls", value: Self.grouped(max(asked, ended)), note: calls),
            Tile(name: "barge-ins", value: whole(json["interruptions"])),
            Tile(name: "errors", value: whole(sum(json["errors"])), note: kinds(json["errors"])),
            Tile(name: "tokens", value: whole(json["tokens"]?["total"])),
            Tile(name: "cost", value: cost, note: unpriced),
        ]
    }

    /// The parts of the tokens, by direction.
    var tokens: [(direction: String, total: Int, parts: [(name: String, count: Int)])] {
        ["input", "output"].map { direction in
            let parts = counts(json["tokens"]?[direction])
            return (direction, parts.reduce(0) { $0 + $1.count }, parts)
        }
    }

    /// The tokens of the input that came from the cache.
    var cached: Int { json["tokens"]?["cached"]?.int ?? 0 }

    private var basis: String { json["turn_latency_ms"] == nil ? "" : "from the end of speech" }

    private var silences: String {
        guard let count = json["stalled"]?.int else { return "" }
        return count == 1 ? "1 silence" : "\(count) silences"
    }

    /// How many calls have an outcome.
    private var ended: Int { counts(json["function_calls"]).reduce(0) { $0 + $1.count } }

    private var calls: String {
        let open = asked > ended ? "\(asked - ended) without outcome" : ""
        return [named(json["function_calls"], but: "completed"), open].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// What the cost does not count.
    private var unpriced: String {
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

    /// What it is, or of how many kinds.
    private func kinds(_ value: JSONValue?) -> String {
        let kinds = counts(value).filter { $0.count > 0 }
        return kinds.count > 1 ? "of \(kinds.count) kinds" : kinds.first?.name ?? ""
    }

    private func whole(_ value: JSONValue?) -> String { value?.int.map(Self.grouped) ?? "–" }

    private func milliseconds(_ value: JSONValue?) -> String {
        guard let value = value?.int else { return "–" }
        return value < 10_000 ? "\(Self.grouped(value)) ms" : "\(Self.grouped(value / 1000)).\(value % 1000 / 100) s"
    }

    /// `12 345`, with a narrow space that does not break.
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
