import ArgumentParser
import RealtimeRouter

/// A command that reads a routes.yml or looks for handler types.
protocol HandlerCommand: AsyncParsableCommand {
    /// Runs the command.
    ///
    /// - Parameter handlers: the handler types and functions that the program was made with.
    mutating func run(_ handlers: HandlerRegistry) async throws
}
