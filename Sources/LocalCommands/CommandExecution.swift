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
    /// Returns for every way in which a program can end; a status other than 0, a signal or a timeout is not an error.
    /// Takes no longer than `timeout` and `killAfter` together, apart from what the system needs. Any number of
    /// commands can run at once, each with three descriptors of this process while it does.
    ///
    /// When the task is cancelled the process group gets TERM, after `killAfter` KILL, and the call throws
    /// `CancellationError` once the program has ended.
    /// - Throws: `LocalCommandError` when the command could not be started; `CancellationError`.
    package func run() async throws -> LocalCommandResult {
        try await inSurroundings { await supervise($0) }
    }

    /// Finds the program, makes what it runs in, and clears that away afterwards.
    func inSurroundings(
        _ body: (Configuration) async -> Result<LocalCommandResult, any Error>
    ) async throws -> LocalCommandResult {
        try Task.checkCancellation()
        var variables = try environment.values()
        let program = try locateProgram(searchPath: variables["PATH"])
        let wrappers = try locateWrappers(searchPath: variables["PATH"])
        let folder = try locateWorkingDirectory()
        let home = variables["HOME"] == nil ? try EmptyHome() : nil
        if let home { variables["HOME"] = home.path }
        let words = words(running: program, wrappers, folder: folder, home: home?.path)
        let outcome = await body(configuration(words, folder, variables))
        await home?.remove()
        try Task.checkCancellation()
        return try outcome.get()
    }

    /// What is executed: the path of a program, and its arguments. Around the program itself stand those that set its limits and
    /// keep it apart, each of which runs the next one in its own place or below itself.
    private func words(running program: String, _ wrappers: Wrappers, folder: String?, home: String?) -> [String] {
        // As a path: it was found already, and would be looked for by other rules.
        var words = [program] + arguments.dropFirst()
        if let sandbox = resources.sandbox, let path = wrappers.sandbox {
            words = [path] + sandbox.options(program, folder: folder, home: home) + ["--"] + words
        }
        if let path = wrappers.limiter { words = [path] + resources.options + ["--"] + words }
        return words
    }

    private func configuration(_ words: [String], _ folder: String?, _ variables: [String: String]) -> Configuration {
        var options = PlatformOptions()
        // A session of its own, which is a process group of its own too: signals reach all that the command starts,
        // and nothing of it can read from or type into the terminal that this process may have.
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: limits.killAfter)
        ]
        return Configuration(
            executable: .path(FilePath(words[0])),
            arguments: Arguments(executablePathOverride: name(of: words), remainingValues: Array(words.dropFirst())),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) })),
            workingDirectory: folder.map { FilePath($0) },
            platformOptions: options)
    }

    /// What the first word calls itself: a program that runs by itself is named as the command names it.
    private func name(of words: [String]) -> String {
        resources.options.isEmpty && resources.sandbox == nil ? arguments[0] : words[0]
    }

    /// Starts the program and stays with it to its end.
    ///
    /// Nothing in the body throws: swift-subprocess would then tear down a process that it has already reaped, by a
    /// number that may be another's by now.
    private func supervise(_ configuration: Configuration) async -> Result<LocalCommandResult, any Error> {
        do {
            let pass = try await SpawnGate.shared.enter()
            defer { pass.leave() }
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
            // The program runs: it has its input, and the next one may start.
            input.close()
            pass.leave()
            return await Self.attend(execution, stream(execution), limits)
        }
        var result = outcome.closureResult
        result.ending = LocalCommandResult.Ending(outcome.terminationStatus)
        return result
    }

    /// Reads what the program says until it has exited, with TERM and KILL in due time, and ends its group.
    private static func attend<Output>(
        _ execution: Execution<FileDescriptorInput, Output, SequenceOutput>, _ output: SubprocessOutputSequence?,
        _ limits: CommandLimits
    ) async -> LocalCommandResult {
        let exit = ExitFlag()
        async let output = capture(output, .first, limits.maximumOutput, exit)
        async let error = capture(execution.standardError, .last, limits.maximumStandardError, exit)
        let start = ContinuousClock.now
        // Returns as soon as the program has exited, which its closing of both pipes does not tell. Signal 0 does
        // nothing: the first step only lets the timeout pass. The last one is KILL, to the group like the one before.
        await execution.teardown(using: [
            .send(signal: Signal(rawValue: 0), toProcessGroup: true, allowedDurationToNextStep: limits.timeout),
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: limits.killAfter),
        ])
        let duration = ContinuousClock.now - start
        // What the program leaves behind goes with it. It has exited but is reaped only after this body, so the number
        // of the group is still its own. That there is nobody left to kill is no failure.
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
    /// What went wrong when a program that is there and executable could not be started.
    ///
    /// Errors that are not the library's are clear already.
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
