import ConfigSource
import EventJSON
package import EventRouter
package import LocalCommands
package import RealtimeEvents

/// Runs a function as a local command.
///
/// The command gets the call's arguments in the placeholders of its ``CommandTemplate`` and, as JSON, on standard
/// input. If it exits with status 0 in time, its standard output, without surrounding white space, is the answer.
/// Everything else is a failure, and the model gets a short reason. A command that wants to choose the error text
/// prints `{"error": "…"}`, with any exit status. Output longer than `maximumOutput` is a failure too, since truncated
/// JSON is not valid JSON.
///
/// The environment contains `ROUTER_CALL_ID` and `ROUTER_SESSION`, truncated to 1,024 characters, with control
/// characters replaced. It also contains `ROUTER_CALL_KEY`, which combines `session_id` (the session's key if the
/// server sent none), `call_id` and occurrence into one word. This key is the same in every run, whatever the session's
/// key, and can be used as a file name. `LocalCommand` enforces the limits.
package struct CommandExecutor: ManagedExecutor, SecretKeeping {
    /// What the command reads from standard input.
    package enum Input: String, Sendable, Hashable, CaseIterable {
        /// The arguments: one JSON object on one line.
        case arguments
        /// The call: one object on one line with `call_id`, `name`, `arguments`, `session` and `labels`.
        case call
        /// Nothing.
        case none
    }

    /// What the model gets of a failed command's standard error.
    package enum ErrorOutput: String, Sendable, Hashable, CaseIterable {
        /// The end of standard error; only for commands that write nothing there that must be kept from a caller.
        case stderr
        /// Nothing.
        case none
    }

    /// The format of the command's standard output.
    package enum Output: String, Sendable, Hashable, CaseIterable {
        /// Text of any kind.
        case text
        /// One JSON value. If a successful command writes anything else, the call fails.
        case json
    }

    /// The program and its arguments.
    package var template: CommandTemplate
    /// What the command reads from standard input.
    package var input: Input
    /// The part of the command's standard error that the model gets.
    package var errorOutput: ErrorOutput
    /// The format of the command's standard output.
    package var output: Output
    /// The names of the inherited environment variables, in addition to PATH.
    package var inherited: [String] { didSet { secrets = SecretValues(inherited: inherited) } }
    /// The values of these variables. They are hidden everywhere except in the answer of a call.
    package private(set) var secrets: SecretValues
    /// The command's working directory, relative to `baseFolder`.
    package var workingDirectory: String
    /// The folder that relative paths are resolved against, including the program's path.
    package var baseFolder: String
    /// How long the command may run, and how much of its output is kept.
    package var limits: CommandLimits
    /// Limits on the command's use of the machine.
    package var resources: CommandResources

    /// Creates an executor. A missing program is noticed only when it runs.
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

    /// Creates an executor from the words of a command.
    ///
    /// - Throws: ``CommandTemplateError`` for the first invalid word.
    package init(_ words: [String], input: Input = .arguments, limits: CommandLimits = CommandLimits())
        throws(CommandTemplateError)
    {
        self.init(try CommandTemplate(words), input: input, limits: limits)
    }

    /// True: the command gets TERM after its timeout, and the report says how it ended.
    package var endsLateCalls: Bool { true }

    /// A warning about the program, based on checks that do not run it.
    var concern: LocalCommand.Concern? {
        LocalCommand(
            [template.program], workingDirectory: workingDirectory, baseFolder: baseFolder
        ).concern()
    }

    /// The command to run for a call.
    func command(for call: FunctionCall) throws(FunctionCallRefusal) -> LocalCommand {
        guard let arguments = call.argumentObject else { throw .notAnObject }
        var limits = limits
        // Keeps enough extra bytes to recognise a secret that starts before the kept part.
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
    /// The refusal of a call whose arguments cannot be passed to the command; nil if they can.
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

    /// Converts the result of a finished command to a report.
    private func report(on result: LocalCommandResult) -> FunctionCallReport {
        var result = result
        result.standardErrorTail = secrets.lastBytes(limits.maximumStandardError, of: result.standardErrorTail)
        var report = reportWithoutDetails(on: result)
        switch result.ending {
        case .exited(let status): report.exitStatus = status
        case .signalled(let signal): report.signal = signal
        }
        let standardError = Self.trimmed(result.standardErrorTail)
        report.standardError = standardError.isEmpty ? nil : standardError
        report.outputBytes = result.outputBytes
        report.isTruncated = result.isTruncated
        return report
    }

    private func reportWithoutDetails(on result: LocalCommandResult) -> FunctionCallReport {
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

    /// Why the bytes are not one JSON value; nil if they are. The message does not quote them, because a truncated
    /// secret would not be recognised.
    private static func jsonError(in bytes: [UInt8]) -> String? {
        do {
            _ = try JSONValue(parsing: bytes)
            return nil
        } catch {
            return trimmed(bytes).isEmpty ? "it is empty" : "\(error)"
        }
    }

    private func failure(_ result: LocalCommandResult, _ output: String) -> FunctionCallReport {
        let standardError = Self.trimmed(result.standardErrorTail)
        var error =
            switch result.ending {
            case .exited(let status): "the command exited with status \(status)"
            case .signalled(let signal): "the command was ended by signal \(signal)"
            }
        if let last = standardError.split(whereSeparator: \.isNewline).last { error += ": \(last)" }
        if !result.isTruncated, (try? JSONValue(parsing: output))?["error"] != nil {
            return FunctionCallReport(.failed, .output(secrets.hide(in: output)), error: error)
        }
        return errorOutput == .stderr && !standardError.isEmpty
            ? .failed(standardError, error: error) : .failed(.failed, error: error)
    }

    /// The text without surrounding white space; invalid UTF-8 is replaced.
    static func trimmed(_ bytes: [UInt8]) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
