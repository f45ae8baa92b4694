import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGINT and SIGTERM: the first one asks for an orderly end, a second one ends the program at once.
///
/// Unchecked, because a dispatch source is not marked `Sendable`: the sources are made and resumed in `init` and only kept
/// alive afterwards; everything else is behind a mutex.
final class Signals: @unchecked Sendable {
    private let received = Mutex<CInt?>(nil)
    private let sources: [any DispatchSourceSignal]

    /// Watches until the program ends.
    init(_ onFirst: @escaping @Sendable () -> Void) {
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            sources.append(DispatchSource.makeSignalSource(signal: number, queue: .global()))
        }
        self.sources = sources
        for (number, source) in zip([SIGINT, SIGTERM], sources) {
            source.setEventHandler { [self] in take(number, onFirst) }
            source.resume()
        }
    }

    /// The exit code for the signal that came, if one did: 128 and its number.
    var exitCode: CInt? { received.withLock { $0 }.map { 128 + $0 } }

    private func take(_ number: CInt, _ onFirst: () -> Void) {
        let isFirst = received.withLock { received -> Bool in
            defer { received = received ?? number }
            return received == nil
        }
        if isFirst { onFirst() } else { _exit(128 + number) }
    }
}
