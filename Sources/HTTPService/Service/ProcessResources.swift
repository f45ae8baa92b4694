package import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file descriptors of this process.
package enum OpenFiles {
    /// The greatest number of open descriptors; `Int.max` if the system does not report it.
    package static var limit: Int {
        var limits = rlimit()
        #if canImport(Glibc)
            let code = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        #else
            let code = getrlimit(RLIMIT_NOFILE, &limits)
        #endif
        return code == 0 ? Int(clamping: limits.rlim_cur) : .max
    }

    /// Closes a connection's socket in child processes: NIO does not mark its sockets as close-on-exec.
    package static func keepFromChildren(_ channel: any Channel) throws {
        try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { descriptor in
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }
}

/// Handling of SIGPIPE. Its disposition belongs to the program, which may have to end when the reader of its output
/// ends.
///
/// NIO sets the signal to ignored once for the whole process, and depends on that: otherwise, a client that disconnects
/// would cause the signal.
package enum PipeSignal {
    /// Restores the process's disposition of the signal after `open` has opened a socket, because NIO changes it.
    package static func keepingDisposition<Value>(_ open: () -> Value) -> Value {
        var action = sigaction()
        sigaction(SIGPIPE, nil, &action)
        defer { sigaction(SIGPIPE, &action, nil) }
        return open()
    }

    /// Blocks the signal on the current thread, so that its sockets do not raise it, whatever the process's disposition
    /// is.
    package static func blockOnThisThread() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
