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
