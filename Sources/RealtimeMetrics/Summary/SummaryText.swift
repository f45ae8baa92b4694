extension Figures {
    /// The metrics as a text table with small bars.
    var lines: [String] {
        var table = SummaryTable()
        addTurns(to: &table)
        addResponses(to: &table)
        addTokens(to: &table)
        addCalls(to: &table)
        if !speech.isEmpty {
            table.add("speech", Self.seconds(speech.reduce(0) { $0 + $1.value }))
            table.add(parts: speech.map { ($0.name, $0.value, Self.seconds($0.value), "") })
        }
        if interruptions > 0 { table.add("barge-ins", "\(interruptions)") }
        if stalls > 0 { table.add("silences", "\(stalls)", note: "turns in which nothing came for too long") }
        if !errors.isEmpty {
            table.add("errors", "\(Self.sum(errors))")
            table.add(counts: Self.most(errors))
        }
        addLimits(to: &table)
        return table.lines
    }

    private func addTurns(to table: inout SummaryTable) {
        guard let median = latency.percentile(0.5), let high = latency.percentile(0.95) else {
            return table.add("turns", "\(turns)")
        }
        table.add("turns", "\(turns)", note: "latency \(Self.seconds(median)) median, \(Self.seconds(high)) p95")
        table.add(
            counts: latency.ranges.map { ($0.bound.isFinite ? "to \(Self.seconds($0.bound))" : "longer", $0.count) })
    }

    private func addResponses(to table: inout SummaryTable) {
        let status = responses.count == 1 ? responses[0].name : nil
        let median = duration.percentile(0.5).map { "\(Self.seconds($0)) median" }
        let high = duration.percentile(0.95).map { "\(Self.seconds($0)) p95" }
        let note = [status, median, high].compactMap(\.self).joined(separator: ", ")
        table.add("responses", "\(Self.sum(responses))", note: note)
        if responses.count > 1 { table.add(counts: responses) }
    }

    private func addTokens(to table: inout SummaryTable) {
        let (sent, received) = (Self.sum(input), Self.sum(output))
        table.add("tokens", "\(sent + received)")
        if sent + received > 0 {
            table.add(parts: [
                ("input", Double(sent), "\(sent)", Self.text(input, cached)),
                ("output", Double(received), "\(received)", Self.text(output, 0)),
            ])
        }
        let transcribed = Self.sum(transcribed("input")) + Self.sum(transcribed("output"))
        if transcribed > 0 { table.add("transcribed", "\(transcribed)", note: "tokens") }
        if let seconds = transcribedSeconds { table.add("transcribed", Self.seconds(seconds)) }
        let note = unpriced > 0 ? "and \(unpriced) without a price" : ""
        if let cost { table.add("cost", Self.dollars(cost), note: note) }
        if cost == nil, unpriced > 0 { table.add("cost", "unknown", note: "\(unpriced) without a price") }
    }

    private func addCalls(to table: inout SummaryTable) {
        guard !functions.isEmpty else { return }
        table.add("calls", "\(Self.sum(calls))")
        let all = functions.map { ($0.name, Self.sum($0.states), $0.states) }.sorted { $0.1 > $1.1 }
        table.add(
            parts: all.prefix(Self.shown).map { name, count, states in
                (name, Double(count), "\(count)", states.map { "\($0.count) \($0.name)" }.joined(separator: ", "))
            })
        if all.count > Self.shown { table.add("  …", "", note: "\(all.count - Self.shown) more functions") }
    }

    private func addLimits(to table: inout SummaryTable) {
        for limit in limits {
            let reset = limit.resetSeconds.map { ", all again in \(Self.seconds($0))" } ?? ""
            table.add(
                "limit of \(limit.name)", limit.remaining.map(Self.whole) ?? "?",
                note: "left of \(Self.whole(limit.limit))\(reset)")
        }
    }

    /// The greatest number of parts shown for a row.
    private static let shown = 8

    /// The counts in descending order, with those after the first ``shown`` combined.
    private static func most(_ counts: Tally.Counts) -> Tally.Counts {
        let all = counts.sorted { $0.count > $1.count }
        guard all.count > shown else { return all }
        return all.prefix(shown) + [("…", sum(Array(all.dropFirst(shown))))]
    }

    private static func text(_ counts: Tally.Counts, _ cached: Int) -> String {
        var parts = counts.map { "\($0.name) \($0.count)" }
        if cached > 0 { parts.append("of it cached \(cached)") }
        return parts.joined(separator: ", ")
    }

    private static func seconds(_ value: Double) -> String {
        // A recording may contain any time.
        guard abs(value) < 1e9 else { return "very long" }
        let milliseconds = Int((value * 1000).rounded())
        return milliseconds < 1000 ? "\(milliseconds) ms" : "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }

    private static func whole(_ value: Double) -> String {
        Int(exactly: value.rounded()).map { "\($0)" } ?? "very many"
    }

    /// An amount to a hundredth of a cent.
    private static func dollars(_ value: Double) -> String {
        guard value < 1e12 else { return "$\(value)" }
        let parts = Int((value * 10_000).rounded())
        let fraction = String(parts % 10_000)
        return "$\(parts / 10_000)." + String(repeating: "0", count: 4 - fraction.count) + fraction
    }
}

/// A text table for a terminal. Each row has a name, a value, a small bar for its share, and a note.
struct SummaryTable {
    private struct Row {
        var name: String
        var value: String
        /// The bar's length as a fraction of the longest bar; nil for a row without a bar.
        var share: Double?
        var note: String
    }

    /// The length of the longest bar, in characters.
    private static let barLength = 16

    private var rows: [Row] = []

    /// Adds a row.
    mutating func add(_ name: String, _ value: String, note: String = "") {
        rows.append(Row(name: name, value: value, share: nil, note: note))
    }

    /// Adds the parts of the previous row, with bars.
    mutating func add(parts: [(name: String, value: Double, text: String, note: String)]) {
        let longest = parts.map(\.value).max() ?? 0
        for part in parts {
            let share = longest > 0 ? part.value / longest : 0
            rows.append(Row(name: "  " + part.name, value: part.text, share: share, note: part.note))
        }
    }

    /// Adds counts as parts.
    mutating func add(counts: Tally.Counts) {
        add(parts: counts.map { ($0.name, Double($0.count), "\($0.count)", "") })
    }

    /// The rows, with aligned columns.
    var lines: [String] {
        let names = rows.map(\.name.count).max() ?? 0
        let values = rows.map(\.value.count).max() ?? 0
        return rows.map { row in
            let name = row.name + String(repeating: " ", count: names - row.name.count)
            let value = String(repeating: " ", count: values - row.value.count) + row.value
            let bar = row.share.map { Self.bar($0, isPadded: !row.note.isEmpty) } ?? ""
            return [name, value, bar, row.note].filter { !$0.isEmpty }.joined(separator: "  ")
        }
    }

    /// A bar, drawn in eighths of a character. A share above zero has at least one eighth.
    private static func bar(_ share: Double, isPadded: Bool) -> String {
        let eighths = share > 0 ? max(1, Int((share * Double(8 * barLength)).rounded())) : 0
        let rests = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let bar = String(repeating: "█", count: eighths / 8) + rests[eighths % 8]
        return isPadded ? bar + String(repeating: " ", count: barLength - bar.count) : bar
    }
}
