import RealtimeRouter

/// A session on the page.
struct ReportChapter: Sendable {
    let story: SessionStory
    let report: RunReport

    /// The figures, as a run's summary has them.
    var figures: ReportFigures {
        ReportFigures(report.summaries.first?.summary.json ?? [:], asked: story.asked)
    }
}
