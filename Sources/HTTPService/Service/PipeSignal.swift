import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGPIPE, which belongs to the program: it may have to end when nobody reads its output.
///
/// NIO ignores it for the whole process, once, and counts on that; a client that disconnects would otherwise send it.
package enum PipeSignal {
    /// Keeps what the process does about the signal, whatever NIO sets while `open` opens a socket.
    package static func keepingDisposition<Value>(_ open: () -> Value) -> Value {
        var action = sigaction()
        sigaction(SIGPIPE, nil, &action)
        defer { sigaction(SIGPIPE, &action, nil) }
        return open()
    }

    /// Blocks the signal on the current thread, so that its sockets do not raise it, whatever the process does about it.
    package static func blockOnThisThread() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
