public import EventRouter
public import RealtimeEvents
import Synchronization

/// A source whose lines a test supplies.
///
/// ```swift
/// let source = ScriptedSource(["{\"type\":\"session.created\"}"])
/// let live = ScriptedSource(isInteractive: true)
/// live.send("{\"type\":\"response.created\"}")
/// live.end()
/// ```
public final class ScriptedSource: EventSource {
    /// The session's key.
    public let key: String
    /// The source's name.
    public let name: String
    /// Whether the source reacts to client events, as a live connection does and a recording does not.
    public let isInteractive: Bool

    private struct State {
        var lines: [[UInt8]] = []
        var number = 0
        var isEnded = false
        var failure: (any Error)?
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let outputs: RecordedOutputs

    /// Creates a source that stays open until ``end(throwing:)``.
    public init(key: String = "test", name: String = "script", isInteractive: Bool = true) {
        self.key = key
        self.name = name
        self.isInteractive = isInteractive
        outputs = [:]
    }

    /// Creates a source that ends after the given lines, like a recording.
    ///
    /// - Parameters:
    ///   - lines: the lines, without line ends.
    ///   - key: the session's key.
    ///   - name: the source's name.
    ///   - recordedOutputs: the function call outputs of the recording's client.
    public init(
        _ lines: [String], key: String = "test", name: String = "script", recordedOutputs: RecordedOutputs = [:]
    ) {
        self.key = key
        self.name = name
        isInteractive = false
        outputs = recordedOutputs
        state.withLock {
            $0.lines = lines.map { Array($0.utf8) }
            $0.isEnded = true
        }
    }

    /// Adds a line.
    public func send(_ line: String) {
        wake { $0.lines.append(Array(line.utf8)) }
    }

    /// Ends the source.
    ///
    /// - Parameter failure: the error that ``nextBatch()`` throws at the end; nil for a normal end.
    public func end(throwing failure: (any Error)? = nil) {
        wake {
            $0.isEnded = true
            $0.failure = failure
        }
    }

    /// The outputs that were passed to the initializer.
    public func recordedOutputs() async throws -> RecordedOutputs { outputs }

    /// Returns the lines that were added since the last call. Waits if there are none; returns nil at the end of the source or
    /// if the task is cancelled.
    ///
    /// - Throws: the error that was passed to ``end(throwing:)``.
    public func nextBatch() async throws -> EventBatch? {
        while !Task.isCancelled {
            if let batch = try take() { return batch.lines.isEmpty ? nil : batch }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state -> Bool in
                        if !state.lines.isEmpty || state.isEnded { return true }
                        state.reader = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                wake { $0.isEnded = true }
            }
        }
        return nil
    }

    /// Removes and returns the lines that are waiting. Returns an empty batch at the end, and nil if no line is
    /// waiting.
    private func take() throws -> EventBatch? {
        try state.withLock { state in
            if state.lines.isEmpty {
                guard state.isEnded else { return nil }
                if let failure = state.failure { throw failure }
                return EventBatch(bytes: [], lines: [])
            }
            var batch = EventBatch(bytes: [], lines: [])
            for line in state.lines {
                state.number += 1
                let start = batch.bytes.count
                batch.bytes.append(contentsOf: line)
                batch.lines.append(EventBatch.Line(range: start..<batch.bytes.count, number: state.number))
            }
            state.lines = []
            return batch
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
