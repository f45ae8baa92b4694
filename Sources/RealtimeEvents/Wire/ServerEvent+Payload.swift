public import EventJSON

extension ServerEvent {
    /// The payload; nil for an unknown event.
    public var payload: (any EventPayload)? {
        switch self {
        case .conversationCreated(let payload): payload
        case .conversationItemAdded(let payload): payload
        case .conversationItemCreated(let payload): payload
        case .conversationItemDeleted(let payload): payload
        case .conversationItemDone(let payload): payload
        case .conversationItemInputAudioTranscriptionCompleted(let payload): payload
        case .conversationItemInputAudioTranscriptionDelta(let payload): payload
        case .conversationItemInputAudioTranscriptionFailed(let payload): payload
        case .conversationItemInputAudioTranscriptionSegment(let payload): payload
        case .conversationItemRetrieved(let payload): payload
        case .conversationItemTruncated(let payload): payload
        case .error(let payload): payload
        case .inputAudioBufferCleared(let payload): payload
        case .inputAudioBufferCommitted(let payload): payload
        case .inputAudioBufferDTMFEventReceived(let payload): payload
        case .inputAudioBufferSpeechStarted(let payload): payload
        case .inputAudioBufferSpeechStopped(let payload): payload
        case .inputAudioBufferTimeoutTriggered(let payload): payload
        case .mcpListToolsCompleted(let payload): payload
        case .mcpListToolsFailed(let payload): payload
        case .mcpListToolsInProgress(let payload): payload
        case .outputAudioBufferCleared(let payload): payload
        case .outputAudioBufferStarted(let payload): payload
        case .outputAudioBufferStopped(let payload): payload
        case .rateLimitsUpdated(let payload): payload
        case .responseContentPartAdded(let payload): payload
        case .responseContentPartDone(let payload): payload
        case .responseCreated(let payload): payload
        case .responseDone(let payload): payload
        case .responseFunctionCallArgumentsDelta(let payload): payload
        case .responseFunctionCallArgumentsDone(let payload): payload
        case .responseMCPCallCompleted(let payload): payload
        case .responseMCPCallFailed(let payload): payload
        case .responseMCPCallInProgress(let payload): payload
        case .responseMCPCallArgumentsDelta(let payload): payload
        case .responseMCPCallArgumentsDone(let payload): payload
        case .responseOutputAudioDelta(let payload): payload
        case .responseOutputAudioDone(let payload): payload
        case .responseOutputAudioTranscriptDelta(let payload): payload
        case .responseOutputAudioTranscriptDone(let payload): payload
        case .responseOutputItemAdded(let payload): payload
        case .responseOutputItemDone(let payload): payload
        case .responseOutputTextDelta(let payload): payload
        case .responseOutputTextDone(let payload): payload
        case .sessionCreated(let payload): payload
        case .sessionUpdated(let payload): payload
        case .transcriptionSessionCreated(let payload): payload
        case .transcriptionSessionUpdated(let payload): payload
        case .translationSessionCreated(let payload): payload
        case .translationSessionUpdated(let payload): payload
        case .translationError(let payload): payload
        case .sessionClosed(let payload): payload
        case .sessionInputTranscriptDelta(let payload): payload
        case .sessionOutputAudioDelta(let payload): payload
        case .sessionOutputTranscriptDelta(let payload): payload
        case .unknown: nil
        }
    }

    /// The modelled fields as JSON; an unknown event as it came.
    public var json: JSONValue {
        if case .unknown(let json) = self { json } else { payload?.json ?? .null }
    }

    /// The id that the server gave the event.
    public var eventID: String? {
        if case .unknown(let json) = self { json["event_id"]?.string } else { payload?.eventID }
    }
}

extension RealtimeEvent {
    /// The event with its typed payload, decoded anew at each call.
    public var payload: ServerEvent {
        ServerEvent(type.code, dialect: dialect, json: json)
    }
}
