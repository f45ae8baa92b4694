import RealtimeRouter

/// The HTML of one session: figures, timeline, charts, and the transcript beside them.
struct SessionSection {
    private let session: ReportedSession
    private let number: Int

    init(_ session: ReportedSession, number: Int) {
        self.session = session
        self.number = number
    }

    var html: HTML {
        let figures = session.figures
        return """
            <main id="s\(number)">
            <header><h1>\(session.timeline.key)</h1><p>\(subtitle)</p></header>
            <section class="tiles">\(figures.tiles.map(tile))</section>
            \(body)
            </main>
            """
    }

    /// The charts with the transcript beside them. If there are no charts, only the transcript.
    private var body: HTML {
        let charts = [
            TimelineChart(session.timeline, number: number).html, LatencyChart(session.timeline.latencies).html,
            TokenChart(session.figures).html,
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
        let timeline = session.timeline
        let parts = [
            timeline.model, timeline.hasTimes ? Self.clock(timeline.end) : nil,
            "\(ReportFigures.grouped(session.report.events)) events",
        ]
        return parts.compactMap(\.self).joined(separator: " · ")
    }

    private func tile(_ tile: ReportFigures.Tile) -> HTML {
        let note: HTML = tile.note.isEmpty ? "" : "<small>\(tile.note)</small>"
        // The style sheet scales the value to the width of its tile by its number of characters, `--n`.
        return """
            <div class="tile"><span>\(tile.name)</span><b style="--n:\(tile.value.count)">\(tile.value)</b>\(note)</div>
            """
    }

    private var transcript: HTML {
        let entries = session.timeline.displayOrder.map { place -> HTML in
            let entry = session.timeline.entries[place]
            let time: HTML = entry.time.map { "<time>\(Self.clock($0))</time>" } ?? ""
            let remark: HTML = entry.remark.map { "<em>\($0)</em>" } ?? ""
            let words: HTML = entry.words.isEmpty ? "" : "<p>\(entry.words)</p>"
            return """
                <li id="s\(number)e\(place)" class="\(entry.speaker.rawValue)">\
                <div><b>\(entry.speaker.rawValue)</b>\(time)\(remark)</div>\(words)</li>
                """
        }
        let none: HTML = "<li class=\"none\">Nobody said anything.</li>"
        return """
            <section class="card transcript"><h2>Transcript</h2><ol>\(entries.isEmpty ? [none] : entries)</ol></section>
            """
    }

    /// A time as `1:02:03.4`.
    static func clock(_ seconds: Double) -> String {
        let tenths = Int((min(max(seconds, 0), 360_000) * 10).rounded())
        let (hours, minutes) = (tenths / 36_000, tenths / 600 % 60)
        let rest = "\(tenths / 10 % 60 < 10 ? "0" : "")\(tenths / 10 % 60).\(tenths % 10)"
        return hours > 0 ? "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(rest)" : "\(minutes):\(rest)"
    }
}

/// The data of one session on the page.
struct ReportedSession: Sendable {
    let timeline: SessionTimeline
    let report: RunReport

    /// The figures, as in the summary of a run.
    var figures: ReportFigures {
        ReportFigures(report.summaries.first?.summary.json ?? [:], callCount: timeline.callCount)
    }
}
