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
