import EventJSON
import RealtimeEvents
import RealtimeSession

extension EventPipeline {
    /// Tells the model which functions it can call: once a connection, as soon as its session is created.
    ///
    /// What a `session.update` must say of the session's kind differs between the generations of the API, so it says what the
    /// server said. Sessions without a conversation know no functions.
    mutating func announceTools(_ text: RawSpan, _ position: EventPosition) {
        guard !table.announcedTools.isEmpty, !scope.hasAnnouncedTools, !options.isDryRun,
            state.dialect == .realtime
        else { return }
        scope.hasAnnouncedTools = true
        let created = makeEvent(.sessionCreated, text, position, nil)
        let type = (try? created.decode(SessionEvent.self))?.session?.type
        guard type == nil || type == .realtime else { return }
        var session = Session()
        session.type = type
        session.tools = table.announcedTools
        scope.announcedType = type
        sendUpdate(session)
    }

    /// Sends an update that announces tools: on a new connection before all that waits.
    mutating func sendUpdate(_ session: Session) {
        let number = scope.announcements
        scope.announcements += 1
        let update = ClientEvent.update(session, eventID: number == 0 ? toolsEventID : "\(toolsEventID)_\(number)")
        let origin = EventOrigin(.tools)
        guard awaitsConnection else { return state.send(update, origin: origin) }
        let event = OutgoingEvent(update, origin)
        state.note(leading: event)
        leading = OutboundEntry(outgoing: event, connection: connection)
    }

    /// Counts a call that is left to the client, where a handler answers others.
    mutating func noteUnroutedCall(_ text: RawSpan) {
        guard !isReplay, !table.answersUnroutedCalls, table.handlers.contains(where: { $0.takesFunctionCalls }) else {
            return
        }
        let name = (try? JSONValue(parsing: text))?["name"]?.string ?? ""
        counts.unroutedCalls[table.redaction.redacted(name), default: 0] += 1
    }

    /// The id of the client event that announces the session's tools.
    var toolsEventID: String { "rr\(state.sessionCount == 1 ? "" : String(state.sessionCount))_tools" }
}

extension FunctionCallOutcome {
    /// The outcome of a call that no handler took.
    static func unrouted(_ call: CallReference) -> FunctionCallOutcome {
        FunctionCallOutcome(
            of: call, state: .rejected, output: RouterSession.failedOutput(call.callID),
            error: "no route gives the call to a handler that answers it")
    }
}
