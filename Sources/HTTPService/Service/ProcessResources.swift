package import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The descriptors that this process may open.
package enum OpenFiles {
    /// How many there may be at a time; `Int.max` where the system does not say.
    package static var limit: Int {
        var limits = rlimit()
        #if canImport(Glibc)
            let code = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        #else
            let code = getrlimit(RLIMIT_NOFILE, &limits)
        #endif
        return code == 0 ? Int(clamping: limits.rlim_cur) : .max
    }

    /// Keeps a connection's socket from the programs that this process starts: NIO does not mark its sockets as close-on-exec.
    package static func keepFromChildren(_ channel: any Channel) throws {
        try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { descriptor in
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }
}

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
