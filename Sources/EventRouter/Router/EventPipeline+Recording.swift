import EventJSON
import RealtimeSession

extension EventPipeline {
    /// Takes the labels and the start of a recording's header line. What the caller of the run said of them counts more.
    ///
    /// - Returns: Whether the line is a header. What a live server sends never is one.
    mutating func takeHeader(_ line: RawSpan) -> Bool {
        guard !scope.session.isInteractive, let header = RecordingHeader(line) else { return false }
        time.recordingStarted(header.started)
        let names = Set(givenLabels.map(\.name))
        setLabels(header.labels.filter { !names.contains($0.name) } + givenLabels)
        return true
    }

    /// Replaces the session's labels for everything that follows: matches, derived events, records.
    private mutating func setLabels(_ labels: [SessionLabel]) {
        guard labels != self.labels else { return }
        self.labels = labels
        state.setLabels(SessionLabel.values(of: labels))
        scope.session = makeSession(key: scope.session.key, id: scope.session.sessionID)
        decideLabels()
    }

    /// A session of this source, with the labels that hold now.
    func makeSession(key: String, id: String? = nil) -> RouterSession {
        let session = RouterSession(
            key: key, labels: labels, isInteractive: scope.session.isInteractive, redaction: table.redaction,
            receive: inbox.put)
        session.sessionID = id
        return session
    }
}
