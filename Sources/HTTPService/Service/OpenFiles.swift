#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The descriptors that this process may open.
enum OpenFiles {
    /// How many there may be at a time; `Int.max` where the system does not say.
    static var limit: Int {
        var limits = rlimit()
        #if canImport(Glibc)
            let code = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        #else
            let code = getrlimit(RLIMIT_NOFILE, &limits)
        #endif
        return code == 0 ? Int(clamping: limits.rlim_cur) : .max
    }

    /// Keeps a descriptor from the programs that this process starts.
    static func closeOnExec(_ descriptor: CInt) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
}
