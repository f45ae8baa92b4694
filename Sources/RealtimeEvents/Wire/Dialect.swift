public import EventJSON

/// The Realtime API that a session speaks. It determines what event types mean.
///
/// Some types mean different things in two dialects (`session.created`, `error`), so only dialect and type together
/// identify an event.
public struct Dialect: Sendable, RawRepresentable, CaseIterable {
    /// Conversations and transcription, `/v1/realtime`: both the beta and the GA generation.
    public static let realtime = Dialect(
        Table(name: "realtime", serverEvent: ServerEvent.realtime, clientEvent: ClientEvent.realtime))
    /// Speech translation, `/v1/realtime/translations`.
    public static let translation = Dialect(
        Table(name: "translation", serverEvent: ServerEvent.translation, clientEvent: ClientEvent.translation))

    /// All dialects.
    public static let allCases = [realtime, translation]

    /// A class, because every event stores its dialect and a reference is cheap to copy.
    private final class Table: Sendable {
        let name: String
        let serverEvent: @Sendable (EventType.Code, JSONObject) -> ServerEvent?
        let clientEvent: @Sendable (String, JSONObject) -> ClientEvent?

        init(
            name: String, serverEvent: @escaping @Sendable (EventType.Code, JSONObject) -> ServerEvent?,
            clientEvent: @escaping @Sendable (String, JSONObject) -> ClientEvent?
        ) {
            self.name = name
            self.serverEvent = serverEvent
            self.clientEvent = clientEvent
        }
    }

    private let table: Table

    private init(_ table: Table) {
        self.table = table
    }

    /// Creates the dialect with a name; nil if there is none.
    public init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    /// The dialect's name: in options, in recordings, and as the `type` of its sessions.
    public var rawValue: String { table.name }

    /// Decodes a server event; nil for a type that the dialect does not have.
    func serverEvent(_ code: EventType.Code, _ object: JSONObject) -> ServerEvent? { table.serverEvent(code, object) }

    /// Decodes a client event; nil for a type that the dialect does not have.
    func clientEvent(_ type: String, _ object: JSONObject) -> ClientEvent? { table.clientEvent(type, object) }
}

extension Dialect: Hashable, CustomStringConvertible {
    /// Whether two dialects are the same.
    public static func == (left: Dialect, right: Dialect) -> Bool { left.table === right.table }

    /// Feeds the dialect to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(table)) }

    /// The dialect's name.
    public var description: String { rawValue }
}

extension ServerEvent {
    /// Decodes an event by its type and dialect.
    ///
    /// - Parameters:
    ///   - code: The type, for example from ``EventType/code(ofWireName:)``.
    ///   - dialect: The API that the event came from.
    ///   - json: The whole event; a value other than an object becomes ``unknown(_:)``.
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

extension ClientEvent {
    /// Decodes an event by its `type`.
    ///
    /// - Parameters:
    ///   - json: The whole event; an unknown type, or a value other than an object, becomes ``other(_:)``.
    ///   - dialect: The API that the event is for.
    public init(json: JSONValue, dialect: Dialect = .realtime) {
        guard case .object(let object) = json, let type = object["type"]?.string else {
            self = .other(json)
            return
        }
        self = dialect.clientEvent(type, object) ?? .other(json)
    }

    @Sendable static func realtime(_ type: String, _ object: JSONObject) -> ClientEvent? {
        switch type {
        case "conversation.item.create": .conversationItemCreate(ConversationItemCreate(object))
        case "conversation.item.delete": .conversationItemDelete(ConversationItemDelete(object))
        case "conversation.item.retrieve": .conversationItemRetrieve(ConversationItemRetrieve(object))
        case "conversation.item.truncate": .conversationItemTruncate(ConversationItemTruncate(object))
        case "input_audio_buffer.append": .inputAudioBufferAppend(InputAudioBufferAppend(object))
        case "input_audio_buffer.clear": .inputAudioBufferClear(InputAudioBufferClear(object))
        case "input_audio_buffer.commit": .inputAudioBufferCommit(InputAudioBufferCommit(object))
        case "output_audio_buffer.clear": .outputAudioBufferClear(OutputAudioBufferClear(object))
        case "response.cancel": .responseCancel(ResponseCancel(object))
        case "response.create": .responseCreate(ResponseCreate(object))
        case "session.update": .sessionUpdate(SessionUpdate(object))
        case "transcription_session.update": .transcriptionSessionUpdate(TranscriptionSessionUpdate(object))
        default: nil
        }
    }

    @Sendable static func translation(_ type: String, _ object: JSONObject) -> ClientEvent? {
        switch type {
        case "session.close": .translationSessionClose(TranslationSessionClose(object))
        case "session.input_audio_buffer.append":
            .translationInputAudioBufferAppend(TranslationInputAudioBufferAppend(object))
        case "session.update": .translationSessionUpdate(TranslationSessionUpdate(object))
        default: nil
        }
    }
}
