import EventJSON

/// Three fields of every event, everything else checked as strictly.
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
