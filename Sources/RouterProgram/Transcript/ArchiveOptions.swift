import ArgumentParser
import RealtimeRouter

/// Where the transcripts lie.
struct ArchiveOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The database; by default the one that routes.yml names.", valueName: "file"))
    var database: String?

    @OptionGroup var routes: RoutesOption

    /// The archive, made by the handler type `transcript` of a program.
    ///
    /// - Throws: `ProgramEnding` with exit code 2 when there is none.
    func archive(_ handlers: HandlerRegistry) throws -> any TranscriptArchive {
        if let database { return try Self.archive(at: database, handlers) }
        let found = try Routes.loadForReading(routes.path, handlers).table.handlers.compactMap { binding in
            ((binding.handler as? TranscriptHandler)?.sink as? any TranscriptArchive).map { (binding.name, $0) }
        }
        guard let (_, archive) = found.first else {
            throw ProgramEnding.unusable(
                """
                no handler in \(routes.path) keeps transcripts in a database
                   help: give one `format: sqlite`, or say `--database FILE`
                """)
        }
        guard Set(found.map(\.1.path)).count == 1 else {
            let names = found.map { quoted($0.0) }.joined(separator: ", ")
            throw ProgramEnding.unusable(
                "several handlers in \(routes.path) keep transcripts in a database: \(names)\n   help: say which with `--database FILE`"
            )
        }
        return archive
    }

    /// The archive that a handler of this program makes of a file.
    private static func archive(at path: String, _ handlers: HandlerRegistry) throws -> any TranscriptArchive {
        let diagnostics = Diagnostics()
        let node: Node = ["output": .string(path), "format": "sqlite"]
        let handler = Section(node, what: "the database", diagnostics).flatMap { section in
            var options = HandlerOptions(name: "transcript", section: section)
            return handlers.factory("transcript")?(&options)
        }
        if let archive = (handler as? TranscriptHandler)?.sink as? any TranscriptArchive { return archive }
        let problem = diagnostics.items.first
        throw ProgramEnding.unusable(
            (problem?.message ?? "this program has no handler type `transcript`")
                + (problem?.help.map { "\n   help: \($0)" } ?? ""))
    }

    /// What an archive says, or why it cannot be read.
    static func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let ending as ProgramEnding { throw ending } catch {
            throw ProgramEnding.unusable("\(error)")
        }
    }
}
