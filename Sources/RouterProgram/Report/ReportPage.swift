import RealtimeRouter

/// The page of some sessions: one file, which loads nothing and runs nothing.
struct ReportPage {
    private let chapters: [ReportChapter]

    init(_ chapters: [ReportChapter]) {
        self.chapters = chapters
    }

    /// The whole page.
    var html: HTML {
        let title = chapters.count == 1 ? chapters[0].story.key : "\(chapters.count) sessions"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>
            \(ReportStyle.sheet)
            </style>
            </head>
            <body>
            \(chapters.count > 1 ? contents : "")
            \(chapters.enumerated().map { ChapterSection($1, number: $0).html })
            <footer>made by realtime-router</footer>
            </body>
            </html>

            """
    }

    /// Where each of several sessions stands.
    private var contents: HTML {
        let rows = chapters.enumerated().map { number, chapter -> HTML in
            row("<a href=\"#s\(number)\">\(chapter.story.key)</a>", chapter.figures)
        }
        let total = ReportFigures(totalOf: chapters.map(\.figures), latencies: chapters.flatMap(\.story.latencies))
        let heads = total.tiles.map(\.name)
        return """
            <header><h1>\(chapters.count) sessions</h1></header>
            <section class="card"><div class="scroll" tabindex="0"><table class="contents">
            <tr><th></th>\(heads.map { name -> HTML in "<th>\(name)</th>" })</tr>
            \(rows)
            \(row("all", total))
            </table></div></section>
            """
    }

    private func row(_ name: HTML, _ figures: ReportFigures) -> HTML {
        "<tr><th>\(name)</th>\(figures.tiles.map { tile -> HTML in "<td>\(tile.value)</td>" })</tr>"
    }

    /// Writes the page in the place of what a file held; `-` is standard output.
    ///
    /// - Throws: `FileFailure` when it cannot be written, or is a link.
    func write(to path: String) throws {
        let bytes = Array(html.description.utf8)
        guard path != "-" else { return Terminal.write(bytes: bytes) }
        try WholeFile(path: path).writePrivately(bytes)
    }
}
