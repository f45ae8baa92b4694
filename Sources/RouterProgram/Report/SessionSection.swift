import RealtimeRouter

/// One session on the page: figures, timeline, charts, and the transcript beside them.
struct ChapterSection {
    private let chapter: ReportChapter
    private let number: Int

    init(_ chapter: ReportChapter, number: Int) {
        self.chapter = chapter
        self.number = number
    }

    var html: HTML {
        let figures = chapter.figures
        return """
            <main id="s\(number)">
            <header><h1>\(chapter.story.key)</h1><p>\(subtitle)</p></header>
            <section class="tiles">\(figures.tiles.map(tile))</section>
            \(body)
            </main>
            """
    }

    /// The charts with the transcript beside them; where there is nothing to draw, the transcript alone.
    private var body: HTML {
        let charts = [
            TimelineChart(chapter.story, chapter: number).html, LatencyChart(chapter.story.latencies).html,
            TokenChart(chapter.figures).html,
        ].compactMap(\.self)
        guard !charts.isEmpty else { return transcript }
        return """
            <div class="columns">
            <div class="charts">
            \(charts)
            </div>
            \(transcript)
            </div>
            """
    }

    private var subtitle: String {
        let story = chapter.story
        let parts = [
            story.model, story.hasTimes ? Self.clock(story.end) : nil,
            "\(ReportFigures.grouped(chapter.report.events)) events",
        ]
        return parts.compactMap(\.self).joined(separator: " · ")
    }

    private func tile(_ tile: ReportFigures.Tile) -> HTML {
        let note: HTML = tile.note.isEmpty ? "" : "<small>\(tile.note)</small>"
        // The style sheet makes the value small enough for its tile by the number of characters.
        return """
            <div class="tile"><span>\(tile.name)</span><b style="--n:\(tile.value.count)">\(tile.value)</b>\(note)</div>
            """
    }

    private var transcript: HTML {
        let entries = chapter.story.placesInOrder.map { place -> HTML in
            let entry = chapter.story.entries[place]
            let time: HTML = entry.time.map { "<time>\(Self.clock($0))</time>" } ?? ""
            let remark: HTML = entry.remark.map { "<em>\($0)</em>" } ?? ""
            let words: HTML = entry.words.isEmpty ? "" : "<p>\(entry.words)</p>"
            return """
                <li id="s\(number)e\(place)" class="\(entry.voice.rawValue)">\
                <div><b>\(entry.voice.rawValue)</b>\(time)\(remark)</div>\(words)</li>
                """
        }
        let none: HTML = "<li class=\"none\">Nobody said anything.</li>"
        return """
            <section class="card transcript"><h2>Transcript</h2><ol>\(entries.isEmpty ? [none] : entries)</ol></section>
            """
    }

    /// `1:02:03.4`.
    static func clock(_ seconds: Double) -> String {
        let tenths = Int((min(max(seconds, 0), 360_000) * 10).rounded())
        let (hours, minutes) = (tenths / 36_000, tenths / 600 % 60)
        let rest = "\(tenths / 10 % 60 < 10 ? "0" : "")\(tenths / 10 % 60).\(tenths % 10)"
        return hours > 0 ? "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(rest)" : "\(minutes):\(rest)"
    }
}

/// A session on the page.
struct ReportChapter: Sendable {
    let story: SessionStory
    let report: RunReport

    /// The figures, as a run's summary has them.
    var figures: ReportFigures {
        ReportFigures(report.summaries.first?.summary.json ?? [:], asked: story.asked)
    }
}
