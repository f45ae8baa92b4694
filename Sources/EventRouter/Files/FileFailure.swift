import ConfigSource

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file or stream that can't be used, with the reason.
public struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What can't be done, to which path, and why.
    public let description: String

    init(_ action: String, _ path: String, _ code: CInt) {
        description = "\(action) \(path.printable): \(String(cString: strerror(code)))"
    }

    init(_ description: String) {
        self.description = description
    }
}
