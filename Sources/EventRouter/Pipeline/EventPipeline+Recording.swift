import EventJSON
import RealtimeEvents
import RealtimeSession
import RecordFiles

extension EventPipeline {
    /// Applies the labels and the start time in a recording's header line. Labels and start time from the caller of the
    /// run take precedence.
    ///
    /// - Returns: Whether the line is a header. A live session has no header lines.
    mutating func takeHeader(_ line: RawSpan) -> Bool {
        guard !scope.session.isInteractive, let header = RecordingHeader(line) else { return false }
        time.recordingStarted(header.started)
        isReplay = header.isOfRouter && !options.rerunsCalls
        firesDueTimeouts = header.isLive
        if counts.events == 0 { describe(sessionID: header.sessionID, labels: []) }
        let names = Set(givenLabels.map(\.name))
        setLabels(header.labels.filter { !names.contains($0.name) } + givenLabels)
        return true
    }

    /// Applies what the source states about the session.
    mutating func take(_ notice: SessionNotice) {
        if let secret = notice.secret { table.redaction.learn(secret.value, as: secret.name) }
        if notice.sessionID != nil || !notice.labels.isEmpty {
            describe(sessionID: notice.sessionID, labels: notice.labels)
        }
        if !notice.lateLabels.isEmpty {
            let names = Set(labels.map(\.name))
            setLabels(labels + notice.lateLabels.filter { !names.contains($0.name) })
        }
        if let session = notice.configuration { configure(session) }
    }

    /// Applies an id and labels that are stated before the first event.
    private mutating func describe(sessionID: String?, labels: [SessionLabel]) {
        guard counts.events == 0 else { return }
        let names = Set(givenLabels.map(\.name))
        if !labels.isEmpty { setLabels(labels.filter { !names.contains($0.name) } + givenLabels) }
        if let sessionID {
            state.setSessionID(sessionID)
            scope.identify(sessionID)
        }
    }

    /// Applies a control line.
    ///
    /// - Returns: Whether the line is a control line.
    mutating func takeControl(_ line: RawSpan) -> Bool {
        guard let control = RecordingControl(line) else { return false }
        if let change = control.change {
            take(change, at: control.at)
            return true
        }
        if let limit = control.limit {
            // A live session has its own limits.
            if !scope.session.isInteractive { take(limit, at: control.at) }
            return true
        }
        recordedEnd = control.reason ?? recordedEnd
        // Fire the timeouts of the silence before the end.
        if firesDueTimeouts {
            if let at = control.at { fireTimeouts(upTo: at) }
        } else if let at = control.at, at >= state.nextAlarm {
            state.advanceTime(to: at, into: &derived)
            dispatchDerived()
        }
        return true
    }

    /// Whether a line of a recording was overwritten by a deletion: see `RecordLines`.
    func isForgotten(_ line: RawSpan) -> Bool {
        let mark = RecordLines.forgotten
        guard line.byteCount > mark.count else { return false }
        return line.withUnsafeBytes { $0.starts(with: mark) }
    }

    /// Applies and records a change of a live session's connection.
    ///
    /// - Parameter moment: The clock's time at which it happened.
    mutating func note(_ change: ConnectionChange, cameAt moment: Duration) {
        defer { submitDeliveries() }
        let at = timeOfEvents(at: moment)
        recording?.note(change, at: at)
        if change.kind == .renewed { beginConnection() }
        take(change, at: at)
    }

    /// Applies a change of the connection, and routes the derived events.
    private mutating func take(_ change: ConnectionChange, at: Double?) {
        switch change.kind {
        case .lost: state.loseConnection(at: at, reason: change.reason, into: &derived)
        case .restored: state.restoreConnection(at: at, attempt: change.attempt, into: &derived)
        case .renewed: state.renewConnection(at: at, attempt: change.attempt, into: &derived)
        }
        dispatchDerived()
    }

    /// Records an event that arrived; writes the header line first.
    mutating func record(
        in recording: SessionRecording, _ code: EventType.Code, _ text: RawSpan, _ line: EventBatch.Line, _ at: Double?,
        sender: EnvelopeFields.Sender, _ origin: EventOrigin? = nil
    ) {
        if !recording.hasBegun {
            let session = scope.session
            recording.begin(
                RecordingHeader(
                    session: session.key, started: time.started ?? startByClock, labels: session.labels,
                    sessionID: session.sessionID, isLive: firesDueTimeouts))
        }
        let event = makeEvent(code, text, EventPosition(line: line.number), at)
        recording.recordReceived(event, sender: sender, origin, moment: live?.arrival.moment)
    }

    /// Writes the last line of the recording, if there is one.
    ///
    /// - Parameter at: The value of ``timeOfEvents`` when the source ended.
    func endRecording(at: Double?, _ reason: SessionEndReason) {
        recording?.end(at: at, reason)
    }

    /// The current event time; nil if it does not advance by the clock.
    var timeOfEvents: Double? { timeOfEvents(at: clock.now) }

    /// The event time at a clock time; nil if it does not advance by the clock.
    private func timeOfEvents(at moment: Duration) -> Double? { live.map { ($0.at(moment) * 1e6).rounded() / 1e6 } }

    /// The start of event time, in seconds since 1970; nil if it does not advance by the clock.
    private var startByClock: Double? {
        guard let live else { return nil }
        return ((clock.wallTime - live.at(clock.now)) * 1000).rounded() / 1000
    }

    /// Replaces the session's labels for all following matches, derived events and records.
    private mutating func setLabels(_ labels: [SessionLabel]) {
        guard labels != self.labels else { return }
        self.labels = labels
        state.setLabels(SessionLabel.values(of: labels))
        let session = scope.session
        scope.session = makeSession(key: session.key, id: session.sessionID, token: session.token)
        decideLabels()
    }

    /// Creates a session of this source, with the current labels.
    func makeSession(key: String, id: String? = nil, token: SessionToken = SessionToken()) -> RouterSession {
        let session = RouterSession(
            key: key, labels: labels, isInteractive: scope.session.isInteractive, redaction: table.redaction,
            token: token, receive: inbox.put)
        session.sessionID = id
        return session
    }
}
