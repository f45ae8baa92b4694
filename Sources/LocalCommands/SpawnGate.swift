import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Lets commands start one after the other, and only while this process has descriptors to spare.
///
/// swift-subprocess 1.0.2 does not outlive a lack of descriptors: a second pipe that cannot be had after the first is
/// a fatal error (Configuration.swift:1115), and a child that gets no process descriptor is never seen to exit. Looking
/// first is of use only if nobody else starts a command between the look and the start. It costs no concurrency: the
/// library starts children one at a time anyway.
final class SpawnGate: Sendable {
    static let shared = SpawnGate()

    /// More than a start needs (about 10 the first time) by what other threads may open meanwhile.
    static let spareDescriptors = 24

    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// The right to start a command; given back by `leave()`, or by being forgotten.
    final class Pass: Sendable {
        private let gate: Mutex<SpawnGate?>

        init(_ gate: SpawnGate) { self.gate = Mutex(gate) }

        deinit { leave() }

        /// Lets the next one start. Any number of times.
        func leave() {
            gate.withLock { gate in
                gate?.callNext()
                gate = nil
            }
        }
    }

    /// Waits for its turn.
    func enter() async throws(LocalCommandError) -> Pass {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        let pass = Pass(self)
        guard Self.hasSpareDescriptors() else {
            throw LocalCommandError(
                .system, "too few file descriptors are left to start a command (ulimit -n sets how many there are)")
        }
        return pass
    }

    private func callNext() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }

    private static func hasSpareDescriptors() -> Bool {
        var descriptors: [CInt] = []
        descriptors.reserveCapacity(spareDescriptors)
        defer { for descriptor in descriptors { close(descriptor) } }
        while descriptors.count < spareDescriptors {
            // The others are copies of the first, which needs no path to be looked up.
            let descriptor =
                descriptors.first.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            descriptors.append(descriptor)
        }
        return true
    }
}
