import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// An exchange of lines with a program that keeps running: one line per message, in both directions.
///
/// One conversation serves one ``LocalCommand/converse(_:)``.
package final class LineConversation: Sendable {
    /// A message from the program.
    package enum Message: Sendable, Hashable {
        /// A line of its standard output, without the line end.
        case line([UInt8])
        /// A line of its standard output that exceeds `CommandLimits.maximumOutput`; reported once, as soon as the
        /// limit is exceeded.
        case overlongLine
        /// A piece of its standard error, of any size.
        case standardError([UInt8])
    }

    let lines: AsyncStream<[UInt8]>
    let endRequests: AsyncStream<Void>
    private let lineContinuation: AsyncStream<[UInt8]>.Continuation
    private let endContinuation: AsyncStream<Void>.Continuation
    let receive: @Sendable (Message) -> Void

    /// Creates a conversation.
    ///
    /// - Parameter receive: called with the program's messages, in order for each of its two streams. It must not
    ///   block.
    package init(receive: @escaping @Sendable (Message) -> Void) {
        self.receive = receive
        (lines, lineContinuation) = AsyncStream.makeStream()
        (endRequests, endContinuation) = AsyncStream.makeStream()
    }

    /// Sends a line to the program. The line is queued here until the program reads it.
    ///
    /// - Parameter line: the bytes, with the line end.
    package func send(_ line: [UInt8]) { lineContinuation.yield(line) }

    /// Ends the conversation: the program's process group gets TERM, and KILL after `killAfter`. Can be called
    /// repeatedly.
    package func end() { endContinuation.finish() }

    /// Stops accepting lines for the program.
    func close() { lineContinuation.finish() }
}

extension LocalCommand {
    /// Runs the command until it ends, and exchanges lines with it.
    ///
    /// Runs like ``run()``, but without a timeout, and with the conversation's lines as standard input; `standardInput`
    /// is ignored. The conversation ends when the program exits, closes its standard output or stops reading, when
    /// ``LineConversation/end()`` is called, or when the task is cancelled. The process group then gets TERM, and KILL
    /// after `killAfter`.
    ///
    /// - Returns: the exit status and the end of standard error. The conversation has received standard output.
    /// - Throws: `LocalCommandError` if the command could not be started; `CancellationError`.
    package func converse(_ conversation: LineConversation) async throws -> LocalCommandResult {
        defer { conversation.close() }
        return try await withConfiguration { await supervise($0, conversation) }
    }

    /// Nothing in the body may throw, for the reason given at `supervise(_:)`.
    private func supervise(
        _ configuration: Configuration, _ conversation: LineConversation
    ) async -> Result<LocalCommandResult, any Error> {
        let limits = limits
        do {
            let pass = try await SpawnGate.shared.acquire()
            defer { pass.release() }
            try Task.checkCancellation()
            let socket = try InputSocket()
            defer { socket.closeReader() }
            let outcome = try await Subprocess.run(
                configuration, input: .fileDescriptor(socket.reader, closeAfterSpawningProcess: false),
                output: .sequence, error: .sequence
            ) { execution in
                socket.closeReader()
                pass.release()
                return await Self.waitForExit(execution, conversation, socket, limits)
            }
            var result = outcome.closureResult
            result.ending = LocalCommandResult.Ending(outcome.terminationStatus)
            return .success(result)
        } catch {
            return .failure(startError(error, configuration.executable.description))
        }
    }

    private static func waitForExit(
        _ execution: Execution<FileDescriptorInput, SequenceOutput, SequenceOutput>,
        _ conversation: LineConversation, _ socket: InputSocket, _ limits: CommandLimits
    ) async -> LocalCommandResult {
        let exit = ExitFlag()
        let start = ContinuousClock.now
        async let total = readLines(from: execution.standardOutput, conversation, limits.maximumOutput, exit)
        async let errors = readErrors(from: execution.standardError, conversation, limits.maximumStandardError, exit)
        async let writing: Void = writeLines(conversation, socket)
        for await _ in conversation.endRequests {}
        await execution.teardown(using: [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: limits.killAfter)
        ])
        // As in `waitForExit(_:_:_:)`: kills what the program left running.
        try? execution.send(signal: .kill, toProcessGroup: true)
        exit.set()
        conversation.close()
        socket.close()
        await writing
        let (bytes, errorOutput) = await (total, errors)
        return LocalCommandResult(
            ending: .exited(0), standardOutput: [], outputBytes: bytes, standardErrorTail: errorOutput.bytes,
            isTimedOut: false, duration: ContinuousClock.now - start)
    }

    /// Writes the queued lines until the program stops reading.
    private static func writeLines(_ conversation: LineConversation, _ socket: InputSocket) async {
        for await line in conversation.lines {
            guard await socket.write(line) else { break }
        }
        conversation.end()
    }

    /// Reads lines to the end of standard output, then ends the conversation.
    private static func readLines(
        from stream: SubprocessOutputSequence, _ conversation: LineConversation, _ limit: Int, _ exit: ExitFlag
    ) async -> Int {
        var lines = LineAssembler(limit: limit)
        var captured = CapturedOutput(.first, limit: 0)
        await captured.read(stream, until: exit) { lines.append($0, conversation.receive) }
        conversation.end()
        return captured.total
    }

    private static func readErrors(
        from stream: SubprocessOutputSequence, _ conversation: LineConversation, _ limit: Int, _ exit: ExitFlag
    ) async -> CapturedOutput {
        var captured = CapturedOutput(.last, limit: limit)
        await captured.read(stream, until: exit) { conversation.receive(.standardError(Array($0))) }
        return captured
    }
}

/// Assembles lines from pieces of any size. Reports a line that exceeds the limit instead of keeping it.
struct LineAssembler {
    private let limit: Int
    private var line: [UInt8] = []
    /// Whether the rest of the current line is skipped because the line is too long.
    private var isSkipping = false

    init(limit: Int) { self.limit = limit }

    /// Adds a piece, and emits the lines that end in it.
    mutating func append(_ bytes: UnsafeRawBufferPointer, _ emit: (LineConversation.Message) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            add(rest[..<end], emit)
            if !isSkipping { emit(.line(line)) }
            line = []
            isSkipping = false
            rest = rest[(end + 1)...]
        }
        add(rest, emit)
    }

    private mutating func add(_ bytes: Slice<UnsafeRawBufferPointer>, _ emit: (LineConversation.Message) -> Void) {
        guard !isSkipping else { return }
        guard line.count + bytes.count <= limit else {
            isSkipping = true
            line = []
            return emit(.overlongLine)
        }
        line.append(contentsOf: bytes)
    }
}
