import ConfigSource
import EventJSON
package import EventRouter
package import LocalCommands
package import RealtimeEvents

/// Runs a function as a local command.
///
/// The call's arguments reach it in the places of its ``CommandTemplate`` and, as JSON, on standard input. Exit status 0 in
/// time means that standard output, without white space around it, is the answer. Everything else is a failure, of which
/// the model gets a short reason; a command that wants to choose the words itself prints `{"error": "…"}`, with whatever
/// exit status. An answer that is longer than `maximumOutput` is a failure too: the beginning of a JSON text is none.
///
/// In its environment the command finds `ROUTER_CALL_ID` and `ROUTER_SESSION`, with control characters replaced and cut to
/// 1,024 characters, and `ROUTER_CALL_KEY`: the call's `session_id` (the session's key where the server gave none), `call_id` and
/// occurrence as one word, equal in every run, however the session is called, and fit for a file's name. It runs within the bounds
/// that `LocalCommand` sets.
package struct CommandExecutor: ManagedExecutor, SecretKeeping {
    /// What the command reads from standard input.
    package enum Input: String, Sendable, Hashable, CaseIterable {
        /// The arguments, a JSON object on one line.
        case arguments
        /// An object with `call_id`, `name`, `arguments`, `session` and `labels`, on one line.
        case call
        /// Nothing.
        case none
    }

    /// What the model gets of the standard error of a command that failed.
    package enum ErrorOutput: String, Sendable, Hashable, CaseIterable {
        /// The end of it. For commands that write nothing there that a caller may not hear.
        case stderr
        /// Nothing.
        case none
    }

    /// What the command writes to standard output.
    package enum Output: String, Sendable, Hashable, CaseIterable {
        /// Text of any kind.
        case text
        /// One JSON value. The call fails if the command succeeds and writes anything else.
        case json
    }

    /// The program and its arguments.
    package var template: CommandTemplate
    /// What it reads from standard input.
    package var input: Input
    /// What the model gets of its standard error.
    package var errorOutput: ErrorOutput
    /// What it writes to standard output.
    package var output: Output
    /// The names of the variables that it inherits, beside PATH.
    package var inherited: [String] { didSet { secrets = SecretValues(inherited: inherited) } }
    /// What these variables hold; nothing but the answer of a call shows it.
    package private(set) var secrets: SecretValues
    /// The folder in which it runs, relative to `baseFolder`.
    package var workingDirectory: String
    /// The folder that relative paths start from, the program's among them.
    package var baseFolder: String
    /// How long it may run and how much it may say.
    package var limits: CommandLimits
    /// What it may use of the machine.
    package var resources: CommandResources

    /// Makes an executor; that the program is there shows when it runs.
    package init(
        _ template: CommandTemplate, input: Input = .arguments, errorOutput: ErrorOutput = .none,
        output: Output = .text, inherited: [String] = [], workingDirectory: String = ".", baseFolder: String = ".",
        limits: CommandLimits = CommandLimits(), resources: CommandResources = CommandResources()
    ) {
        self.template = template
        self.input = input
        self.errorOutput = errorOutput
        self.output = output
        self.inherited = inherited
        secrets = SecretValues(inherited: inherited)
        self.workingDirectory = workingDirectory
        self.baseFolder = baseFolder
        self.limits = limits
        self.resources = resources
    }

    /// Makes an executor from the words of a command.
    ///
    /// - Throws: ``CommandTemplateError`` for the first word that will not do.
    package init(_ words: [String], input: Input = .arguments, limits: CommandLimits = CommandLimits())
        throws(CommandTemplateError)
    {
        self.init(try CommandTemplate(words), input: input, limits: limits)
    }

    /// A command whose time has passed gets TERM, and its report says how it ended.
    package var endsLateCalls: Bool { true }

    /// What is wrong with the program, as far as that shows before it is run.
    var concern: LocalCommand.Concern? {
        LocalCommand(
            [template.program], workingDirectory: workingDirectory, baseFolder: baseFolder
        ).concern()
    }

    /// The command for a call.
    func command(for call: FunctionCall) throws(FunctionCallRefusal) -> LocalCommand {
        guard let arguments = call.argumentObject else { throw .notAnObject }
        var limits = limits
        // So much that a value that begins before what is kept can be told.
        limits.maximumStandardError += secrets.longest + 1
        return LocalCommand(
            try template.filled(with: arguments), standardInput: standardInput(for: call, arguments),
            environment: CommandEnvironment(inherited: inherited, variables: CallVariables.variables(for: call)),
            workingDirectory: workingDirectory, baseFolder: baseFolder, limits: limits,
            resources: resources)
    }

    private func standardInput(for call: FunctionCall, _ arguments: JSONObject) -> [UInt8] {
        var writer = JSONWriter()
        switch input {
        case .none: return []
        case .arguments: writer.value(.object(arguments))
        case .call:
            writer.beginObject()
            writer.field("call_id", call.callID)
            writer.field("occurrence", call.occurrence)
            writer.field("name", call.name)
            writer.field("arguments", JSONValue.object(arguments))
            writer.origin(session: call.head.session, labels: call.head.labels ?? [:])
            writer.endObject()
        }
        writer.endLine()
        return writer.bytes
    }
}

extension CommandExecutor {
    /// Why the command has no words for the call's arguments.
    package func refusal(of call: FunctionCall) -> FunctionCallRefusal? {
        do throws(FunctionCallRefusal) {
            _ = try command(for: call)
            return nil
        } catch {
            return error
        }
    }

    /// Runs the command.
    package func run(_ call: FunctionCall) async -> FunctionCallReport {
        do {
            return report(on: try await command(for: call).run())
        } catch is CancellationError {
            return .cancelled()
        } catch let refusal as FunctionCallRefusal {
            return .rejected(refusal)
        } catch let error as LocalCommandError where error.code == .argument {
            return FunctionCallReport(
                .rejected, .reason("the arguments are too long"), error: error.description)
        } catch {
            return .failed(.notStarted, error: "\(error)")
        }
    }

    /// What a command that ran came to.
    private func report(on result: LocalCommandResult) -> FunctionCallReport {
        var result = result
        result.standardErrorTail = secrets.lastBytes(limits.maximumStandardError, of: result.standardErrorTail)
        var report = verdict(on: result)
        switch result.ending {
        case .exited(let status): report.exitStatus = status
        case .signalled(let signal): report.signal = signal
        }
        let said = Self.trimmed(result.standardErrorTail)
        report.standardError = said.isEmpty ? nil : said
        report.outputBytes = result.outputBytes
        report.isTruncated = result.isTruncated
        return report
    }

    private func verdict(on result: LocalCommandResult) -> FunctionCallReport {
        if result.isTimedOut { return .timedOut(after: Measure.text(limits.timeout)) }
        let output = Self.trimmed(result.standardOutput)
        guard result.isSuccess else { return failure(result, output) }
        guard !result.isTruncated else {
            return .failed(
                .tooLong,
                error: "the command wrote \(result.outputBytes) bytes, and \(limits.maximumOutput) are kept")
        }
        if self.output == .json, let error = Self.jsonError(in: result.standardOutput) {
            return .failed(.notJSON, error: "the command's standard output is not one JSON value: \(error)")
        }
        return .completed(FunctionCallResult(output))
    }

    /// Why bytes are not one JSON value; nil if they are one. They are not quoted: of a secret that is cut nobody knows what it is.
    private static func jsonError(in bytes: [UInt8]) -> String? {
        do {
            _ = try JSONValue(parsing: bytes)
            return nil
        } catch {
            return trimmed(bytes).isEmpty ? "it is empty" : "\(error)"
        }
    }

    private func failure(_ result: LocalCommandResult, _ output: String) -> FunctionCallReport {
        let said = Self.trimmed(result.standardErrorTail)
        var error =
            switch result.ending {
            case .exited(let status): "the command exited with status \(status)"
            case .signalled(let signal): "the command was ended by signal \(signal)"
            }
        if let last = said.split(whereSeparator: \.isNewline).last { error += ": \(last)" }
        if !result.isTruncated, (try? JSONValue(parsing: output))?["error"] != nil {
            return FunctionCallReport(.failed, .output(secrets.hide(in: output)), error: error)
        }
        return errorOutput == .stderr && !said.isEmpty
            ? .failed(said, error: error) : .failed(.failed, error: error)
    }

    /// Text without white space around it; what is not UTF-8 is replaced.
    static func trimmed(_ bytes: [UInt8]) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
