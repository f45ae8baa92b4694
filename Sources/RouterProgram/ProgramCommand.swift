public import ArgumentParser
public import RealtimeRouter

/// A command of the program that reads a routes.yml or looks for handler and source types.
///
/// ```swift
/// import ArgumentParser   // the product ArgumentParser of swift-argument-parser, to be named in Package.swift
///
/// struct CountRoutes: ProgramCommand {
///     static let configuration = CommandConfiguration(commandName: "count-routes", abstract: "Counts the routes.")
///     @Option var routes = "routes.yml"
///
///     func run(_ handlers: HandlerRegistry) async throws {
///         print(try RouteConfiguration(path: routes, registry: handlers).table.routes.count)
///     }
/// }
/// ```
///
/// Products and programs bring commands of their own by `RouterProgram.main(handlers:commands:)`. The command's name is its
/// `configuration.commandName`, or its type's name as swift-argument-parser writes it.
public protocol ProgramCommand: AsyncParsableCommand {
    /// Runs the command.
    ///
    /// - Parameter handlers: the handler and source types and the functions that the program was made with.
    /// - Throws: `ExitCode` to end with this code and without a word. Any other error is printed, and the program ends with exit code 2.
    mutating func run(_ handlers: HandlerRegistry) async throws
}
