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

/// How a command ends that does not simply return.
package struct ProgramEnding: Error {
    /// The exit code.
    package let code: CInt
    /// What to say on standard error, without `error:`; nothing when it was said already.
    let message: String?

    /// The answer is no.
    package static let no = ProgramEnding(code: 1, message: nil)

    /// The answer is no, with a reason that was not shown yet.
    static func no(_ message: String) -> ProgramEnding { ProgramEnding(code: 1, message: message) }

    /// All was done, but a file of ours lacks records, or a delivery became a dead letter; that was said already.
    package static let incomplete = ProgramEnding(code: 3, message: nil)

    /// An error met a file: the code is 3 when its device refused, as a full disk does, and 2 when the file cannot be used as it is.
    static func of(_ error: any Error, message: String?) -> ProgramEnding {
        ProgramEnding(code: (error as? FileFailure)?.isOfDevice == true ? 3 : 2, message: message)
    }

    /// The call, a file or the configuration cannot be used.
    package static func unusable(_ message: String? = nil) -> ProgramEnding { ProgramEnding(code: 2, message: message) }
}

extension RunReport {
    /// Ends the command with exit code 2 if lines were read and none was an event: the file is something else than a session.
    ///
    /// - Parameter session: the session's path; `-` is standard input.
    func requireEvents(in session: String) throws(ProgramEnding) {
        guard events == 0, undecodable > 0 else { return }
        throw .noSession(session)
    }

    /// The same for several sessions: ends the command if there was one of which no line was an event. In a live pipe with several sessions a
    /// line of none of them may be somebody's message.
    func requireEventsInParts() throws(ProgramEnding) {
        for part in parts.isEmpty ? [self] : parts.filter({ !$0.isLive }) where part.clientEvents == 0 {
            try part.requireEvents(in: part.session ?? "")
        }
    }
}

extension ProgramEnding {
    /// A file of lines that are no events was given as a session; `-` is standard input.
    static func noSession(_ path: String) -> ProgramEnding {
        let name = path == "-" ? "standard input" : path.printable
        return .unusable("\(name) is no session: no line of it could be read as an event of the server")
    }
}
