import ArgumentParser
import RealtimeRouter

/// What may stand in a routes.yml, for editors.
struct SchemaCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints a JSON Schema (2020-12) of routes.yml, by which editors complete and check.",
        discussion: """
            Example: realtime-router schema > routes.schema.json

            Then this as the first line of routes.yml switches it on in VS Code with the YAML extension, and in other editors:

              # yaml-language-server: $schema=routes.schema.json

            It describes the handler and source types that this program knows.
            """)

    func run(_ handlers: HandlerRegistry) async throws {
        Terminal.print(RouteFileSchema.json(handlers).indented())
    }
}
