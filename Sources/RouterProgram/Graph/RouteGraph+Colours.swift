extension RouteGraph.Kind {
    /// The colours of a box, on white and on black.
    var colours: (fill: String, stroke: String) {
        switch self {
        case .event: ("#ddf4ff", "#54aeff")
        case .derived: ("#dafbe1", "#4ac26b")
        case .events: ("#f6f8fa", "#afb8c1")
        case .route: ("#fff8c5", "#d4a72c")
        case .handler: ("#fbefff", "#c297ff")
        case .last: ("#f6f8fa", "#8c959f")
        }
    }
}

extension RouteGraph.Line {
    /// The lines from one event type have one colour, and those to one handler: so they can be followed where many cross.
    var colour: String {
        let palette = [
            "#0969da", "#1a7f37", "#9a6700", "#cf222e", "#8250df", "#bf3989", "#1b7c83", "#57606a", "#e16f24",
            "#54aeff",
            "#4ac26b",
        ]
        let end = to.hasPrefix("h") ? to : from
        let number = Int(end.dropFirst()) ?? 0
        return palette[number % palette.count]
    }
}
