/// What happened when, on parallel lanes.
struct TimelineChart {
    private let story: SessionStory
    private let chapter: Int
    private let begin: Double
    private let length: Double

    init(_ story: SessionStory, chapter: Int) {
        self.story = story
        self.chapter = chapter
        begin = story.hasTimes ? 0 : 1
        length = max(story.end - begin, 0.001)
    }

    /// The chart; nil where nothing took time.
    var html: HTML? {
        let lanes = SessionStory.Lane.allCases.compactMap(lane)
        guard !lanes.isEmpty else { return nil }
        let cuts = story.interruptions.map { cut -> HTML in
            "<i class=\"cut\" style=\"left:\(percent(cut))%\" title=\"the agent is interrupted\"></i>"
        }
        let note: HTML =
            story.hasTimes ? "" : "<p class=\"note\">The recording has no times: the axis counts its lines.</p>"
        return """
            <section class="card"><h2>Timeline</h2>\(note)
            <div class="scroll"><div class="track" style="min-width:\(shown)px">
            <div class="axis">\(ticks)</div>
            <div class="lanes">\(grid)\(lanes)\(cuts)</div>
            </div></div>
            <p class="legend">\(legend)</p></section>
            """
    }

    /// As many pixels the timeline takes at least.
    private var shown: Double { max(620, min(length * pixels, 60_000)) }

    /// As many pixels a second, or a line, has where there are not too many.
    private var pixels: Double { story.hasTimes ? 22 : 6 }

    private func percent(_ time: Double) -> Double { min(max((time - begin) / length * 100, 0), 100) }

    private func lane(_ lane: SessionStory.Lane) -> HTML? {
        let spans = story.spans.filter { $0.lane == lane }.sorted { $0.start < $1.start }
        guard !spans.isEmpty else { return nil }
        // What happens at the same time gets rows of its own.
        var ends: [Double] = []
        var bars: [HTML] = []
        for span in spans {
            let row = ends.firstIndex { $0 <= span.start } ?? ends.count
            // What stands behind a bar takes room too: some 7 pixels a letter.
            let room = span.caption.isEmpty ? 4 : Double(7 * span.caption.count + 14)
            let end = span.end + room / shown * length
            if row == ends.count { ends.append(end) } else { ends[row] = end }
            bars.append(bar(span, row: row))
        }
        return """
            <div class="lane"><span>\(Self.names[lane] ?? lane.rawValue)</span>\
            <div class="bars" style="height:\(ends.count * 24)px">\(bars)</div></div>
            """
    }

    private static let names: [SessionStory.Lane: String] = [
        .caller: "Caller", .wait: "Waiting", .response: "Model generates", .agent: "Agent", .tool: "Tools",
        .error: "Trouble",
    ]

    private func bar(_ span: SessionStory.Span, row: Int) -> HTML {
        let link: HTML = span.entry.map { " href=\"#s\(chapter)e\($0)\"" } ?? ""
        let place = percent(span.start)
        let width = max(percent(span.end) - place, 0)
        let time = story.hasTimes ? " (\(ChapterSection.clock(span.start)))" : ""
        return """
            <a class="bar \(span.lane.rawValue)\(span.isBroken ? " broken" : "")"\(link) \
            style="left:\(place)%;width:\(width)%;top:\(row * 24)px" title="\(span.label + time)">\(span.caption)</a>
            """
    }

    /// The distance of two marks of the axis.
    private var step: Double {
        let steps: [Double] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600]
        return steps.first { length / $0 * 64 <= shown } ?? 7200
    }

    /// Not all of them where a recording says that it lasts for ages.
    private var marks: [Double] { Array(stride(from: 0, through: length, by: step).prefix(2000)) }

    private var ticks: [HTML] {
        marks.filter { $0 / length < 0.985 || $0 == 0 }.map { mark in
            let text =
                story.hasTimes
                ? "\(Int(mark) / 60):\(Int(mark) % 60 < 10 ? "0" : "")\(Int(mark) % 60)" : "\(Int(mark) + 1)"
            return "<span style=\"left:\(mark / length * 100)%\">\(text)</span>"
        }
    }

    private var grid: [HTML] {
        marks.map { mark -> HTML in "<i class=\"grid\" style=\"left:\(mark / length * 100)%\"></i>" }
    }

    private var legend: [HTML] {
        var entries: [HTML] = []
        if !story.interruptions.isEmpty { entries.append("<span class=\"cut\">the agent is interrupted</span>") }
        if story.spans.contains(where: { $0.isBroken && $0.lane != .error }) {
            entries.append("<span class=\"broken\">did not end as it should</span>")
        }
        return entries
    }
}
