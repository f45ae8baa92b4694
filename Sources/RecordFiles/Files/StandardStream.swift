/// The paths that stand for the process's own streams.
enum StandardStream {
    /// Standard output.
    static let output = "-"
    /// Standard error.
    static let error = "/dev/stderr"

    /// What people call the file at a path.
    static func name(of path: String) -> String {
        switch path {
        case output: "standard output"
        case error: "standard error"
        default: path
        }
    }
}
