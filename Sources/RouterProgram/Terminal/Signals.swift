import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Handles SIGINT and SIGTERM. The first signal asks for an orderly end, the second cancels what still runs, and the third ends the
/// program immediately. A closed pipe on standard output (`| head`) also asks for an end, without messages.
///
/// `@unchecked` because a dispatch source is not marked `Sendable`. The sources are made and resumed in `init` and only retained
/// afterwards; a mutex guards everything else.
package final class TerminationSignals: @unchecked Sendable {
    /// How soon the program should end.
    package enum Urgency {
        /// Running work may finish.
        case orderly
        /// Running work may finish within one second.
        case quiet
        /// Commands are killed, and other work is cancelled.
        case now

        /// How long shutting down may take, given the time for an orderly end.
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

    /// Handles signals until the program ends.
    ///
    /// - Parameter end: called on a global dispatch queue for the first and the second signal.
    package init(_ end: @escaping @Sendable (Urgency) -> Void) {
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            sources.append(DispatchSource.makeSignalSource(signal: number, queue: .global()))
        }
        self.sources = sources
        // A signal that arrives before its source is registered would be ignored.
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
        ClosedPipe.requestTerminationWhenClosed()
    }

    /// 128 plus the number of the first signal; nil if no signal arrived.
    package var exitCode: CInt? { state.withLock { $0.first }.map { 128 + $0 } }

    private func take(_ number: CInt, _ end: (Urgency) -> Void) {
        let number = number == SIGTERM && ClosedPipe.consumeTermination() ? SIGPIPE : number
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

/// Handling of a pipe whose reader has closed it (`| head`).
enum ClosedPipe {
    /// 0: no closed pipe; 1: a write found a closed pipe; 2: the resulting SIGTERM was consumed.
    private static let state = Atomic<Int>(0)

    /// Lets SIGPIPE end the program without a message, as usual for filters.
    static func restoreDefaultAction() { signal(SIGPIPE, SIG_DFL) }

    /// Sends SIGTERM to this process when it first writes to standard output or standard error as a closed pipe.
    ///
    /// Ending immediately would leave the commands running that the program has started. Other closed pipes only make the write
    /// fail.
    static func requestTerminationWhenClosed() {
        // Initialises the static variable here, because a signal handler may not.
        _ = state.load(ordering: .relaxed)
        signal(SIGPIPE) { _ in
            guard ClosedPipe.isClosed(STDOUT_FILENO) || ClosedPipe.isClosed(STDERR_FILENO) else { return }
            let isFirst = ClosedPipe.state.compareExchange(expected: 0, desired: 1, ordering: .relaxed).exchanged
            if isFirst { kill(getpid(), SIGTERM) }
        }
    }

    /// Whether the pipe's reader has closed it. Safe to call in a signal handler.
    private static func isClosed(_ descriptor: CInt) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) > 0 && CInt(entry.revents) & (CInt(POLLERR) | CInt(POLLHUP)) != 0
    }

    /// Whether a write found a closed pipe.
    static var wasEncountered: Bool { state.load(ordering: .relaxed) != 0 }

    /// Ends the command without a message if a write found a closed pipe.
    ///
    /// - Throws: `ProgramExit` with exit code 128 plus SIGPIPE, as filters return.
    static func throwIfEncountered() throws {
        if wasEncountered { throw ProgramExit(code: 128 + SIGPIPE, message: nil) }
    }

    /// Whether the received SIGTERM is the one that ``requestTerminationWhenClosed()`` sent. Returns true only once.
    static func consumeTermination() -> Bool {
        state.compareExchange(expected: 1, desired: 2, ordering: .relaxed).exchanged
    }
}
