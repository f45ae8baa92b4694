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
