import ArgumentParser
import RealtimeRouter

/// `diff`: compares how two routes.yml files route recorded sessions.
struct DiffCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Lists the recorded events that two routes.yml files route differently.",
        discussion: """
            Example: realtime-router diff routes.yml routes-new.yml calls/*.jsonl

            No handler is started and nothing is delivered. The comparison includes derived events. Routes are matched \
            by name. If a route's handlers differ, its events count as routed differently.

            The exit code is 0 if both files route every event alike, 1 if they do not, and 2 if a file cannot be used.
            """)

    @Argument(help: "The current routes.yml.")
    var old: String

    @Argument(help: "The changed routes.yml.")
    var new: String

    @Argument(help: ArgumentHelp("Recorded sessions: files of JSON Lines.", valueName: "session"))
    var sessions: [String]

    @OptionGroup var labelOptions: LabelOptions

    @OptionGroup var startOption: StartOption

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @Option(help: "The number of differing events to show per session.")
    var shown = 5

    func validate() throws {
        guard !sessions.contains("-") else {
            throw ValidationError("standard input can be read only once, and diff routes a session twice: give a file")
        }
        guard shown >= 0 else { throw ValidationError("--shown must not be negative") }
    }

    func run(_ handlers: HandlerRegistry) async throws {
        let before = try Routes.loadForReading(old, handlers)
        let after = try Routes.loadForReading(new, handlers)
        var comparison = RoutingComparison(from: before, to: after)
        for session in sessions {
            do {
                try await comparison.add(session: session, labels: labelOptions.labels, started: startOption.started)
            } catch {
                throw ProgramExit.unusable("\(error)")
            }
            let read = comparison.sessions.filter { $0.name == session }
            if read.allSatisfy({ $0.events == 0 }), read.contains(where: { $0.undecodable > 0 }) {
                throw ProgramExit.notASession(session)
            }
        }
        switch format {
        case .text: Terminal.print(comparison.rendered(shown: shown))
        case .json: Terminal.print(comparison.json(shown: shown).description)
        }
        for session in comparison.sessions {
            Terminal.warn(ofUndecodable: session.undecodable, in: session.name)
        }
        Terminal.warn(ofUndatedRoutes: comparison.undatedRoutes)
        if !comparison.isEqual { throw ProgramExit.negative }
    }
}
