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
