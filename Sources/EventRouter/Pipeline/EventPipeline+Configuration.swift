import EventJSON
import Logging
import RealtimeEvents
import RealtimeSession

extension EventPipeline {
    /// Configures the session and announces functions to the model, once per connection, as soon as the session is
    /// created.
    mutating func configureSession(_ text: RawSpan, _ position: EventPosition) {
        guard !scope.isConfigured, maySendClientEvents, !ownsFunctions,
            configuration != nil || !table.announcedTools.isEmpty
        else { return }
        let created = makeEvent(.sessionCreated, text, position, nil)
        configureSession((try? created.decode(SessionEvent.self))?.session?.type)
    }

    /// Configures the session and announces functions to the model, once per connection.
    ///
    /// Whether a `session.update` must contain the session's type depends on the generation of the API, so the update
    /// repeats the type from the configuration or the server. Sessions without a conversation have no functions.
    mutating func configureSession(_ serverType: SessionType?) {
        guard !scope.isConfigured, !options.isDryRun else { return }
        scope.isConfigured = true
        let type = configuration?.type ?? serverType
        let isTranslation = state.dialect == .translation || type == .translation
        let knowsTools = state.dialect == .realtime && (type == nil || type == .realtime)
        scope.hasAnnouncedTools = knowsTools && !table.announcedTools.isEmpty
        scope.announcedType = isTranslation ? nil : type
        let tools = knowsTools ? table.announcedTools : []
        let session = (configuration ?? SessionSettings([:])).update(type: scope.announcedType, announcing: tools)
        if let session { sendUpdate(session, EventOrigin(configuration == nil ? .tools : .session)) }
    }

    /// Announces changed functions to the model, if functions were announced before.
    mutating func announceChangedTools(since old: RuleTable) {
        guard scope.hasAnnouncedTools, old.announcedTools != table.announcedTools else { return }
        var session = JSONObject()
        session["type"] = scope.announcedType.map { .string($0.rawValue) }
        session["tools"] = .array((configuration?.tools ?? []) + table.announcedTools.map(\.json))
        sendUpdate(.object(session), EventOrigin(.tools))
        takeOutbound()
    }

    /// Sends an update on behalf of the session's source.
    mutating func configure(_ session: JSONObject) {
        guard !options.isDryRun else { return }
        defer { submitDeliveries() }
        sendUpdate(.object(session), EventOrigin(session["tools"] == nil ? .session : .tools))
        takeOutbound()
    }

    /// Sends an update. On a new connection it precedes all waiting events.
    private mutating func sendUpdate(_ session: JSONValue, _ origin: EventOrigin) {
        let number = scope.updates
        scope.updates += 1
        let id = "rr\(state.sessionCount == 1 ? "" : String(state.sessionCount))_\(origin.sender.rawValue)"
        let update = ClientEvent.other([
            "type": "session.update", "event_id": .string(number == 0 ? id : "\(id)_\(number)"), "session": session,
        ])
        guard awaitsConnection else { return state.send(update, origin: origin) }
        let event = OutgoingEvent(update, origin)
        state.note(leading: event)
        leading = OutboundEntry(outgoing: event, connection: connection)
    }

    /// Whether a ready call is a call of a function that a handler runs.
    mutating func isOwnCall(_ text: RawSpan) -> Bool {
        guard let name = (try? JSONValue(parsing: text))?["name"]?.string else { return false }
        return formerFunctions.contains(name) || table.tools.contains { $0.name == name }
    }

    /// Counts a call that is left to the client, if there is a handler of function calls.
    mutating func noteUnroutedCall(_ text: RawSpan) {
        guard !isReplay, maySendClientEvents, !table.answersUnroutedCalls,
            table.handlers.contains(where: { $0.takesFunctionCalls })
        else {
            return
        }
        let name = (try? JSONValue(parsing: text))?["name"]?.string ?? ""
        counts.unroutedCalls[table.redaction.redacted(name), default: 0] += 1
    }
}

extension FunctionCallOutcome {
    /// The outcome of a call that no handler took.
    static func unrouted(_ call: CallReference) -> FunctionCallOutcome {
        FunctionCallOutcome(
            of: call, state: .rejected, output: RouterSession.failedOutput(call.callID),
            error: "no route gives the call to a handler that answers it")
    }
}

/// The warning that a live session transcribes no input, although routes wait for the user's utterances.
package enum MissingTranscription {
    /// The message of the warning. The metadata contains `session` and `routes`, the routes' names separated by commas.
    package static let message: Logger.Message = "the session transcribes nothing of what its user says"
}

extension EventPipeline {
    /// Checks the first configuration of a live session that the server confirms, and warns if input transcription is
    /// off.
    mutating func noteTranscription(_ text: RawSpan) {
        guard !scope.hasCheckedTranscription, scope.session.isInteractive, !options.isDryRun else { return }
        scope.hasCheckedTranscription = true
        let routes = table.routesOnUserWords
        guard !routes.isEmpty, let session = (try? JSONValue(parsing: text))?["session"] else { return }
        guard !SessionSettings.hasTranscription(session) else { return }
        context.logger.warning(
            MissingTranscription.message,
            metadata: ["session": "\(scope.session.key)", "routes": "\(routes.joined(separator: ", "))"])
    }
}
