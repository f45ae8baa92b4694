import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGINT and SIGTERM: the first one asks for an orderly end, a second one cancels what still runs, a third one ends the
/// program at once. A standard output that nobody reads any more (`| head`) asks for an end too, and a quiet one.
///
/// Unchecked, because a dispatch source is not marked `Sendable`: the sources are made and resumed in `init` and only kept
/// alive afterwards; everything else is behind a mutex.
package final class Signals: @unchecked Sendable {
    /// How soon the program should end.
    package enum Urgency {
        /// What was begun may finish.
        case orderly
        /// Only what is quick may.
        case quiet
        /// Commands are to be ended, and the rest is given up.
        case now

        /// How long the end may take, where an orderly one may take some time.
        func deadline(_ orderly: Duration) -> Duration {
            switch self {
            case .orderly: orderly
            case .quiet: min(.seconds(1), orderly)
            case .now: .zero
            }
        }
    }

    private struct State {
        var first: CInt?
        var count = 0
    }

    private let state = Mutex(State())
    private let sources: [any DispatchSourceSignal]

    /// Watches until the program ends.
    package init(_ end: @escaping @Sendable (Urgency) -> Void) {
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            sources.append(DispatchSource.makeSignalSource(signal: number, queue: .global()))
        }
        self.sources = sources
        // A signal that comes before a source is registered is ignored.
        let registration = DispatchGroup()
        for source in sources {
            registration.enter()
            source.setRegistrationHandler { registration.leave() }
        }
        for (number, source) in zip([SIGINT, SIGTERM], sources) {
            source.setEventHandler { [self] in take(number, end) }
            source.resume()
        }
        registration.wait()
        ClosedPipe.asksForTermination()
    }

    /// The exit code for the signal that came, if one did: 128 and its number.
    package var exitCode: CInt? { state.withLock { $0.first }.map { 128 + $0 } }

    private func take(_ number: CInt, _ end: (Urgency) -> Void) {
        let number = number == SIGTERM && ClosedPipe.takeTermination() ? SIGPIPE : number
        let count = state.withLock { state in
            state.first = state.first ?? number
            state.count += 1
            return state.count
        }
        switch count {
        case 1: end(number == SIGPIPE ? .quiet : .orderly)
        case 2: end(.now)
        default: _exit(128 + number)
        }
    }
}

/// A reader that has gone away (`| head`).
enum ClosedPipe {
    /// 0: nothing happened; 1: a write met a closed pipe; 2: the SIGTERM for it was taken.
    private static let state = Atomic<Int>(0)

    /// Ends the program without a word, as it does any filter.
    static func endsQuietly() { signal(SIGPIPE, SIG_DFL) }

    /// Makes the first write to standard output or standard error, as a closed pipe, a SIGTERM to this process: for a program that runs
    /// commands, which would live on after a sudden end. Another pipe that is closed is a file that cannot be written.
    static func asksForTermination() {
        // Made before the signal handler needs it: making it there is not allowed.
        _ = state.load(ordering: .relaxed)
        signal(SIGPIPE) { _ in
            guard ClosedPipe.isClosed(STDOUT_FILENO) || ClosedPipe.isClosed(STDERR_FILENO) else { return }
            let isFirst = ClosedPipe.state.compareExchange(expected: 0, desired: 1, ordering: .relaxed).exchanged
            if isFirst { kill(getpid(), SIGTERM) }
        }
    }

    /// Whether nobody reads a pipe any more; allowed in a signal handler.
    private static func isClosed(_ descriptor: CInt) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) > 0 && CInt(entry.revents) & (CInt(POLLERR) | CInt(POLLHUP)) != 0
    }

    /// Whether a write met a closed pipe.
    static var isMet: Bool { state.load(ordering: .relaxed) != 0 }

    /// Ends a command when a write met a closed pipe: whoever closed it wants to hear no more, and the exit code is that of
    /// any filter.
    ///
    /// - Throws: `ProgramEnding`.
    static func throwIfMet() throws {
        if isMet { throw ProgramEnding(code: 128 + SIGPIPE, message: nil) }
    }

    /// Whether the SIGTERM that came is the one that ``asksForTermination()`` sent; once.
    static func takeTermination() -> Bool {
        state.compareExchange(expected: 1, desired: 2, ordering: .relaxed).exchanged
    }
}
