import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
