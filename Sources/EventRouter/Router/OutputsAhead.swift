import RealtimeEvents
import Synchronization

/// Reads ahead what a recording's client answered, once somebody wants to know it.
struct OutputsAhead {
    private let read: @Sendable () async throws -> RecordedOutputs
    private var result: FirstResult?

    private final class FirstResult: Sendable {
        let value = Mutex<Result<RecordedOutputs, any Error>?>(nil)
    }

    init(_ read: @escaping @Sendable () async throws -> RecordedOutputs) {
        self.read = read
    }

    /// The outputs; nil while they are read. The signal is raised when they are there.
    ///
    /// - Throws: what reading threw.
    mutating func take(waking signal: SessionSignal, in environment: RouterEnvironment) throws -> RecordedOutputs? {
        if let result { return try result.value.withLock { $0 }?.get() }
        let result = FirstResult()
        self.result = result
        environment.task { [read] in
            let outputs: Result<RecordedOutputs, any Error>
            do { outputs = .success(try await read()) } catch { outputs = .failure(error) }
            result.value.withLock { $0 = outputs }
            signal.raise()
        }
        return nil
    }
}
