/// The figures as a table for a terminal: a name, a value, a small bar for its share, and a note.
struct SummaryTable {
    private struct Row {
        var name: String
        var value: String
        /// The part of the longest bar; nil for a row without one.
        var share: Double?
        var note: String
    }

    /// As long as a bar becomes, in characters.
    private static let barLength = 16

    private var rows: [Row] = []

    /// Adds a row.
    mutating func add(_ name: String, _ value: String, note: String = "") {
        rows.append(Row(name: name, value: value, share: nil, note: note))
    }

    /// Adds the parts of the row before, with bars beside each other.
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

    /// The rows, their columns under each other.
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

    /// A bar in eighths of a character; what is not nothing shows.
    private static func bar(_ share: Double, isPadded: Bool) -> String {
        let eighths = share > 0 ? max(1, Int((share * Double(8 * barLength)).rounded())) : 0
        let rests = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let bar = String(repeating: "█", count: eighths / 8) + rests[eighths % 8]
        return isPadded ? bar + String(repeating: " ", count: barLength - bar.count) : bar
    }
}
