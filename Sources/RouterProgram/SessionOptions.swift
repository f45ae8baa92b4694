import ArgumentParser
import RealtimeRouter

/// What the operator says about a session.
struct SessionOptions: ParsableArguments {
    @Option(
        name: .customLong("label"),
        help: ArgumentHelp("A label of the session; may be given several times.", valueName: "name=value"))
    private var labelArguments: [LabelArgument] = []

    /// The labels, in the order in which they were given.
    var labels: [SessionLabel] { labelArguments.map(\.label) }
}
