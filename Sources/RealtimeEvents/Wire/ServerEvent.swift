public import EventJSON

/// A server event with its typed payload.
///
/// A beta name has the case of its GA name. `session.created`, `session.updated` and `error` have one case for each
/// ``Dialect``. An event without a case, such as a derived event, keeps its whole JSON.
public indirect enum ServerEvent: Sendable, Hashable {
    /// `conversation.created`
    case conversationCreated(ConversationCreated)
    /// `conversation.item.added`
    case conversationItemAdded(ConversationItemEvent)
    /// `conversation.item.created`
    case conversationItemCreated(ConversationItemEvent)
    /// `conversation.item.deleted`
    case conversationItemDeleted(ConversationItemDeleted)
    /// `conversation.item.done`
    case conversationItemDone(ConversationItemEvent)
    /// `conversation.item.input_audio_transcription.completed`
    case conversationItemInputAudioTranscriptionCompleted(InputTranscriptionCompleted)
    /// `conversation.item.input_audio_transcription.delta`
    case conversationItemInputAudioTranscriptionDelta(InputTranscriptionDelta)
    /// `conversation.item.input_audio_transcription.failed`
    case conversationItemInputAudioTranscriptionFailed(InputTranscriptionFailed)
    /// `conversation.item.input_audio_transcription.segment`
    case conversationItemInputAudioTranscriptionSegment(InputTranscriptionSegment)
    /// `conversation.item.retrieved`
    case conversationItemRetrieved(ConversationItemRetrieved)
    /// `conversation.item.truncated`
    case conversationItemTruncated(ConversationItemTruncated)
    /// `error`
    case error(ErrorEvent)
    /// `input_audio_buffer.cleared`
    case inputAudioBufferCleared(InputAudioBufferCleared)
    /// `input_audio_buffer.committed`
    case inputAudioBufferCommitted(InputAudioBufferCommitted)
    /// `input_audio_buffer.dtmf_event_received`
    case inputAudioBufferDTMFEventReceived(InputAudioBufferDTMFEventReceived)
    /// `input_audio_buffer.speech_started`
    case inputAudioBufferSpeechStarted(InputAudioBufferSpeechStarted)
    /// `input_audio_buffer.speech_stopped`
    case inputAudioBufferSpeechStopped(InputAudioBufferSpeechStopped)
    /// `input_audio_buffer.timeout_triggered`
    case inputAudioBufferTimeoutTriggered(InputAudioBufferTimeoutTriggered)
    /// `mcp_list_tools.completed`
    case mcpListToolsCompleted(MCPListToolsEvent)
    /// `mcp_list_tools.failed`
    case mcpListToolsFailed(MCPListToolsEvent)
    /// `mcp_list_tools.in_progress`
    case mcpListToolsInProgress(MCPListToolsEvent)
    /// `output_audio_buffer.cleared`
    case outputAudioBufferCleared(OutputAudioBufferEvent)
    /// `output_audio_buffer.started`
    case outputAudioBufferStarted(OutputAudioBufferEvent)
    /// `output_audio_buffer.stopped`
    case outputAudioBufferStopped(OutputAudioBufferEvent)
    /// `rate_limits.updated`
    case rateLimitsUpdated(RateLimitsUpdated)
    /// `response.content_part.added`
    case responseContentPartAdded(ContentPartEvent)
    /// `response.content_part.done`
    case responseContentPartDone(ContentPartEvent)
    /// `response.created`
    case responseCreated(ResponseEvent)
    /// `response.done`
    case responseDone(ResponseEvent)
    /// `response.function_call_arguments.delta`
    case responseFunctionCallArgumentsDelta(FunctionCallArgumentsDelta)
    /// `response.function_call_arguments.done`
    case responseFunctionCallArgumentsDone(FunctionCallArgumentsDone)
    /// `response.mcp_call.completed`
    case responseMCPCallCompleted(MCPCallEvent)
    /// `response.mcp_call.failed`
    case responseMCPCallFailed(MCPCallEvent)
    /// `response.mcp_call.in_progress`
    case responseMCPCallInProgress(MCPCallEvent)
    /// `response.mcp_call_arguments.delta`
    case responseMCPCallArgumentsDelta(MCPCallArgumentsDelta)
    /// `response.mcp_call_arguments.done`
    case responseMCPCallArgumentsDone(MCPCallArgumentsDone)
    /// `response.output_audio.delta`
    case responseOutputAudioDelta(OutputDelta)
    /// `response.output_audio.done`
    case responseOutputAudioDone(OutputAudioDone)
    /// `response.output_audio_transcript.delta`
    case responseOutputAudioTranscriptDelta(OutputDelta)
    /// `response.output_audio_transcript.done`
    case responseOutputAudioTranscriptDone(OutputAudioTranscriptDone)
    /// `response.output_item.added`
    case responseOutputItemAdded(OutputItemEvent)
    /// `response.output_item.done`
    case responseOutputItemDone(OutputItemEvent)
    /// `response.output_text.delta`
    case responseOutputTextDelta(OutputDelta)
    /// `response.output_text.done`
    case responseOutputTextDone(OutputTextDone)
    /// `session.created`
    case sessionCreated(SessionEvent)
    /// `session.updated`
    case sessionUpdated(SessionEvent)
    /// `transcription_session.created`
    case transcriptionSessionCreated(SessionEvent)
    /// `transcription_session.updated`
    case transcriptionSessionUpdated(SessionEvent)

    /// `session.created`, translation
    case translationSessionCreated(TranslationSessionEvent)
    /// `session.updated`, translation
    case translationSessionUpdated(TranslationSessionEvent)
    /// `error`, translation
    case translationError(ErrorEvent)
    /// `session.closed`, translation
    case sessionClosed(TranslationSessionClosed)
    /// `session.input_transcript.delta`, translation
    case sessionInputTranscriptDelta(TranslationTranscriptDelta)
    /// `session.output_audio.delta`, translation
    case sessionOutputAudioDelta(TranslationAudioDelta)
    /// `session.output_transcript.delta`, translation
    case sessionOutputTranscriptDelta(TranslationTranscriptDelta)

    /// An event without a type, or with a type that the dialect does not have.
    case unknown(JSONValue)
}

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

    /// The known fields as JSON; an unknown event unchanged.
    public var json: JSONValue {
        if case .unknown(let json) = self { json } else { payload?.json ?? .null }
    }

    /// The id that the server gave the event.
    public var eventID: String? {
        if case .unknown(let json) = self { json["event_id"]?.string } else { payload?.eventID }
    }
}
