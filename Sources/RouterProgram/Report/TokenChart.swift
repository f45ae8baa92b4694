/// What the model read and wrote.
struct TokenChart {
    private let figures: ReportFigures

    init(_ figures: ReportFigures) {
        self.figures = figures
    }

    /// The chart; nil where there were no tokens.
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

    /// The class of a modality; the names come from the server.
    private static func tone(_ modality: String) -> HTML {
        switch modality {
        case "text": "text"
        case "audio": "audio"
        case "image": "image"
        default: "rest"
        }
    }
}
