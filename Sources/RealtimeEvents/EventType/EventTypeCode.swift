extension EventType {
    /// A small number for each known type, for hot paths and `switch`.
    ///
    /// Types that mean different things in two dialects share one code; ``RealtimeEvent/dialect`` distinguishes them.
    public enum Code: UInt8, Sendable, Hashable, CaseIterable {
        /// A type that this version does not know, or no type.
        case unknown = 0

        // Conversations: GA types, and beta types under their GA names.
        /// `conversation.created`
        case conversationCreated
        /// `conversation.item.added`
        case conversationItemAdded
        /// `conversation.item.created`
        case conversationItemCreated
        /// `conversation.item.deleted`
        case conversationItemDeleted
        /// `conversation.item.done`
        case conversationItemDone
        /// `conversation.item.input_audio_transcription.completed`
        case conversationItemInputAudioTranscriptionCompleted
        /// `conversation.item.input_audio_transcription.delta`
        case conversationItemInputAudioTranscriptionDelta
        /// `conversation.item.input_audio_transcription.failed`
        case conversationItemInputAudioTranscriptionFailed
        /// `conversation.item.input_audio_transcription.segment`
        case conversationItemInputAudioTranscriptionSegment
        /// `conversation.item.retrieved`
        case conversationItemRetrieved
        /// `conversation.item.truncated`
        case conversationItemTruncated
        /// `error`
        case error
        /// `input_audio_buffer.cleared`
        case inputAudioBufferCleared
        /// `input_audio_buffer.committed`
        case inputAudioBufferCommitted
        /// `input_audio_buffer.dtmf_event_received`
        case inputAudioBufferDTMFEventReceived
        /// `input_audio_buffer.speech_started`
        case inputAudioBufferSpeechStarted
        /// `input_audio_buffer.speech_stopped`
        case inputAudioBufferSpeechStopped
        /// `input_audio_buffer.timeout_triggered`
        case inputAudioBufferTimeoutTriggered
        /// `mcp_list_tools.completed`
        case mcpListToolsCompleted
        /// `mcp_list_tools.failed`
        case mcpListToolsFailed
        /// `mcp_list_tools.in_progress`
        case mcpListToolsInProgress
        /// `output_audio_buffer.cleared`
        case outputAudioBufferCleared
        /// `output_audio_buffer.started`
        case outputAudioBufferStarted
        /// `output_audio_buffer.stopped`
        case outputAudioBufferStopped
        /// `rate_limits.updated`
        case rateLimitsUpdated
        /// `response.content_part.added`
        case responseContentPartAdded
        /// `response.content_part.done`
        case responseContentPartDone
        /// `response.created`
        case responseCreated
        /// `response.done`
        case responseDone
        /// `response.function_call_arguments.delta`
        case responseFunctionCallArgumentsDelta
        /// `response.function_call_arguments.done`
        case responseFunctionCallArgumentsDone
        /// `response.mcp_call.completed`
        case responseMCPCallCompleted
        /// `response.mcp_call.failed`
        case responseMCPCallFailed
        /// `response.mcp_call.in_progress`
        case responseMCPCallInProgress
        /// `response.mcp_call_arguments.delta`
        case responseMCPCallArgumentsDelta
        /// `response.mcp_call_arguments.done`
        case responseMCPCallArgumentsDone
        /// `response.output_audio.delta`
        case responseOutputAudioDelta
        /// `response.output_audio.done`
        case responseOutputAudioDone
        /// `response.output_audio_transcript.delta`
        case responseOutputAudioTranscriptDelta
        /// `response.output_audio_transcript.done`
        case responseOutputAudioTranscriptDone
        /// `response.output_item.added`
        case responseOutputItemAdded
        /// `response.output_item.done`
        case responseOutputItemDone
        /// `response.output_text.delta`
        case responseOutputTextDelta
        /// `response.output_text.done`
        case responseOutputTextDone
        /// `session.created`
        case sessionCreated
        /// `session.updated`
        case sessionUpdated
        /// `transcription_session.created`
        case transcriptionSessionCreated
        /// `transcription_session.updated`
        case transcriptionSessionUpdated

        // Only in the translation dialect.
        /// `session.closed`
        case sessionClosed
        /// `session.input_transcript.delta`
        case sessionInputTranscriptDelta
        /// `session.output_audio.delta`
        case sessionOutputAudioDelta
        /// `session.output_transcript.delta`
        case sessionOutputTranscriptDelta

        // Derived by the router.
        /// `router.session.started`
        case routerSessionStarted
        /// `router.session.ended`
        case routerSessionEnded
        /// `router.utterance.updated`
        case routerUtteranceUpdated
        /// `router.utterance.heard`
        case routerUtteranceHeard
        /// `router.utterance.done`
        case routerUtteranceDone
        /// `router.utterance.revised`
        case routerUtteranceRevised
        /// `router.function_call.ready`
        case routerFunctionCallReady
        /// `router.function_call.done`
        case routerFunctionCallDone
        /// `router.response.done`
        case routerResponseDone
        /// `router.response.interrupted`
        case routerResponseInterrupted
        /// `router.turn.done`
        case routerTurnDone
        /// `router.error.raised`
        case routerErrorRaised
        /// `router.turn.stalled`
        case routerTurnStalled
        /// `router.user.idle`
        case routerUserIdle
        /// `router.session.expiring`
        case routerSessionExpiring
        /// `router.session.limit`
        case routerSessionLimit
        /// `router.connection.lost`
        case routerConnectionLost
        /// `router.connection.restored`
        case routerConnectionRestored
    }
}
