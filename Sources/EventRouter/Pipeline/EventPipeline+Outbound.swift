import ConfigSource
import EventJSON
import Logging
import RealtimeEvents
import RealtimeSession

// Client events on new connections, and client events that are refused or not sent.
extension EventPipeline {
    /// Begins a new connection of a live session. Waiting events that have no meaning on it are dropped.
    mutating func beginConnection() {
        connection += 1
        awaitsConnection = true
        leading = nil
        scope.isConfigured = false
        scope.hasAnnouncedTools = false
        scope.session.abandonCalls(.connectionRenewed, upTo: scope.sequence)
        let lost = outbound.filter { $0.outgoing.renewal == .isLost }
        outbound.removeAll { $0.outgoing.renewal != .isSent }
        counts.unsent += lost.count
        noteLost(lost.map { LostEntry(entry: $0, reason: .connectionRenewed) })
        guard configuresImmediately else { return }
        configureSession(.realtime)
        beginSending()
    }

    /// Permits sending, after the first event on a new connection.
    mutating func beginSending() {
        awaitsConnection = false
        release = OutboundRelease(connection: connection, leading: leading)
        leading = nil
    }

    /// Whether ``takeRelease()`` would return a release.
    var hasRelease: Bool { release != nil }

    /// Returns the permission to send on a new connection; only once.
    mutating func takeRelease() -> OutboundRelease? {
        defer { release = nil }
        return release
    }

    /// Reports events that the writer dropped and has counted.
    mutating func noteLost(_ lost: [LostEntry]) {
        for lost in lost {
            note(UnsentRequest(lost.entry.event, lost.entry.outgoing.origin, lost.reason), isCounted: true)
        }
    }

    /// Ends the connection of a live session permanently: no call can be answered any more.
    mutating func endConnection() {
        state.endConnection()
        scope.session.abandonCalls(.connectionLost, upTo: .max)
    }

    /// Reports events that the session's state did not send.
    mutating func noteUnsent() {
        for request in state.takeUnsent() { note(request, isCounted: false) }
    }

    /// Reports an event that was not sent.
    mutating func note(_ request: UnsentRequest, isCounted: Bool) {
        if !isCounted { counts.unsent += 1 }
        let failure = ClientEventFailure(
            .unsent, session: scope.session.key, eventID: request.event.eventID, type: request.event.type,
            request.origin, code: request.reason.rawValue, message: request.message)
        report(failure)
        if !request.isKnownToHandler, let callID = request.event.json["item"]?["call_id"]?.string {
            let lane = allLanes.all.first { $0.target.name == request.origin.handler }
            lane?.target.roles.functionCalls?.outputUnsent(
                CallReference(session: scope.session.key, callID: callID), in: scope.session, request.reason)
        }
        guard !request.isOfOutcome else { return }
        state.emitUnsentError(request, into: &derived)
        dispatchDerived()
    }

    /// Reports the client events that the server has refused.
    mutating func noteRefused(_ position: EventPosition) {
        for request in state.takeRefused() {
            let failure = ClientEventFailure(
                .refused, session: scope.session.key, position: position, eventID: request.eventID, type: request.type,
                request.origin, code: request.code, message: request.message.map { table.redaction.redacted($0) },
                parameter: request.parameter, isBenign: request.errorClass == .benign,
                diagnostic: diagnostic(of: request))
            counts.refusals.add(failure)
            report(failure)
        }
    }

    /// The diagnostic for a refused session configuration, at its location in the file; nil for other events.
    private func diagnostic(of request: RefusedRequest) -> Diagnostic? {
        guard request.origin.sender == .session else { return nil }
        return configuration?.refusal(
            message: request.message.map { table.redaction.redacted($0) }, code: request.code,
            parameter: request.parameter)
    }

    private func report(_ failure: ClientEventFailure) {
        guard !options.isDryRun else { return }
        context.log?.record(failure)
        context.logger.log(
            level: failure.isBenign ? .info : .warning, failure.logMessage, metadata: failure.metadata)
    }
}
