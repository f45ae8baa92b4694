internal import ArgumentParser
import CBuildInfo
public import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The command-line program, as a library: a program with handlers of its own has every command too.
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
    /// Runs the command that the program's arguments ask for, and exits.
    ///
    /// - Parameters:
    ///   - handlers: the handler and source types and the functions that routes.yml can name.
    ///   - commands: commands beside those of the program; no two commands may have the same name.
    ///
    /// The exit code is 0 when the command did what it was asked for, 3 when it did, but a file could not be written or a delivery
    /// ended as a dead letter, 1 when its answer is no, 2 when the call, a file or
    /// the configuration cannot be used, 130 and 143 after SIGINT and SIGTERM.
    public static func main(handlers: HandlerRegistry, commands: [any ProgramCommand.Type] = []) async -> Never {
        MainCommand.check(commands)
        let code = await MainCommand.$added.withValue(commands) {
            await run(Array(CommandLine.arguments.dropFirst()), handlers)
        }
        Terminal.flush()
        exit(Terminal.reportsLoss() && code == 0 ? ProgramEnding.incomplete.code : code)
    }

    private static func run(_ arguments: [String], _ handlers: HandlerRegistry) async -> CInt {
        ClosedPipe.endsQuietly()
        // A file that has grown to the limit of the process is a file that cannot be written. Ignored, the signal would be ignored by
        // the commands too that are started.
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
        } catch let ending as ProgramEnding {
            if let message = ending.message { Terminal.error(message) }
            return ending.code
        } catch {
            return report(error, handlers)
        }
    }

    /// A misspelt command would else be taken for a stray argument.
    private static func checkCommand(_ word: String?) throws {
        guard let word, !word.hasPrefix("-"), !MainCommand.names.contains(word) else { return }
        if let product = productsOfCommands[word] {
            throw ProgramEnding.unusable(
                """
                there is no command \(quoted(word)) in this program
                   help: it comes with the product \(product): in Package.swift name the product \(product), in the program's code \
                give its commands to `RouterProgram.main(handlers:commands:)`
                """)
        }
        let help =
            closest(to: word, among: MainCommand.names).map { "did you mean `\($0)`?" }
            ?? "commands: " + MainCommand.names.map { "`\($0)`" }.joined(separator: ", ")
        throw ProgramEnding.unusable("there is no command \(quoted(word))\n   help: \(help)")
    }

    /// The products of this package that bring commands, by command.
    private static let productsOfCommands = [
        "connect": "ConnectionCommands", "proxy": "ConnectionCommands", "mock": "ConnectionCommands",
    ]

    private static func report(_ error: any Error, _ handlers: HandlerRegistry) -> CInt {
        if let code = error as? ExitCode { return code.rawValue }
        let message = MainCommand.fullMessage(for: error)
        guard MainCommand.exitCode(for: error) != .success else {
            // The parser knows the version, and nothing of the products that are linked.
            Terminal.print(message == ProgramVersion.number ? ProgramVersion.description(of: handlers) : message)
            return 0
        }
        let prefix = "Error: "
        Terminal.write(message.hasPrefix(prefix) ? "error: " + message.dropFirst(prefix.count) : "error: " + message)
        return 2
    }
}

struct MainCommand: AsyncParsableCommand {
    /// The commands that the program was given; only for the task that runs it.
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

    /// Makes sure that no two commands have the same name.
    static func check(_ added: [any ProgramCommand.Type]) {
        var names = Set(builtIn.map { $0._commandName } + ["help"])
        for command in added {
            let name = command._commandName
            precondition(
                names.insert(name).inserted, "there is a command `\(name)` already: give this one another name")
        }
    }

    /// What can stand as the first word.
    static var names: [String] { configuration.subcommands.map { $0._commandName } + ["help"] }
}

/// What `--version` says.
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

    /// The compiler's version, as far as the compiler says it to the source.
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
