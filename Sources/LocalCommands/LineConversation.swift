import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// What is said between this process and a program that runs on: a line each way at a time.
///
/// One conversation serves one ``LocalCommand/converse(_:)``.
package final class LineConversation: Sendable {
    /// What a program says.
    package enum Message: Sendable, Hashable {
        /// A line on its standard output, without the line end.
        case line([UInt8])
        /// A line there that is longer than `CommandLimits.maximumOutput`; told as soon as it is, and only once.
        case overlongLine
        /// What it wrote to standard error, in pieces of any size.
        case standardError([UInt8])
    }

    let lines: AsyncStream<[UInt8]>
    let ends: AsyncStream<Void>
    private let lineFeed: AsyncStream<[UInt8]>.Continuation
    private let endFeed: AsyncStream<Void>.Continuation
    let receive: @Sendable (Message) -> Void

    /// Begins a conversation.
    ///
    /// - Parameter receive: gets what the program says, in order for each of its two streams. It must not wait.
    package init(receive: @escaping @Sendable (Message) -> Void) {
        self.receive = receive
        (lines, lineFeed) = AsyncStream.makeStream()
        (ends, endFeed) = AsyncStream.makeStream()
    }

    /// Says something to the program; it waits here until the program reads it.
    ///
    /// - Parameter line: the bytes, with the line end.
    package func send(_ line: [UInt8]) { lineFeed.yield(line) }

    /// Ends the conversation: the program's process group gets TERM, and KILL after `killAfter`. Any number of times.
    package func end() { endFeed.finish() }

    /// Nothing can be said any more.
    func close() { lineFeed.finish() }
}

extension LocalCommand {
    /// Runs the command for as long as it lives, and exchanges lines with it.
    ///
    /// It runs as with ``run()``, but without a timeout, and `standardInput` does not count: the conversation's lines are its
    /// input. It ends when the program does, when that closes its standard output or reads no more, when the conversation is
    /// ended, and when the task is cancelled: then its process group gets TERM, and KILL after `killAfter`.
    ///
    /// - Returns: how it ended, with the last of what it wrote to standard error. Standard output went to the conversation.
    /// - Throws: `LocalCommandError` when the command could not be started; `CancellationError`.
    package func converse(_ conversation: LineConversation) async throws -> LocalCommandResult {
        defer { conversation.close() }
        return try await inSurroundings { await supervise($0, conversation) }
    }

    /// Nothing in the body throws, as with `supervise(_:)`.
    private func supervise(
        _ configuration: Configuration, _ conversation: LineConversation
    ) async -> Result<LocalCommandResult, any Error> {
        let limits = limits
        do {
            let pass = try await SpawnGate.shared.enter()
            defer { pass.leave() }
            try Task.checkCancellation()
            let socket = try InputSocket()
            defer { socket.closeReader() }
            let outcome = try await Subprocess.run(
                configuration, input: .fileDescriptor(socket.reader, closeAfterSpawningProcess: false),
                output: .sequence, error: .sequence
            ) { execution in
                socket.closeReader()
                pass.leave()
                return await Self.attend(execution, conversation, socket, limits)
            }
            var result = outcome.closureResult
            result.ending = LocalCommandResult.Ending(outcome.terminationStatus)
            return .success(result)
        } catch {
            return .failure(startError(error, configuration.executable.description))
        }
    }

    private static func attend(
        _ execution: Execution<FileDescriptorInput, SequenceOutput, SequenceOutput>,
        _ conversation: LineConversation, _ socket: InputSocket, _ limits: CommandLimits
    ) async -> LocalCommandResult {
        let exit = ExitFlag()
        let start = ContinuousClock.now
        async let total = listen(to: execution.standardOutput, conversation, limits.maximumOutput, exit)
        async let errors = listen(toErrors: execution.standardError, conversation, limits.maximumStandardError, exit)
        async let speaking: Void = speak(conversation, socket)
        for await _ in conversation.ends {}
        await execution.teardown(using: [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: limits.killAfter)
        ])
        // As in `attend(_:_:)`: what the program leaves behind goes with it.
        try? execution.send(signal: .kill, toProcessGroup: true)
        exit.set()
        conversation.close()
        socket.close()
        await speaking
        let (bytes, said) = await (total, errors)
        return LocalCommandResult(
            ending: .exited(0), standardOutput: [], outputBytes: bytes, standardErrorTail: said.bytes,
            isTimedOut: false, duration: ContinuousClock.now - start)
    }

    /// Gives the program its lines, until it reads no more.
    private static func speak(_ conversation: LineConversation, _ socket: InputSocket) async {
        for await line in conversation.lines {
            guard await socket.write(line) else { break }
        }
        conversation.end()
    }

    /// Reads lines to the end of standard output, which ends the conversation.
    private static func listen(
        to stream: SubprocessOutputSequence, _ conversation: LineConversation, _ limit: Int, _ exit: ExitFlag
    ) async -> Int {
        var lines = LineAssembler(limit: limit)
        var captured = CapturedOutput(.first, limit: 0)
        await captured.read(stream, until: exit) { lines.take($0, conversation.receive) }
        conversation.end()
        return captured.total
    }

    private static func listen(
        toErrors stream: SubprocessOutputSequence, _ conversation: LineConversation, _ limit: Int, _ exit: ExitFlag
    ) async -> CapturedOutput {
        var captured = CapturedOutput(.last, limit: limit)
        await captured.read(stream, until: exit) { conversation.receive(.standardError(Array($0))) }
        return captured
    }
}

/// Puts lines together from pieces of any size, none longer than a limit.
struct LineAssembler {
    private let limit: Int
    private var line: [UInt8] = []
    /// Whether the rest of the line is passed over, because it is too long.
    private var isSkipping = false

    init(limit: Int) { self.limit = limit }

    /// Takes a piece, and gives the lines that end in it.
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ give: (LineConversation.Message) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            add(rest[..<end], give)
            if !isSkipping { give(.line(line)) }
            line = []
            isSkipping = false
            rest = rest[(end + 1)...]
        }
        add(rest, give)
    }

    private mutating func add(_ bytes: Slice<UnsafeRawBufferPointer>, _ give: (LineConversation.Message) -> Void) {
        guard !isSkipping else { return }
        guard line.count + bytes.count <= limit else {
            isSkipping = true
            line = []
            return give(.overlongLine)
        }
        line.append(contentsOf: bytes)
    }
}
