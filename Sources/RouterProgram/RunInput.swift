import RealtimeRouter

/// What a run reads: one session, or sources that may open any number of sessions.
enum RunInput {
    /// One file, pipe or standard input; its path is the source's name.
    case session(RecordedSession)
    case sources(SourceGroup)

    /// Runs it.
    func run(
        on router: Router, labels: [SessionLabel], started: Double?, outbound: any OutboundSink,
        record: @escaping @Sendable (_ key: String) throws -> RecordingFile?
    ) async throws -> RunReport {
        switch self {
        case .session(let session):
            try await router.run(session, labels: labels, started: started, outbound: outbound, record: record)
        case .sources(let group): try await router.run(group, labels: labels, outbound: outbound, record: record)
        }
    }

    /// Whether some session is live.
    var isLive: Bool {
        switch self {
        case .session(let session): session.isInteractive
        case .sources(let group): group.isLive
        }
    }

    /// How long its sessions may go on when the program is to end, where the file does not say it.
    var shutdownTimeout: Duration? {
        switch self {
        case .session: nil
        case .sources(let group): group.shutdownTimeout
        }
    }

    /// Whether it may be several sessions.
    var isSeveral: Bool { if case .sources = self { true } else { false } }
}
