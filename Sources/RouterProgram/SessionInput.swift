import RealtimeRouter

/// A session to show: the file's own, or one of those that its lines name.
struct SessionInput {
    /// The key that a run gives the session.
    let key: String
    let source: any SessionSource
    /// The numbers of the session's lines; nil for all of the file.
    let lineNumbers: [Int]?

    /// The sessions in a file, in the order in which they begin; at least one.
    ///
    /// - Parameters:
    ///   - path: the file, or `-` for standard input, which is read to its end.
    ///   - maxEventBytes: a longer line is no event; nil for the default.
    /// - Throws: `FileFailure` when it cannot be read.
    static func all(in path: String, maxEventBytes: Int? = nil) async throws -> [SessionInput] {
        let session =
            try maxEventBytes.map { try RecordedSession(path: path, maxEventBytes: $0) } ?? RecordedSession(path: path)
        guard let parts = try await session.parts() else {
            return [SessionInput(key: session.key, source: session, lineNumbers: nil)]
        }
        return parts.map { SessionInput(key: $0.key, source: $0, lineNumbers: $0.lineNumbers) }
    }
}
