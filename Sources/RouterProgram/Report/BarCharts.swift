/// A histogram of the turns' latencies.
struct LatencyChart {
    private let latencies: [Int]

    init(_ latencies: [Int]) {
        self.latencies = latencies.sorted()
    }

    /// The chart; nil if no turn has a latency.
    var html: HTML? {
        guard let longest = latencies.last else { return nil }
        let width = Self.width(longest)
        let count = max(longest / width + 1, 6)
        let counts = latencies.reduce(into: Array(repeating: 0, count: count)) { $0[max(0, $1) / width] += 1 }
        let highest = counts.max() ?? 1
        let bars = counts.enumerated().map { place, number -> HTML in
            let label = "\(place * width) to \((place + 1) * width) ms: \(number) turn\(number == 1 ? "" : "s")"
            let shown: HTML = number > 0 ? "<b>\(number)</b>" : ""
            return """
                <div title="\(label)">\(shown)\
                <i style="height:\(Double(number) / Double(highest) * 84)%"></i><span>\(place * width)</span></div>
                """
        }
        return """
            <section class="card"><h2>Latency of turns <small>ms</small></h2>
            <div class="histogram\(count > 12 ? " dense" : "")">\(bars)</div></section>
            """
    }

    /// A round bar width, in milliseconds, for at most 20 bars.
    private static func width(_ longest: Int) -> Int {
        let round = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 60_000]
        return round.first { longest / $0 < 20 } ?? longest / 19 + 1
    }
}

/// A bar chart of the model's input and output tokens by modality.
struct TokenChart {
    private let figures: ReportFigures

    init(_ figures: ReportFigures) {
        self.figures = figures
    }

    /// The chart; nil if there were no tokens.
    var html: HTML? {
        let rows = figures.tokens.filter { $0.total > 0 }
        guard let largest = rows.map(\.total).max() else { return nil }
        let bars = rows.map { row -> HTML in
            let parts = row.parts.map { part -> HTML in
                let width = Double(part.count) / Double(largest) * 100
                return """
                    <i class="\(Self.tone(part.name))" style="width:\(width)%" \
                    title="\(part.name): \(ReportFigures.grouped(part.count))"></i>
                    """
            }
            let names = row.parts.map { part -> HTML in
                "<span><i class=\"\(Self.tone(part.name))\"></i>\(part.name) \(ReportFigures.grouped(part.count))</span>"
            }
            let cached: [HTML] =
                row.direction == "input" && figures.cached > 0
                ? ["<span>of it cached \(ReportFigures.grouped(figures.cached))</span>"] : []
            return """
                <div class="tokens"><span>\(row.direction) <b>\(ReportFigures.grouped(row.total))</b></span>
                <div class="stack">\(parts)</div><p class="parts">\(names + cached)</p></div>
                """
        }
        return "<section class=\"card\"><h2>Tokens</h2>\(bars)</section>"
    }

    /// The CSS class of a modality. Modality names come from the server, so they are not used as classes themselves.
    private static func tone(_ modality: String) -> HTML {
        switch modality {
        case "text": "text"
        case "audio": "audio"
        case "image": "image"
        default: "rest"
        }
    }
}
