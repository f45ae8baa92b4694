internal import ArgumentParser
import CBuildInfo
import ConfigSource
public import Logging
public import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The command-line program as a library. A program with its own handlers gets every command.
///
/// ```swift
/// @main
/// struct MyRouter {
///     static func main() async {
///         var registry = HandlerRegistry.standard
///         registry.register("slack") { options in SlackHandler(&options) }
///         await RouterProgram.main(handlers: registry)
///     }
/// }
/// ```
public enum RouterProgram {
    /// Runs the command that the program's arguments name, and exits.
    ///
    /// The exit code is 0 if the command succeeded, 1 if its answer is no, 2 if the arguments, a file or the configuration
    /// cannot be used, 3 if it succeeded but a file could not be written or a delivery became a dead letter, 130 after SIGINT,
    /// and 143 after SIGTERM.
    ///
    /// - Parameters:
    ///   - handlers: the handler types, source types and functions that routes.yml can name.
    ///   - commands: additional commands. No two commands may have the same name.
    public static func main(handlers: HandlerRegistry, commands: [any ProgramCommand.Type] = []) async -> Never {
        MainCommand.check(commands)
        let code = await MainCommand.$added.withValue(commands) {
            await run(Array(CommandLine.arguments.dropFirst()), handlers)
        }
        Terminal.flush()
        exit(Terminal.reportOutputFailure() && code == 0 ? ProgramExit.incomplete.code : code)
    }

    private static func run(_ arguments: [String], _ handlers: HandlerRegistry) async -> CInt {
        ClosedPipe.restoreDefaultAction()
        // A write beyond the process's file size limit should fail instead of ending the process. An empty handler does this; with
        // SIG_IGN, the commands that the program starts would inherit the ignored signal.
        signal(SIGXFSZ) { _ in }
        do {
            try checkCommand(arguments.first)
            var command = try MainCommand.parseAsRoot(arguments)
            if var command = command as? any ProgramCommand {
                try await command.run(handlers)
            } else if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch let ending as ProgramExit {
            if let message = ending.message { Terminal.error(message) }
            return ending.code
        } catch {
            return report(error, handlers)
        }
    }

    /// Reports an unknown command, which the parser would report as an unexpected argument.
    private static func checkCommand(_ word: String?) throws {
        guard let word, !word.hasPrefix("-"), !MainCommand.names.contains(word) else { return }
        if let product = productsOfCommands[word] {
            throw ProgramExit.unusable(
                """
                there is no command \(quoted(word)) in this program
                   help: it comes with the product \(product): in Package.swift name the product \(product), in the program's code \
                give its commands to `RouterProgram.main(handlers:commands:)`
                """)
        }
        let help =
            closest(to: word, among: MainCommand.names).map { "did you mean `\($0)`?" }
            ?? "commands: " + MainCommand.names.map { "`\($0)`" }.joined(separator: ", ")
        throw ProgramExit.unusable("there is no command \(quoted(word))\n   help: \(help)")
    }

    /// The products of this package that add commands, by command.
    private static let productsOfCommands = [
        "connect": "ConnectionCommands", "proxy": "ConnectionCommands", "mock": "ConnectionCommands",
    ]

    private static func report(_ error: any Error, _ handlers: HandlerRegistry) -> CInt {
        if let code = error as? ExitCode { return code.rawValue }
        let message = MainCommand.fullMessage(for: error)
        guard MainCommand.exitCode(for: error) != .success else {
            // The parser knows only the version number; the description has the linked products.
            Terminal.print(message == ProgramVersion.number ? ProgramVersion.description(of: handlers) : message)
            return 0
        }
        let prefix = "Error: "
        Terminal.write(message.hasPrefix(prefix) ? "error: " + message.dropFirst(prefix.count) : "error: " + message)
        return 2
    }
}

struct MainCommand: AsyncParsableCommand {
    /// The additional commands; set for the task that runs the program.
    @TaskLocal static var added: [any ProgramCommand.Type] = []

    private static let builtIn: [any ParsableCommand.Type] = [
        RunCommand.self, CheckCommand.self, ExplainCommand.self, TestCommand.self, MatchCommand.self,
        InspectCommand.self, DiffCommand.self, GraphCommand.self, ToolsCommand.self, SchemaCommand.self,
        InitCommand.self, TranscriptCommand.self, ReportCommand.self, ForgetCommand.self,
    ]

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "realtime-router",
            abstract: "Routes the events of OpenAI Realtime sessions to handlers, by the rules in routes.yml.",
            discussion: """
                Example: realtime-router run session.jsonl --routes routes.yml
                """,
            version: ProgramVersion.number, subcommands: builtIn + added)
    }

    /// Traps if two commands have the same name.
    static func check(_ added: [any ProgramCommand.Type]) {
        var names = Set(builtIn.map { $0._commandName } + ["help"])
        for command in added {
            let name = command._commandName
            precondition(
                names.insert(name).inserted, "there is a command `\(name)` already: give this one another name")
        }
    }

    /// The names of all commands.
    static var names: [String] { configuration.subcommands.map { $0._commandName } + ["help"] }
}

/// The output of `--version`.
enum ProgramVersion {
    /// The version of the package.
    static let number = RouterVersion.number

    /// Version, commit, Swift version and linked products.
    static func description(of handlers: HandlerRegistry) -> String {
        let products = ["RealtimeRouter"] + handlers.products.sorted()
        return """
            realtime-router \(number), commit \(unsafe String(cString: build_commit()))
            Swift \(swiftVersion)
            products: \(products.joined(separator: ", "))
            """
    }

    /// The compiler's version, as far as conditional compilation reveals it.
    private static var swiftVersion: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}

extension RouterProgram {
    /// A logger for parts of the program. Prints warnings and errors on standard error, and discards everything else.
    public static let logger = Logger(label: "realtime-router") { _ in WarningLog() }
}

/// Prints log messages as the program's own warnings and errors: `warning: …`, one per line.
private struct WarningLog: LogHandler {
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // A message can quote what a client sent.
        let message = PrintableText("\(event.message)").description
        if event.level >= .error { Terminal.error(message) } else { Terminal.warning(message) }
    }
}
