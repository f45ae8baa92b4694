/// What happened when, on parallel lanes; above a timeline that is longer than a window, the whole session at a glance.
struct TimelineChart {
    private let story: SessionStory
    private let chapter: Int
    private let begin: Double
    /// What the axis covers. It goes on after the end of the session, where the captions of the last bars stand.
    private let length: Double
    /// As many pixels the timeline takes at least.
    private let shown: Double

    /// Room for the captions of the last bars, in pixels.
    private static let captionRoom = 76.0

    init(_ story: SessionStory, chapter: Int) {
        self.story = story
        self.chapter = chapter
        begin = story.hasTimes ? 0 : 1
        let duration = max(story.end - begin, 0.001)
        // As many pixels a second, or a line, has where there are not too many.
        shown = max(620, min(duration * (story.hasTimes ? 22 : 6) + Self.captionRoom, 60_000))
        length = duration * (shown / (shown - Self.captionRoom))
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
        let overview = TimelineOverview(story, chapter: chapter, begin: begin, length: length, pixels: shown)
        return """
            <section class="card timeline"\(overview.scope)><h2>Timeline</h2>\(note)\(overview.html)
            <div class="scroll" tabindex="0"><div class="track" style="min-width:\(shown)px">
            <div class="axis">\(ticks)</div>
            <div class="lanes">\(overview.targets)\(grid)\(lanes)\(cuts)</div>
            </div></div>
            <p class="legend">\(legend)</p></section>
            """
    }

    private func percent(_ time: Double) -> Double { min(max((time - begin) / length * 100, 0), 100) }

    private func lane(_ lane: SessionStory.Lane) -> HTML? {
        let spans = story.spans.filter { $0.lane == lane }.sorted { $0.start < $1.start }
        guard !spans.isEmpty else { return nil }
        // What happens at the same time gets rows of its own.
        var ends: [Double] = []
        var bars: [HTML] = []
        for span in spans {
            let row =
                ends.firstIndex { $0 <= span.start }
                ?? (ends.count < Self.mostRows ? ends.count : ends.indices.min { ends[$0] < ends[$1] } ?? 0)
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

    /// More things at the same time cover each other, so that no lane fills the page.
    private static let mostRows = 8

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
            "<span style=\"left:\(mark / length * 100)%\">\(Self.text(mark, hasTimes: story.hasTimes))</span>"
        }
    }

    /// A place on the axis in words: `1:05`, or the number of a line.
    static func text(_ mark: Double, hasTimes: Bool) -> String {
        // A recording may say any time.
        let whole = Int(min(max(mark, 0), 1e12))
        guard hasTimes else { return "\(whole + 1)" }
        return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
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

/// A whole session in the width of a window, in pieces that lead to their places in the timeline below.
///
/// The pieces are links, so that a mouse, a finger and the keyboard work without a script. Those that the timeline shows are marked
/// while it scrolls, in browsers that know scroll-driven animations.
struct TimelineOverview {
    private let story: SessionStory
    private let chapter: Int
    private let begin: Double
    private let length: Double
    /// How many seconds, or lines, a piece has; nil where the timeline needs no overview.
    private let step: Double?

    /// A timeline of this width in pixels is seen whole on most screens.
    private static let window = 940.0
    private static let mostPieces = 30.0
    /// The steps in which the places of marks are counted, so that a long session does not make the page large.
    private static let resolution = 400.0

    init(_ story: SessionStory, chapter: Int, begin: Double, length: Double, pixels: Double) {
        self.story = story
        self.chapter = chapter
        self.begin = begin
        self.length = length
        let steps: [Double] = [5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 3600, 7200]
        step = pixels > Self.window ? steps.first { length / $0 <= Self.mostPieces } ?? length / Self.mostPieces : nil
    }

    private var pieces: [Double] { step.map { Array(stride(from: 0, to: length, by: $0)) } ?? [] }

    /// The style that lets the pieces know where the timeline stands.
    var scope: HTML {
        guard step != nil else { return "" }
        let names = pieces.indices.map { "--\(name($0))" }.joined(separator: ",")
        return " style=\"timeline-scope:\(names)\""
    }

    private func name(_ piece: Int) -> String { "s\(chapter)t\(piece)" }

    /// The overview; nothing where the timeline needs none.
    var html: HTML {
        guard step != nil else { return "" }
        let lanes = SessionStory.Lane.allCases.compactMap(lane)
        let links = pieces.enumerated().map { piece, start -> HTML in
            let label = "show from \(TimelineChart.text(start, hasTimes: story.hasTimes))"
            return """
                <a href="#\(name(piece))" title="\(label)" \
                style="left:\(percent(start))%;width:\(width(of: start))%;animation-timeline:--\(name(piece))"></a>
                """
        }
        return """
            <div class="overview"><div class="strips">\(lanes)</div>\(links)</div>
            <p class="ends"><span>\(TimelineChart.text(0, hasTimes: story.hasTimes))</span>\
            <span>\(TimelineChart.text(length, hasTimes: story.hasTimes))</span></p>
            """
    }

    /// What the links lead to, within the timeline.
    var targets: [HTML] {
        pieces.enumerated().map { piece, start in
            """
            <i class="target" id="\(name(piece))" \
            style="left:\(percent(start))%;width:\(width(of: start))%;view-timeline:--\(name(piece)) inline"></i>
            """
        }
    }

    private func percent(_ time: Double) -> Double { time / length * 100 }

    private func width(of start: Double) -> Double { percent(min(step ?? 0, length - start)) }

    /// A lane as a thin strip; marks that touch are one.
    private func lane(_ lane: SessionStory.Lane) -> HTML? {
        var marks: [(lower: Double, upper: Double)] = []
        for span in story.spans.filter({ $0.lane == lane }).sorted(by: { $0.start < $1.start }) {
            let lower = (min(max((span.start - begin) / length, 0), 1) * Self.resolution).rounded(.down)
            let upper = max(lower + 1, (min(max((span.end - begin) / length, 0), 1) * Self.resolution).rounded(.up))
            if let last = marks.last, lower <= last.upper {
                marks[marks.count - 1].upper = max(last.upper, upper)
            } else {
                marks.append((lower, upper))
            }
        }
        guard !marks.isEmpty else { return nil }
        let bars = marks.map { mark -> HTML in
            let (left, width) = (mark.lower / Self.resolution * 100, (mark.upper - mark.lower) / Self.resolution * 100)
            return "<i class=\"\(lane.rawValue)\" style=\"left:\(left)%;width:\(width)%\"></i>"
        }
        return "<div>\(bars)</div>"
    }
}
