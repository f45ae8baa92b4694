import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Starts commands one at a time, and only while this process has descriptors to spare.
///
/// swift-subprocess 1.0.2 does not survive a lack of descriptors: if it gets the first pipe and not the second, it
/// stops with a fatal error (Configuration.swift:1115), and it never notices the exit of a child for which it got no
/// process descriptor. Checking before the start helps only if no other command starts between the check and the start.
/// This costs no concurrency, because swift-subprocess starts children one at a time anyway.
final class SpawnGate: Sendable {
    static let shared = SpawnGate()

    /// A start needs about 10 descriptors the first time; the rest is a reserve for what other threads open meanwhile.
    static let spareDescriptors = 24

    private struct State {
        var isHeld = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// The right to start a command. It is returned by `release()` or when the object is deallocated.
    final class Pass: Sendable {
        private let gate: Mutex<SpawnGate?>

        init(_ gate: SpawnGate) { self.gate = Mutex(gate) }

        deinit { release() }

        /// Lets the next command start. Can be called repeatedly.
        func release() {
            gate.withLock { gate in
                gate?.resumeNext()
                gate = nil
            }
        }
    }

    /// Waits until no other command is starting.
    func acquire() async throws(LocalCommandError) -> Pass {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.isHeld else {
                    state.isHeld = true
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

    private func resumeNext() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.isHeld = false
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
            // The others are duplicates of the first descriptor: duplicating needs no path lookup.
            let descriptor =
                descriptors.first.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            descriptors.append(descriptor)
        }
        return true
    }
}
