import ConfigSource
import EventJSON
import EventPatterns

/// Reads three fields of every event, and validates the rest of the JSON as strictly.
struct DecodingTask {
    private let plan = FieldPlan([["type"], ["response", "status"], ["item", "type"]])

    func run(_ corpus: Corpus, _ passes: Int?) throws {
        var slots = FieldSlots(plan)
        try Measurement.run(bytes: corpus.bytes.count, passes: passes) { () throws(JSONSyntaxError) in
            var count = 0
            var (types, statuses, items) = (0, 0, 0)
            try corpus.forEachLine { (text) throws(JSONSyntaxError) in
                try plan.scan(text, into: &slots)
                count += 1
                types += slots.value(0)?.range.count ?? 0
                statuses += slots.value(1)?.range.count ?? 0
                items += slots.value(2)?.range.count ?? 0
            }
            return Findings(count: count, sums: [("type", types), ("response.status", statuses), ("item.type", items)])
        }
    }
}

/// Scans events and matches them against rules.
struct MatchingTask {
    private let plan: FieldPlan
    private let rules: RuleSet

    /// Reads EventBridge patterns from a file: a JSON array of patterns, or one pattern per line.
    init(rulesPath: String?) throws {
        guard let rulesPath else { throw Failure("`match` needs a file of rules") }
        let patterns = try Self.patterns(Corpus(path: rulesPath))
        plan = FieldPlan([["type"]] + RuleSet.fieldPaths(of: patterns))
        rules = RuleSet(patterns.enumerated().map { (id: $0, pattern: $1) }, plan: plan, typeSlot: 0)
    }

    private static func patterns(_ file: Corpus) throws -> [Pattern] {
        if let whole = try? JSONValue(parsing: file.bytes), let array = whole.array {
            return try array.map { try Pattern(json: $0.description) }
        }
        var patterns: [Pattern] = []
        try file.forEachLine { line in
            patterns.append(try Pattern(json: line.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }))
        }
        return patterns
    }

    func run(_ corpus: Corpus, _ passes: Int?) throws {
        var slots = FieldSlots(plan)
        var result = MatchResult()
        try Measurement.run(bytes: corpus.bytes.count, passes: passes) { () throws(JSONSyntaxError) in
            var (count, matched, matches) = (0, 0, 0)
            try corpus.forEachLine { (text) throws(JSONSyntaxError) in
                try plan.scan(text, into: &slots)
                rules.match(&slots, text, into: &result)
                count += 1
                matched += result.isEmpty ? 0 : 1
                matches += result.ids.count
            }
            return Findings(count: count, sums: [("events with a match", matched), ("matches", matches)])
        }
    }
}
