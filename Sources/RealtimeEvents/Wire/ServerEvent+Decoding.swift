public import EventJSON

extension ServerEvent {
    /// Decodes an event's JSON as its type and dialect say.
    ///
    /// - Parameters:
    ///   - code: The type, such as ``EventType/code(ofWireName:)`` gives.
    ///   - dialect: The API that the event came from.
    ///   - json: The whole event; what is not an object is unknown.
    public init(_ code: EventType.Code, dialect: Dialect = .realtime, json: JSONValue) {
        guard case .object(let object) = json else {
            self = .unknown(json)
            return
        }
        self = dialect.serverEvent(code, object) ?? .unknown(json)
    }

    @Sendable static func realtime(_ code: EventType.Code, _ object: JSONObject) -> ServerEvent? {
        switch code {
        case .conversationCreated: .conversationCreated(ConversationCreated(object))
        case .conversationItemAdded: .conversationItemAdded(ConversationItemEvent(object))
        case .conversationItemCreated: .conversationItemCreated(ConversationItemEvent(object))
        case .conversationItemDeleted: .conversationItemDeleted(ConversationItemDeleted(object))
        case .conversationItemDone: .conversationItemDone(ConversationItemEvent(object))
        case .conversationItemInputAudioTranscriptionCompleted:
            .conversationItemInputAudioTranscriptionCompleted(InputTranscriptionCompleted(object))
        case .conversationItemInputAudioTranscriptionDelta:
            .conversationItemInputAudioTranscriptionDelta(InputTranscriptionDelta(object))
        case .conversationItemInputAudioTranscriptionFailed:
            .conversationItemInputAudioTranscriptionFailed(InputTranscriptionFailed(object))
        case .conversationItemInputAudioTranscriptionSegment:
            .conversationItemInputAudioTranscriptionSegment(InputTranscriptionSegment(object))
        case .conversationItemRetrieved: .conversationItemRetrieved(ConversationItemRetrieved(object))
        case .conversationItemTruncated: .conversationItemTruncated(ConversationItemTruncated(object))
        case .error: .error(ErrorEvent(object))
        case .inputAudioBufferCleared: .inputAudioBufferCleared(InputAudioBufferCleared(object))
        case .inputAudioBufferCommitted: .inputAudioBufferCommitted(InputAudioBufferCommitted(object))
        case .inputAudioBufferDTMFEventReceived:
            .inputAudioBufferDTMFEventReceived(InputAudioBufferDTMFEventReceived(object))
        case .inputAudioBufferSpeechStarted: .inputAudioBufferSpeechStarted(InputAudioBufferSpeechStarted(object))
        case .inputAudioBufferSpeechStopped: .inputAudioBufferSpeechStopped(InputAudioBufferSpeechStopped(object))
        case .inputAudioBufferTimeoutTriggered:
            .inputAudioBufferTimeoutTriggered(InputAudioBufferTimeoutTriggered(object))
        case .mcpListToolsCompleted: .mcpListToolsCompleted(MCPListToolsEvent(object))
        case .mcpListToolsFailed: .mcpListToolsFailed(MCPListToolsEvent(object))
        case .mcpListToolsInProgress: .mcpListToolsInProgress(MCPListToolsEvent(object))
        case .outputAudioBufferCleared: .outputAudioBufferCleared(OutputAudioBufferEvent(object))
        case .outputAudioBufferStarted: .outputAudioBufferStarted(OutputAudioBufferEvent(object))
        case .outputAudioBufferStopped: .outputAudioBufferStopped(OutputAudioBufferEvent(object))
        case .rateLimitsUpdated: .rateLimitsUpdated(RateLimitsUpdated(object))
        case .responseContentPartAdded: .responseContentPartAdded(ContentPartEvent(object))
        case .responseContentPartDone: .responseContentPartDone(ContentPartEvent(object))
        case .responseCreated: .responseCreated(ResponseEvent(object))
        case .responseDone: .responseDone(ResponseEvent(object))
        case .responseFunctionCallArgumentsDelta:
            .responseFunctionCallArgumentsDelta(FunctionCallArgumentsDelta(object))
        case .responseFunctionCallArgumentsDone: .responseFunctionCallArgumentsDone(FunctionCallArgumentsDone(object))
        case .responseMCPCallCompleted: .responseMCPCallCompleted(MCPCallEvent(object))
        case .responseMCPCallFailed: .responseMCPCallFailed(MCPCallEvent(object))
        case .responseMCPCallInProgress: .responseMCPCallInProgress(MCPCallEvent(object))
        case .responseMCPCallArgumentsDelta: .responseMCPCallArgumentsDelta(MCPCallArgumentsDelta(object))
        case .responseMCPCallArgumentsDone: .responseMCPCallArgumentsDone(MCPCallArgumentsDone(object))
        case .responseOutputAudioDelta: .responseOutputAudioDelta(OutputDelta(object))
        case .responseOutputAudioDone: .responseOutputAudioDone(OutputAudioDone(object))
        case .responseOutputAudioTranscriptDelta: .responseOutputAudioTranscriptDelta(OutputDelta(object))
        case .responseOutputAudioTranscriptDone: .responseOutputAudioTranscriptDone(OutputAudioTranscriptDone(object))
        case .responseOutputItemAdded: .responseOutputItemAdded(OutputItemEvent(object))
        case .responseOutputItemDone: .responseOutputItemDone(OutputItemEvent(object))
        case .responseOutputTextDelta: .responseOutputTextDelta(OutputDelta(object))
        case .responseOutputTextDone: .responseOutputTextDone(OutputTextDone(object))
        case .sessionCreated: .sessionCreated(SessionEvent(object))
        case .sessionUpdated: .sessionUpdated(SessionEvent(object))
        case .transcriptionSessionCreated: .transcriptionSessionCreated(SessionEvent(object))
        case .transcriptionSessionUpdated: .transcriptionSessionUpdated(SessionEvent(object))
        default: nil
        }
    }

    @Sendable static func translation(_ code: EventType.Code, _ object: JSONObject) -> ServerEvent? {
        switch code {
        case .sessionCreated: .translationSessionCreated(TranslationSessionEvent(object))
        case .sessionUpdated: .translationSessionUpdated(TranslationSessionEvent(object))
        case .error: .translationError(ErrorEvent(object))
        case .sessionClosed: .sessionClosed(TranslationSessionClosed(object))
        case .sessionInputTranscriptDelta: .sessionInputTranscriptDelta(TranslationTranscriptDelta(object))
        case .sessionOutputAudioDelta: .sessionOutputAudioDelta(TranslationAudioDelta(object))
        case .sessionOutputTranscriptDelta: .sessionOutputTranscriptDelta(TranslationTranscriptDelta(object))
        default: nil
        }
    }
}
