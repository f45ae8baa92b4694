/// Standard input as a source: events, or envelopes that may name several sessions.
public struct PipeSource: SessionSource {
    /// `-`, as on the command line.
    public var name: String { "-" }
    /// Whether the sessions are going on, and what is sent reaches them.
    public let isLive: Bool

    private let key: String?

    /// Makes a source; nothing is read before it runs.
    ///
    /// - Parameters:
    ///   - isLive: whether the sessions are going on: their events come as they happen, and what is sent reaches them.
    ///   - key: the key of the session of all lines that name none; `stdin` by default.
    public init(isLive: Bool = false, key: String? = nil) {
        self.isLive = isLive
        self.key = key
    }

    /// Reads standard input to its end, or until all its sessions have failed.
    ///
    /// - Throws: `FileFailure` when it is not open.
    public func run(_ context: SourceContext) async throws {
        let session = try RecordedSession(
            path: "-", key: key, isInteractive: isLive, maxEventBytes: context.maxEventBytes)
        // As a part, which does not wait for its next line when all its sessions have failed.
        await context.host.run(
            session, called: nil, in: context, labels: [], idleLimit: nil, limits: SessionLimits(), recordings: nil,
            isAddressed: false, logsErrors: false
        ) {
            $0
        }
    }
}
