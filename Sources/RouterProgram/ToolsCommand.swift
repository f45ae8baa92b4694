import ArgumentParser
import RealtimeRouter

/// What can the model call?
struct ToolsCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Prints the functions of a routes.yml as the `tools` of a session.update.",
        discussion: """
            Example: realtime-router tools routes.yml > tools.json

            They are those of all handlers of type function_call, in the order of the file, as one JSON array. With \
            `announce: true` such a handler tells them to the model itself.

            The exit code is 1 when there are none.
            """)

    @OptionGroup var routes: RoutesArgument

    func run(_ handlers: HandlerRegistry) async throws {
        let tools = try Routes.loadForReading(routes.path, handlers).table.tools
        guard !tools.isEmpty else {
            throw ProgramEnding.no(
                "\(routes.path) has no handler of type `function_call`, so there are no functions to declare")
        }
        Terminal.print(JSONValue.array(tools.map(\.json)).indented())
    }
}
