import ArgumentParser
import RealtimeRouter

/// What would a change of the rules change?
struct DiffCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Says which past events two routes.yml would route differently.",
        discussion: """
            Example: realtime-router diff routes.yml routes-new.yml calls/*.jsonl

            Nothing is started or delivered. Derived events are compared too. Routes go \
            by their names; one whose handlers changed has moved its events.

            The exit code is 0 when all events go the same way, 1 when some do not, and 2 when a file cannot be used.
            """)

    @Argument(help: "The rules as they are.")
    var old: String

    @Argument(help: "The rules as they would be.")
    var new: String

    @Argument(help: ArgumentHelp("Recorded sessions: files of JSON Lines.", valueName: "session"))
    var sessions: [String]

    @OptionGroup var labelOptions: LabelOptions

    @OptionGroup var startOption: StartOption

    @Option(help: "How the comparison is shown: text or json.")
    var format: OutputFormat = .text

    @Option(help: "How many events of a session are shown.")
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
                throw ProgramEnding.unusable("\(error)")
            }
            let read = comparison.sessions.filter { $0.name == session }
            if read.allSatisfy({ $0.events == 0 }), read.contains(where: { $0.undecodable > 0 }) {
                throw ProgramEnding.noSession(session)
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
        if !comparison.isEqual { throw ProgramEnding.no }
    }
}
