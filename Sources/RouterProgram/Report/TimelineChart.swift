/// The timeline chart, with one lane per kind of activity. A timeline wider than a window has an overview above it.
struct TimelineChart {
    private let timeline: SessionTimeline
    private let number: Int
    private let begin: Double
    /// The length of the axis. It is longer than the session, to leave room for the captions of the last bars.
    private let length: Double
    /// The minimum width of the timeline, in pixels.
    private let minWidth: Double

    /// Room for the captions of the last bars, in pixels.
    private static let captionRoom = 76.0

    init(_ timeline: SessionTimeline, number: Int) {
        self.timeline = timeline
        self.number = number
        begin = timeline.hasTimes ? 0 : 1
        let duration = max(timeline.end - begin, 0.001)
        // 22 pixels per second, or 6 per line, within limits.
        minWidth = max(620, min(duration * (timeline.hasTimes ? 22 : 6) + Self.captionRoom, 60_000))
        length = duration * (minWidth / (minWidth - Self.captionRoom))
    }

    /// The chart; nil if there are no bars.
    var html: HTML? {
        let lanes = SessionTimeline.Lane.allCases.compactMap(lane)
        guard !lanes.isEmpty else { return nil }
        let cuts = timeline.interruptions.map { cut -> HTML in
            "<i class=\"cut\" style=\"left:\(percent(cut))%\" title=\"the agent is interrupted\"></i>"
        }
        let note: HTML =
            timeline.hasTimes ? "" : "<p class=\"note\">The recording has no times: the axis counts its lines.</p>"
        let overview = TimelineOverview(timeline, number: number, begin: begin, length: length, pixels: minWidth)
        return """
            <section class="card timeline"\(overview.scope)><h2>Timeline</h2>\(note)\(overview.html)
            <div class="scroll" tabindex="0"><div class="track" style="min-width:\(minWidth)px">
            <div class="axis">\(ticks)</div>
            <div class="lanes">\(overview.targets)\(grid)\(lanes)\(cuts)</div>
            </div></div>
            <p class="legend">\(legend)</p></section>
            """
    }

    private func percent(_ time: Double) -> Double { min(max((time - begin) / length * 100, 0), 100) }

    private func lane(_ lane: SessionTimeline.Lane) -> HTML? {
        let spans = timeline.spans.filter { $0.lane == lane }.sorted { $0.start < $1.start }
        guard !spans.isEmpty else { return nil }
        // Bars that overlap in time are placed in different rows.
        var ends: [Double] = []
        var bars: [HTML] = []
        for span in spans {
            let row =
                ends.firstIndex { $0 <= span.start }
                ?? (ends.count < Self.maxRows ? ends.count : ends.indices.min { ends[$0] < ends[$1] } ?? 0)
            // The caption to the right of a bar needs about 7 pixels per letter.
            let room = span.caption.isEmpty ? 4 : Double(7 * span.caption.count + 14)
            let end = span.end + room / minWidth * length
            if row == ends.count { ends.append(end) } else { ends[row] = end }
            bars.append(bar(span, row: row))
        }
        return """
            <div class="lane"><span>\(Self.names[lane] ?? lane.rawValue)</span>\
            <div class="bars" style="height:\(ends.count * 24)px">\(bars)</div></div>
            """
    }

    /// The maximum number of rows per lane. Further bars overlap, so that no lane fills the page.
    private static let maxRows = 8

    private static let names: [SessionTimeline.Lane: String] = [
        .caller: "Caller", .wait: "Waiting", .response: "Model generates", .agent: "Agent", .tool: "Tools",
        .error: "Trouble",
    ]

    private func bar(_ span: SessionTimeline.Span, row: Int) -> HTML {
        let link: HTML = span.entry.map { " href=\"#s\(number)e\($0)\"" } ?? ""
        let place = percent(span.start)
        let width = max(percent(span.end) - place, 0)
        let time = timeline.hasTimes ? " (\(SessionSection.clock(span.start)))" : ""
        return """
            <a class="bar \(span.lane.rawValue)\(span.isFailed ? " broken" : "")"\(link) \
            style="left:\(place)%;width:\(width)%;top:\(row * 24)px" title="\(span.label + time)">\(span.caption)</a>
            """
    }

    /// The distance between the marks of the axis.
    private var step: Double {
        let steps: [Double] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600]
        return steps.first { length / $0 * 64 <= minWidth } ?? 7200
    }

    /// The positions of the marks. Limited, because a recording can have arbitrarily large times.
    private var marks: [Double] { Array(stride(from: 0, through: length, by: step).prefix(2000)) }

    private var ticks: [HTML] {
        marks.filter { $0 / length < 0.985 || $0 == 0 }.map { mark in
            "<span style=\"left:\(mark / length * 100)%\">\(Self.text(mark, hasTimes: timeline.hasTimes))</span>"
        }
    }

    /// The text of a mark: `1:05`, or a line number.
    static func text(_ mark: Double, hasTimes: Bool) -> String {
        // A recording can have arbitrarily large times, which an `Int` cannot hold.
        let whole = Int(min(max(mark, 0), 1e12))
        guard hasTimes else { return "\(whole + 1)" }
        return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
    }

    private var grid: [HTML] {
        marks.map { mark -> HTML in "<i class=\"grid\" style=\"left:\(mark / length * 100)%\"></i>" }
    }

    private var legend: [HTML] {
        var entries: [HTML] = []
        if !timeline.interruptions.isEmpty { entries.append("<span class=\"cut\">the agent is interrupted</span>") }
        if timeline.spans.contains(where: { $0.isFailed && $0.lane != .error }) {
            entries.append("<span class=\"broken\">did not end as it should</span>")
        }
        return entries
    }
}

/// An overview of the whole session in the width of a window. Its segments are links to the timeline below.
///
/// Links need no script for mouse, touch and keyboard. Browsers with scroll-driven animations highlight the segments that the
/// timeline currently shows.
struct TimelineOverview {
    private let timeline: SessionTimeline
    private let number: Int
    private let begin: Double
    private let length: Double
    /// The length of a segment in seconds or lines; nil if the timeline needs no overview.
    private let step: Double?

    /// The width, in pixels, up to which most screens show the whole timeline.
    private static let window = 940.0
    private static let maxSegments = 30.0
    /// The number of positions to which bars are rounded. Bars that touch are merged, which keeps the page of a long session small.
    private static let resolution = 400.0

    init(_ timeline: SessionTimeline, number: Int, begin: Double, length: Double, pixels: Double) {
        self.timeline = timeline
        self.number = number
        self.begin = begin
        self.length = length
        let steps: [Double] = [5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 3600, 7200]
        step = pixels > Self.window ? steps.first { length / $0 <= Self.maxSegments } ?? length / Self.maxSegments : nil
    }

    private var segments: [Double] { step.map { Array(stride(from: 0, to: length, by: $0)) } ?? [] }

    /// The style attribute that connects the segments to the timeline's scroll position.
    var scope: HTML {
        guard step != nil else { return "" }
        let names = segments.indices.map { "--\(name($0))" }.joined(separator: ",")
        return " style=\"timeline-scope:\(names)\""
    }

    private func name(_ segment: Int) -> String { "s\(number)t\(segment)" }

    /// The overview; empty if the timeline needs none.
    var html: HTML {
        guard step != nil else { return "" }
        let lanes = SessionTimeline.Lane.allCases.compactMap(lane)
        let links = segments.enumerated().map { segment, start -> HTML in
            let label = "show from \(TimelineChart.text(start, hasTimes: timeline.hasTimes))"
            return """
                <a href="#\(name(segment))" title="\(label)" \
                style="left:\(percent(start))%;width:\(width(of: start))%;animation-timeline:--\(name(segment))"></a>
                """
        }
        return """
            <div class="overview"><div class="strips">\(lanes)</div>\(links)</div>
            <p class="ends"><span>\(TimelineChart.text(0, hasTimes: timeline.hasTimes))</span>\
            <span>\(TimelineChart.text(length, hasTimes: timeline.hasTimes))</span></p>
            """
    }

    /// The targets of the links, inside the timeline.
    var targets: [HTML] {
        segments.enumerated().map { segment, start in
            """
            <i class="target" id="\(name(segment))" \
            style="left:\(percent(start))%;width:\(width(of: start))%;view-timeline:--\(name(segment)) inline"></i>
            """
        }
    }

    private func percent(_ time: Double) -> Double { time / length * 100 }

    private func width(of start: Double) -> Double { percent(min(step ?? 0, length - start)) }

    /// A lane as a thin strip. Bars that touch are merged.
    private func lane(_ lane: SessionTimeline.Lane) -> HTML? {
        var marks: [(lower: Double, upper: Double)] = []
        for span in timeline.spans.filter({ $0.lane == lane }).sorted(by: { $0.start < $1.start }) {
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
