import ArgumentParser
import RealtimeRouter

/// The option that names the routes.yml.
struct RoutesOption: ParsableArguments {
    @Option(name: .customLong("routes"), help: ArgumentHelp("The file with the rules.", valueName: "file"))
    var path = "routes.yml"
}

/// The routes.yml as a command's argument. Also accepted as `--routes`, which other commands have.
struct RoutesArgument: ParsableArguments {
    @Argument(help: "The file with the rules (default: routes.yml).")
    private var file: String?

    @Option(
        name: .customLong("routes"),
        help: ArgumentHelp("The rules, as an option in place of the argument.", valueName: "file"))
    private var option: String?

    /// The path of the file.
    var path: String { file ?? option ?? "routes.yml" }

    func validate() throws {
        if file != nil && option != nil { throw ValidationError("give the file with the rules once, without --routes") }
    }
}

/// Loads a routes.yml for a command.
enum Routes {
    /// Loads a configuration and prints its diagnostics on standard error.
    ///
    /// - Throws: `ProgramExit` with exit code 2 if there is an error.
    static func load(
        _ path: String, _ handlers: HandlerRegistry, standardOutputIsTaken: Bool
    ) throws -> RouteConfiguration {
        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.load(
            path: path, registry: handlers, standardOutputIsTaken: standardOutputIsTaken, diagnostics)
        if !diagnostics.isEmpty { Terminal.write(diagnostics.rendered()) }
        guard let configuration, !diagnostics.hasErrors else { throw ProgramExit.unusable() }
        return configuration
    }

    /// Loads a configuration for a command that starts no handler. A handler type that this program does not know is only a
    /// warning.
    ///
    /// - Throws: `ProgramExit` with exit code 2 if there is an error.
    static func loadForReading(_ path: String, _ handlers: HandlerRegistry) throws -> RouteConfiguration {
        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.load(
            path: path, registry: handlers, startsHandlers: false, looksForPrograms: false, diagnostics)
        if !diagnostics.isEmpty { Terminal.write(diagnostics.rendered()) }
        guard let configuration, !diagnostics.hasErrors else { throw ProgramExit.unusable() }
        return configuration
    }
}

/// The option for a session's labels.
struct LabelOptions: ParsableArguments {
    @Option(
        name: .customLong("label"),
        help: ArgumentHelp("A label for the session. May be repeated.", valueName: "name=value"))
    private var arguments: [LabelArgument] = []

    /// The labels, in the order of the arguments.
    var labels: [SessionLabel] { arguments.map(\.label) }
}

/// The option for the start time of a recorded session.
struct StartOption: ParsableArguments {
    @Option(
        name: .customLong("started"),
        help: ArgumentHelp("The recording's start time, which `when` needs: 2026-01-31T22:00:00Z.", valueName: "time"))
    private var argument: TimeArgument?

    /// The start time in seconds since 1970; nil if the option is absent. The recording may have it then.
    var started: Double? { argument?.moment.unix }
}

/// An RFC 3339 time.
private struct TimeArgument: ExpressibleByArgument {
    let moment: Timestamp

    init?(argument: String) {
        guard let moment = Timestamp(argument) else { return nil }
        self.moment = moment
    }
}

extension Terminal {
    /// Warns that routes with `when` did not fire because the session's start time is unknown.
    static func warn(ofUndatedRoutes routes: [String]) {
        guard !routes.isEmpty else { return }
        let names = routes.map { quoted($0.printable) }.joined(separator: ", ")
        warning(
            "the session's start time is unknown, which `when` needs, so \(names) did not fire; give "
                + "--started 2026-01-31T22:00:00Z")
    }
}
