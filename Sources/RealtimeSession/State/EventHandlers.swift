internal import EventJSON
internal import RealtimeEvents

// The handlers of each dialect.
extension EventHandlers {
    static let realtime = EventHandlers(.realtime, [session, words, items, responses])
    /// A superset of `realtime`. No event type of both dialects affects the state differently.
    static let translation = EventHandlers(.translation, [session, words, items, responses, streams])

    private static let session: [EventType.Code: Handler] = [
        .sessionCreated: { $0.configure($1, $2) },
        .sessionUpdated: { $0.configure($1, $2) },
        .transcriptionSessionCreated: { $0.configure($1, $2) },
        .transcriptionSessionUpdated: { $0.configure($1, $2) },
        .error: { $0.raiseServerError($2) },
    ]

    private static let words: [EventType.Code: Handler] = [
        .responseOutputAudioDelta: { $0.addAudio($2) },
        .responseOutputAudioTranscriptDelta: { $0.addWords($1, $2) },
        .responseOutputTextDelta: { $0.addWords($1, $2) },
        .responseOutputAudioTranscriptDone: { $0.handleAssistantText($1, $2) },
        .responseOutputTextDone: { $0.handleAssistantText($1, $2) },
        .responseContentPartDone: { $0.handleAssistantText($1, $2) },
        .conversationItemInputAudioTranscriptionDelta: { $0.addWords($1, $2) },
        .conversationItemInputAudioTranscriptionCompleted: { $0.completeTranscription($2) },
        .conversationItemInputAudioTranscriptionSegment: { $0.noteSegment($2) },
        .conversationItemInputAudioTranscriptionFailed: { $0.failTranscription($2) },
    ]

    private static let items: [EventType.Code: Handler] = [
        .inputAudioBufferSpeechStarted: { $0.startSpeech($2) },
        .inputAudioBufferSpeechStopped: { $0.stopSpeech($2) },
        .inputAudioBufferTimeoutTriggered: { $0.conversation.noteIdleItem($2) },
        .inputAudioBufferCommitted: { $0.commit($2) },
        .inputAudioBufferCleared: { state, _, _ in state.clearSpeech() },
        .inputAudioBufferDTMFEventReceived: { state, _, _ in state.noteUserActivity() },
        .conversationItemAdded: { $0.handleItem($1, $2) },
        .conversationItemCreated: { $0.handleItem($1, $2) },
        .conversationItemDone: { $0.handleItem($1, $2) },
        .conversationItemRetrieved: { $0.handleItem($1, $2) },
        .conversationItemTruncated: { $0.truncate($2) },
        .conversationItemDeleted: { $0.conversation.deleteItem($2, at: $0.emitter.clock.at) },
    ]

    private static let responses: [EventType.Code: Handler] = [
        .responseCreated: { $0.createResponse($2) },
        .responseOutputItemAdded: { $0.addOutputItem($2) },
        .responseOutputItemDone: { $0.finishOutputItem($2) },
        .responseFunctionCallArgumentsDone: { $0.handleArguments($2) },
        .responseDone: { $0.finishResponse($2) },
        .outputAudioBufferStarted: { $0.startOutput($2) },
        .outputAudioBufferStopped: { state, _, _ in state.notePlayback(false) },
        .outputAudioBufferCleared: { $0.clearOutput($2) },
        .responseMCPCallFailed: { $0.handleMCPFailure($1, $2) },
        .mcpListToolsFailed: { $0.handleMCPFailure($1, $2) },
    ]

    private static let streams: [EventType.Code: Handler] = [
        .sessionInputTranscriptDelta: { $0.addStreamWords(.user, $2) },
        .sessionOutputTranscriptDelta: { $0.addStreamWords(.assistant, $2) },
        .sessionClosed: { state, _, _ in state.closeStreams() },
        // Some servers also send the text of a whole utterance, in types that the library does not know.
        .unknown: { $0.handleStreamText($2) },
    ]
}
