extension EventType {
    /// `conversation.created`: a conversation began. In the schemas of GA and beta, but not seen on the wire.
    public static var conversationCreated: EventType { EventType(.conversationCreated) }
    /// `conversation.item.added`: an item was added to the conversation, perhaps still in progress (GA).
    public static var conversationItemAdded: EventType { EventType(.conversationItemAdded) }
    /// `conversation.item.created`: an item was added to the conversation (beta; GA sends `added` and `done`).
    public static var conversationItemCreated: EventType { EventType(.conversationItemCreated) }
    /// `conversation.item.deleted`: the client deleted an item.
    public static var conversationItemDeleted: EventType { EventType(.conversationItemDeleted) }
    /// `conversation.item.done`: an item is final (GA).
    public static var conversationItemDone: EventType { EventType(.conversationItemDone) }
    /// `conversation.item.input_audio_transcription.completed`: the transcript of the user's audio.
    public static var conversationItemInputAudioTranscriptionCompleted: EventType {
        EventType(.conversationItemInputAudioTranscriptionCompleted)
    }
    /// `conversation.item.input_audio_transcription.delta`: a piece of that transcript.
    public static var conversationItemInputAudioTranscriptionDelta: EventType {
        EventType(.conversationItemInputAudioTranscriptionDelta)
    }
    /// `conversation.item.input_audio_transcription.failed`: the user's audio could not be transcribed.
    public static var conversationItemInputAudioTranscriptionFailed: EventType {
        EventType(.conversationItemInputAudioTranscriptionFailed)
    }
    /// `conversation.item.input_audio_transcription.segment`: a piece of that transcript with its speaker and times
    /// (GA).
    public static var conversationItemInputAudioTranscriptionSegment: EventType {
        EventType(.conversationItemInputAudioTranscriptionSegment)
    }
    /// `conversation.item.retrieved`: an item that the client asked for, audio included.
    public static var conversationItemRetrieved: EventType { EventType(.conversationItemRetrieved) }
    /// `conversation.item.truncated`: the assistant's audio was truncated to the part that was heard.
    public static var conversationItemTruncated: EventType { EventType(.conversationItemTruncated) }
    /// `error`: a request failed; most errors leave the session open.
    public static var error: EventType { EventType(.error) }
    /// `input_audio_buffer.cleared`: the client's audio was discarded.
    public static var inputAudioBufferCleared: EventType { EventType(.inputAudioBufferCleared) }
    /// `input_audio_buffer.committed`: the client's audio became an item.
    public static var inputAudioBufferCommitted: EventType { EventType(.inputAudioBufferCommitted) }
    /// `input_audio_buffer.dtmf_event_received`: a telephone key was pressed (GA, SIP).
    public static var inputAudioBufferDTMFEventReceived: EventType { EventType(.inputAudioBufferDTMFEventReceived) }
    /// `input_audio_buffer.speech_started`: the user began to speak.
    public static var inputAudioBufferSpeechStarted: EventType { EventType(.inputAudioBufferSpeechStarted) }
    /// `input_audio_buffer.speech_stopped`: the user stopped speaking.
    public static var inputAudioBufferSpeechStopped: EventType { EventType(.inputAudioBufferSpeechStopped) }
    /// `input_audio_buffer.timeout_triggered`: the user stayed silent for too long (GA).
    public static var inputAudioBufferTimeoutTriggered: EventType { EventType(.inputAudioBufferTimeoutTriggered) }
    /// `mcp_list_tools.completed`: an MCP server's tools are listed (GA).
    public static var mcpListToolsCompleted: EventType { EventType(.mcpListToolsCompleted) }
    /// `mcp_list_tools.failed`: an MCP server's tools could not be listed (GA).
    public static var mcpListToolsFailed: EventType { EventType(.mcpListToolsFailed) }
    /// `mcp_list_tools.in_progress`: an MCP server's tools are being listed (GA).
    public static var mcpListToolsInProgress: EventType { EventType(.mcpListToolsInProgress) }
    /// `output_audio_buffer.cleared`: the server dropped audio that was not played (WebRTC, SIP).
    public static var outputAudioBufferCleared: EventType { EventType(.outputAudioBufferCleared) }
    /// `output_audio_buffer.started`: the server began to play audio (WebRTC, SIP).
    public static var outputAudioBufferStarted: EventType { EventType(.outputAudioBufferStarted) }
    /// `output_audio_buffer.stopped`: the server has played all audio (WebRTC, SIP).
    public static var outputAudioBufferStopped: EventType { EventType(.outputAudioBufferStopped) }
    /// `rate_limits.updated`: the remaining rate limits.
    public static var rateLimitsUpdated: EventType { EventType(.rateLimitsUpdated) }
    /// `response.content_part.added`: a content part began.
    public static var responseContentPartAdded: EventType { EventType(.responseContentPartAdded) }
    /// `response.content_part.done`: a content part is complete.
    public static var responseContentPartDone: EventType { EventType(.responseContentPartDone) }
    /// `response.created`: a response began.
    public static var responseCreated: EventType { EventType(.responseCreated) }
    /// `response.done`: a response ended, whatever its status.
    public static var responseDone: EventType { EventType(.responseDone) }
    /// `response.function_call_arguments.delta`: a piece of a call's arguments.
    public static var responseFunctionCallArgumentsDelta: EventType { EventType(.responseFunctionCallArgumentsDelta) }
    /// `response.function_call_arguments.done`: a call's arguments are complete, or cut off with their response.
    public static var responseFunctionCallArgumentsDone: EventType { EventType(.responseFunctionCallArgumentsDone) }
    /// `response.mcp_call.completed`: an MCP call succeeded (GA).
    public static var responseMCPCallCompleted: EventType { EventType(.responseMCPCallCompleted) }
    /// `response.mcp_call.failed`: an MCP call failed (GA).
    public static var responseMCPCallFailed: EventType { EventType(.responseMCPCallFailed) }
    /// `response.mcp_call.in_progress`: an MCP call runs on the server (GA).
    public static var responseMCPCallInProgress: EventType { EventType(.responseMCPCallInProgress) }
    /// `response.mcp_call_arguments.delta`: a piece of an MCP call's arguments (GA).
    public static var responseMCPCallArgumentsDelta: EventType { EventType(.responseMCPCallArgumentsDelta) }
    /// `response.mcp_call_arguments.done`: an MCP call's arguments are complete (GA).
    public static var responseMCPCallArgumentsDone: EventType { EventType(.responseMCPCallArgumentsDone) }
    /// `response.output_audio.delta`: a piece of audio, base64 (beta `response.audio.delta`).
    public static var responseOutputAudioDelta: EventType { EventType(.responseOutputAudioDelta) }
    /// `response.output_audio.done`: the audio is complete (beta `response.audio.done`).
    public static var responseOutputAudioDone: EventType { EventType(.responseOutputAudioDone) }
    /// `response.output_audio_transcript.delta`: a piece of the spoken text (beta `response.audio_transcript.delta`).
    public static var responseOutputAudioTranscriptDelta: EventType { EventType(.responseOutputAudioTranscriptDelta) }
    /// `response.output_audio_transcript.done`: the whole spoken text (beta `response.audio_transcript.done`).
    public static var responseOutputAudioTranscriptDone: EventType { EventType(.responseOutputAudioTranscriptDone) }
    /// `response.output_item.added`: a response began an item.
    public static var responseOutputItemAdded: EventType { EventType(.responseOutputItemAdded) }
    /// `response.output_item.done`: a response's item is complete, or was cut off with the response.
    public static var responseOutputItemDone: EventType { EventType(.responseOutputItemDone) }
    /// `response.output_text.delta`: a piece of text (beta `response.text.delta`).
    public static var responseOutputTextDelta: EventType { EventType(.responseOutputTextDelta) }
    /// `response.output_text.done`: the whole text (beta `response.text.done`).
    public static var responseOutputTextDone: EventType { EventType(.responseOutputTextDone) }
    /// `session.created`: the session's configuration; the first event of a session.
    public static var sessionCreated: EventType { EventType(.sessionCreated) }
    /// `session.updated`: the session's configuration after a change.
    public static var sessionUpdated: EventType { EventType(.sessionUpdated) }
    /// `transcription_session.created`: a transcription session's configuration (beta, undocumented).
    public static var transcriptionSessionCreated: EventType { EventType(.transcriptionSessionCreated) }
    /// `transcription_session.updated`: a transcription session's configuration after a change (beta).
    public static var transcriptionSessionUpdated: EventType { EventType(.transcriptionSessionUpdated) }
}

extension EventType {
    /// `session.closed`: the translation ended.
    public static var sessionClosed: EventType { EventType(.sessionClosed) }
    /// `session.input_transcript.delta`: a piece of what the speaker said.
    public static var sessionInputTranscriptDelta: EventType { EventType(.sessionInputTranscriptDelta) }
    /// `session.output_audio.delta`: a piece of translated audio, base64.
    public static var sessionOutputAudioDelta: EventType { EventType(.sessionOutputAudioDelta) }
    /// `session.output_transcript.delta`: a piece of the translation.
    public static var sessionOutputTranscriptDelta: EventType { EventType(.sessionOutputTranscriptDelta) }
}

extension EventType {
    /// `router.session.started`: the first derived event, after the first server event.
    public static var routerSessionStarted: EventType { EventType(.routerSessionStarted) }
    /// `router.session.ended`: the last event.
    public static var routerSessionEnded: EventType { EventType(.routerSessionEnded) }
    /// `router.utterance.updated`: words arrived.
    public static var routerUtteranceUpdated: EventType { EventType(.routerUtteranceUpdated) }
    /// `router.utterance.heard`: words are final. Emitted immediately, in any order.
    public static var routerUtteranceHeard: EventType { EventType(.routerUtteranceHeard) }
    /// `router.utterance.done`: words are final. Emitted in conversation order.
    public static var routerUtteranceDone: EventType { EventType(.routerUtteranceDone) }
    /// `router.utterance.revised`: a later event changed an utterance.
    public static var routerUtteranceRevised: EventType { EventType(.routerUtteranceRevised) }
    /// `router.function_call.ready`: a call is complete and may run.
    public static var routerFunctionCallReady: EventType { EventType(.routerFunctionCallReady) }
    /// `router.function_call.done`: a call's outcome.
    public static var routerFunctionCallDone: EventType { EventType(.routerFunctionCallDone) }
    /// `router.response.done`: a response ended, with its usage and times.
    public static var routerResponseDone: EventType { EventType(.routerResponseDone) }
    /// `router.response.interrupted`: the user barged in.
    public static var routerResponseInterrupted: EventType { EventType(.routerResponseInterrupted) }
    /// `router.turn.done`: the user spoke and was answered.
    public static var routerTurnDone: EventType { EventType(.routerTurnDone) }
    /// `router.error.raised`: an error from any source.
    public static var routerErrorRaised: EventType { EventType(.routerErrorRaised) }
    /// `router.turn.stalled`: the user waits, and the model does not answer.
    public static var routerTurnStalled: EventType { EventType(.routerTurnStalled) }
    /// `router.user.idle`: the session waits for the user, who stays silent.
    public static var routerUserIdle: EventType { EventType(.routerUserIdle) }
    /// `router.session.expiring`: the server will end the session soon.
    public static var routerSessionExpiring: EventType { EventType(.routerSessionExpiring) }
    /// `router.session.limit`: the session approaches one of its limits.
    public static var routerSessionLimit: EventType { EventType(.routerSessionLimit) }
    /// `router.connection.lost`: the connection to the server was lost.
    public static var routerConnectionLost: EventType { EventType(.routerConnectionLost) }
    /// `router.connection.restored`: the connection to the server is back.
    public static var routerConnectionRestored: EventType { EventType(.routerConnectionRestored) }
}
