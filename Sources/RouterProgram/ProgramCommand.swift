public import ArgumentParser
public import RealtimeRouter

/// A command that needs the program's handler and source types, for example to read a routes.yml.
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
/// Products and programs add commands through `RouterProgram.main(handlers:commands:)`. The command's name is its
/// `configuration.commandName`, or else the name that swift-argument-parser derives from its type's name.
public protocol ProgramCommand: AsyncParsableCommand {
    /// Runs the command.
    ///
    /// - Parameter handlers: the program's handler types, source types and functions.
    /// - Throws: `ExitCode` to end with this code and without a message. The program prints any other error and ends with exit code 2.
    mutating func run(_ handlers: HandlerRegistry) async throws
}

/// An error that ends the program with an exit code and, optionally, a message.
package struct ProgramExit: Error {
    /// The exit code.
    package let code: CInt
    /// The message for standard error, without `error:`; nil if it was already printed.
    let message: String?

    /// The command's answer is no: for example, a test failed or nothing matched.
    package static let negative = ProgramExit(code: 1, message: nil)

    /// The command's answer is no, with a reason.
    static func negative(_ message: String) -> ProgramExit { ProgramExit(code: 1, message: message) }

    /// The command ran, but a file lacks records or a delivery became a dead letter. That was already printed.
    package static let incomplete = ProgramExit(code: 3, message: nil)

    /// The exit for an error of a file: code 3 if the device failed, for example because the disk is full, else 2.
    static func of(_ error: any Error, message: String?) -> ProgramExit {
        ProgramExit(code: (error as? FileFailure)?.isOfDevice == true ? 3 : 2, message: message)
    }

    /// The arguments, a file or the configuration cannot be used.
    package static func unusable(_ message: String? = nil) -> ProgramExit { ProgramExit(code: 2, message: message) }
}

extension RunReport {
    /// Ends the command with exit code 2 if lines were read but none was an event, so that the file is not a session.
    ///
    /// - Parameter session: the session's path; `-` is standard input.
    func requireEvents(in session: String) throws(ProgramExit) {
        guard events == 0, undecodable > 0 else { return }
        throw .notASession(session)
    }

    /// Does the same for each of several sessions, except live sessions: a live pipe may carry lines that belong to no
    /// session, such as another program's messages.
    func requireEventsInParts() throws(ProgramExit) {
        for part in parts.isEmpty ? [self] : parts.filter({ !$0.isLive }) where part.clientEvents == 0 {
            try part.requireEvents(in: part.session ?? "")
        }
    }
}

extension ProgramExit {
    /// The input has lines but no event; `-` is standard input.
    static func notASession(_ path: String) -> ProgramExit {
        let name = path == "-" ? "standard input" : path.printable
        return .unusable("\(name) is not a session: none of its lines is an event of the server")
    }
}
