import ArgumentParser
import Foundation
import RealtimeRouter
import RouterProgram

/// One session of the events that its options name; then it fails, if they say so.
struct EventListSource: SessionSource {
    static let events = SectionKey.stringList("events", "The types of the events, in their order.").required(
        "write `events: [session.created]`")
    static let key = SectionKey.string("key", "The session's key.").defaulting(to: "list")
    static let live = SectionKey.bool("live", "Whether the session is live.").defaulting(to: false)
    static let failure = SectionKey.string("failure", "What goes wrong at the end.")

    let name = "a list"
    let isLive: Bool
    private let key: String
    private let types: [String]
    private let failure: String?

    init?(_ options: inout SourceOptions) {
        isLive = options.read(Self.live)
        key = options.read(Self.key)
        failure = options.read(Self.failure)
        guard let types = options.read(Self.events) else { return nil }
        self.types = types
    }

    func run(_ context: SourceContext) async throws {
        let session = try context.open(
            SessionDescription(key: key, source: name, isInteractive: isLive, isLive: isLive))
        for type in types { session.receive(#"{"type": "\#(type)"}"#, from: .server) }
        if let failure { throw Failure(description: failure) }
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}

/// One session of a connection of its own, whose server sends the events of a file and gets nothing.
struct ScriptedConnection: SessionSource {
    static let path = SectionKey.string("path", "The file of the server's events, one a line.").required()

    let name = "a connection"
    let isLive = true
    private let path: String

    init?(_ options: inout SourceOptions) {
        guard let path = options.read(Self.path) else { return nil }
        self.path = path
    }

    func run(_ context: SourceContext) async throws {
        var description = SessionDescription(key: "connection", source: name)
        description.readsOutbound = true
        description.configuration = context.session
        let session = try context.open(description)
        let sending = Task {
            for await event in session.outbound { print(event.json) }
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        for line in lines { session.receive(String(line), from: .server) }
        await session.finish(reason: .hungUp)
        await sending.value
    }
}

/// Prints the source types that the program knows.
struct SourcesCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "Prints the source types that the program knows.")

    @Option(help: "The exit code.")
    var code: Int32 = 0

    func run(_ handlers: HandlerRegistry) async throws {
        print(handlers.sourceTypes.joined(separator: " "))
        if code != 0 { throw ExitCode(code) }
    }
}

/// A command with the name of another.
struct TakenCommand: ProgramCommand {
    static let configuration = CommandConfiguration(commandName: "run")

    func run(_ handlers: HandlerRegistry) async throws {}
}

/// realtime-router with a source type and a command of its own. With `TAKEN` in the environment the command has a name that is taken.
@main
struct PluginProgram {
    static func main() async {
        var registry = registryWithMCP()
        registry.source(
            "event_list", "A session of the events that the options name.",
            options: [
                EventListSource.events, EventListSource.key, EventListSource.live, EventListSource.failure,
            ]
        ) { options in EventListSource(&options) }
        registry.source(
            "scripted_connection", "A session of the events in a file.", options: [ScriptedConnection.path]
        ) { options in ScriptedConnection(&options) }
        let isTaken = HandlerContext.environment("TAKEN") != nil
        await RouterProgram.main(
            handlers: registry, commands: isTaken ? [TakenCommand.self] : [SourcesCommand.self])
    }
}
