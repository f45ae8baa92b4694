import Subprocess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
#if canImport(System)
    import System
#else
    import SystemPackage
#endif

extension LocalCommand {
    /// Runs the command and waits for its end.
    ///
    /// Returns normally however the program ends: a non-zero status, a signal and a timeout are not errors. Takes at
    /// most `timeout` plus `killAfter`, apart from the system's own overhead. Any number of commands can run at the
    /// same time; each uses three of this process's descriptors while it runs.
    ///
    /// When the task is cancelled, the process group gets TERM, and KILL after `killAfter`; the call throws
    /// `CancellationError` once the program has ended.
    ///
    /// - Throws: `LocalCommandError` if the command could not be started; `CancellationError`.
    package func run() async throws -> LocalCommandResult {
        try await withConfiguration { await supervise($0) }
    }

    /// Finds the program, prepares the folders that it needs, and removes them afterwards.
    func withConfiguration(
        _ body: (Configuration) async -> Result<LocalCommandResult, any Error>
    ) async throws -> LocalCommandResult {
        try Task.checkCancellation()
        var variables = try environment.values()
        let program = try locateProgram(searchPath: variables["PATH"])
        let wrappers = try locateWrappers(searchPath: variables["PATH"])
        let folder = try locateWorkingDirectory()
        let home = variables["HOME"] == nil ? try EmptyHome() : nil
        if let home { variables["HOME"] = home.path }
        let commandLine = commandLine(running: program, wrappers, folder: folder, home: home?.path)
        let outcome = await body(configuration(commandLine, folder, variables))
        await home?.remove()
        try Task.checkCancellation()
        return try outcome.get()
    }

    /// The path and arguments to execute. The programs that set the limits and the sandbox come first: each of them
    /// executes the rest of the command line.
    private func commandLine(running program: String, _ wrappers: Wrappers, folder: String?, home: String?) -> [String]
    {
        // The path that was found, not the name: `exec` would search for the name by other rules.
        var commandLine = [program] + arguments.dropFirst()
        if let sandbox = resources.sandbox, let path = wrappers.sandbox {
            commandLine = [path] + sandbox.options(program, folder: folder, home: home) + ["--"] + commandLine
        }
        if let path = wrappers.limiter { commandLine = [path] + resources.options + ["--"] + commandLine }
        return commandLine
    }

    private func configuration(_ commandLine: [String], _ folder: String?, _ variables: [String: String])
        -> Configuration
    {
        var options = PlatformOptions()
        // A new session, and so a new process group: signals reach everything the command starts, and the command can
        // neither read from nor type into this process's terminal.
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: limits.killAfter)
        ]
        return Configuration(
            executable: .path(FilePath(commandLine[0])),
            arguments: Arguments(
                executablePathOverride: name(of: commandLine), remainingValues: Array(commandLine.dropFirst())),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) })),
            workingDirectory: folder.map { FilePath($0) },
            platformOptions: options)
    }

    /// The program's `argv[0]`: the configured name if it runs without limits and sandbox, else the path of the first
    /// wrapper.
    private func name(of commandLine: [String]) -> String {
        resources.options.isEmpty && resources.sandbox == nil ? arguments[0] : commandLine[0]
    }

    /// Starts the program and waits for its end.
    ///
    /// Nothing in the body of `Subprocess.run` may throw. If it did, swift-subprocess would signal a process that it
    /// has already reaped, and the process id may meanwhile belong to another process.
    private func supervise(_ configuration: Configuration) async -> Result<LocalCommandResult, any Error> {
        do {
            let pass = try await SpawnGate.shared.acquire()
            defer { pass.release() }
            try Task.checkCancellation()
            let input = try StandardInputFile(standardInput)
            defer { input.close() }
            let result =
                keepsOutput
                ? try await start(configuration, input, pass, output: .sequence) { $0.standardOutput }
                : try await start(configuration, input, pass, output: .discarded) { _ in nil }
            return .success(result)
        } catch {
            return .failure(startError(error, configuration.executable.description))
        }
    }

    private func start<Output: OutputProtocol>(
        _ configuration: Configuration, _ input: StandardInputFile, _ pass: SpawnGate.Pass, output: Output,
        stream: (Execution<FileDescriptorInput, Output, SequenceOutput>) -> SubprocessOutputSequence?
    ) async throws -> LocalCommandResult {
        let outcome = try await Subprocess.run(
            configuration, input: .fileDescriptor(input.descriptor, closeAfterSpawningProcess: false), output: output,
            error: .sequence
        ) { execution in
            // The program is running and has its input, so the next command may start.
            input.close()
            pass.release()
            return await Self.waitForExit(execution, stream(execution), limits)
        }
        var result = outcome.closureResult
        result.ending = LocalCommandResult.Ending(outcome.terminationStatus)
        return result
    }

    /// Reads the program's output until it exits, sends TERM and KILL after the timeout, and ends its process group.
    private static func waitForExit<Output>(
        _ execution: Execution<FileDescriptorInput, Output, SequenceOutput>, _ output: SubprocessOutputSequence?,
        _ limits: CommandLimits
    ) async -> LocalCommandResult {
        let exit = ExitFlag()
        async let output = capture(output, .first, limits.maximumOutput, exit)
        async let error = capture(execution.standardError, .last, limits.maximumStandardError, exit)
        let start = ContinuousClock.now
        // Returns as soon as the program has exited. Closed pipes would not prove that. Signal 0 does nothing: the
        // first step only waits for the timeout. The last step is KILL, also to the process group.
        await execution.teardown(using: [
            .send(signal: Signal(rawValue: 0), toProcessGroup: true, allowedDurationToNextStep: limits.timeout),
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: limits.killAfter),
        ])
        let duration = ContinuousClock.now - start
        // Kills what the program left running. It has exited, but swift-subprocess reaps it only after this body, so
        // the process group id is still its own. The signal fails if no process is left; that is fine.
        try? execution.send(signal: .kill, toProcessGroup: true)
        exit.set()
        let (outputs, errors) = await (output, error)
        return LocalCommandResult(
            ending: .exited(0), standardOutput: outputs.bytes, outputBytes: outputs.total,
            standardErrorTail: errors.bytes, isTimedOut: duration >= limits.timeout, duration: duration)
    }

    private static func capture(
        _ stream: SubprocessOutputSequence?, _ part: CapturedOutput.Part, _ limit: Int, _ exit: ExitFlag
    ) async -> CapturedOutput {
        var captured = CapturedOutput(part, limit: limit)
        if let stream { await captured.read(stream, until: exit) }
        return captured
    }
}

extension LocalCommandResult.Ending {
    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let status): self = .exited(Int(status))
        case .signaled(let signal): self = .signalled(Int(signal))
        }
    }
}

extension LocalCommand {
    /// A readable error for an existing executable that could not be started.
    ///
    /// Returns an error unchanged if it is not from swift-subprocess.
    func startError(_ error: any Error, _ program: String) -> any Error {
        guard let error = error as? SubprocessError else { return error }
        switch error.underlyingError {
        case Errno.execFormatError?:
            return LocalCommandError(
                .programNotExecutable,
                "\(program): neither a program for this system nor a script that begins with a line such as #!/bin/sh")
        case Errno.argListTooLong?:
            return LocalCommandError(
                .argument, "\(program): the arguments are too long for the system; standard input has no such limit")
        default: break
        }
        switch error.code {
        case .executableNotFound:
            return LocalCommandError(
                .programNotExecutable, "\(program): cannot be run; the interpreter that its first line names is missing"
            )
        case .failedToChangeWorkingDirectory:
            return LocalCommandError(
                .workingDirectory, "working directory \(workingDirectory ?? "."): cannot be entered")
        default:
            let reason = error.underlyingError.map { "\($0)" } ?? "\(error)"
            return LocalCommandError(.system, "\(program): cannot be started: \(reason)")
        }
    }
}
