import ArgumentParser
import RealtimeRouter

/// Where the rules stand.
struct RoutesOption: ParsableArguments {
    @Option(name: .customLong("routes"), help: ArgumentHelp("The file with the rules.", valueName: "file"))
    var path = "routes.yml"
}

/// The file with the rules as the argument of a command, or as the option that it is elsewhere.
struct RoutesArgument: ParsableArguments {
    @Argument(help: "The file with the rules; routes.yml by default.")
    private var file: String?

    @Option(name: .customLong("routes"), help: ArgumentHelp("The same, as an option.", valueName: "file"))
    private var option: String?

    /// The path of the file.
    var path: String { file ?? option ?? "routes.yml" }

    func validate() throws {
        if file != nil && option != nil { throw ValidationError("give the file with the rules once, without --routes") }
    }
}

/// Loads a routes.yml for a command.
enum Routes {
    /// The configuration; its warnings go to standard error.
    ///
    /// - Throws: `ProgramEnding` with exit code 2 when it cannot be used; every diagnostic was shown then.
    static func load(
        _ path: String, _ handlers: HandlerRegistry, standardOutputIsTaken: Bool
    ) throws -> RouteConfiguration {
        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.load(
            path: path, registry: handlers, standardOutputIsTaken: standardOutputIsTaken, diagnostics)
        if !diagnostics.isEmpty { Terminal.write(diagnostics.rendered()) }
        guard let configuration, !diagnostics.hasErrors else { throw ProgramEnding.unusable() }
        return configuration
    }

    /// The configuration for a command that starts no handler, so that one of a type that this program does not know is only
    /// a warning.
    ///
    /// - Throws: as ``load(_:_:standardOutputIsTaken:)`` does.
    static func loadForReading(_ path: String, _ handlers: HandlerRegistry) throws -> RouteConfiguration {
        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.load(
            path: path, registry: handlers, startsHandlers: false, looksForPrograms: false, diagnostics)
        if !diagnostics.isEmpty { Terminal.write(diagnostics.rendered()) }
        guard let configuration, !diagnostics.hasErrors else { throw ProgramEnding.unusable() }
        return configuration
    }
}

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
