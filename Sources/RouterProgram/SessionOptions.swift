import ArgumentParser
import RealtimeRouter

/// The labels that the operator gives a session.
struct LabelOptions: ParsableArguments {
    @Option(
        name: .customLong("label"),
        help: ArgumentHelp("A label of the session; may be given several times.", valueName: "name=value"))
    private var arguments: [LabelArgument] = []

    /// The labels, in the order in which they were given.
    var labels: [SessionLabel] { arguments.map(\.label) }
}

/// The moment at which a recorded session began.
struct StartOption: ParsableArguments {
    @Option(
        name: .customLong("started"),
        help: ArgumentHelp("When the recording began, for `when` of routes: 2026-01-31T22:00:00Z.", valueName: "time"))
    private var argument: TimeArgument?

    /// Seconds since 1970; nil when only the recording may say it.
    var started: Double? { argument?.moment.unix }
}

/// A moment in RFC 3339.
private struct TimeArgument: ExpressibleByArgument {
    let moment: Timestamp

    init?(argument: String) {
        guard let moment = Timestamp(argument) else { return nil }
        self.moment = moment
    }
}

extension Terminal {
    /// Says that routes did not fire because nothing says when the session began.
    static func warn(ofUndatedRoutes routes: [String]) {
        guard !routes.isEmpty else { return }
        let names = routes.map { quoted($0.printable) }.joined(separator: ", ")
        warning(
            "nothing says when the session began, as `when` needs, so \(names) did not fire; give "
                + "--started 2026-01-31T22:00:00Z")
    }
}
