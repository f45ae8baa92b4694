public import EventJSON

/// An event that the client sends, with its typed payload.
///
/// `session.update` has two cases, one a ``Dialect``.
public indirect enum ClientEvent: Sendable, Hashable {
    /// `conversation.item.create`
    case conversationItemCreate(ConversationItemCreate)
    /// `conversation.item.delete`
    case conversationItemDelete(ConversationItemDelete)
    /// `conversation.item.retrieve`
    case conversationItemRetrieve(ConversationItemRetrieve)
    /// `conversation.item.truncate`
    case conversationItemTruncate(ConversationItemTruncate)
    /// `input_audio_buffer.append`
    case inputAudioBufferAppend(InputAudioBufferAppend)
    /// `input_audio_buffer.clear`
    case inputAudioBufferClear(InputAudioBufferClear)
    /// `input_audio_buffer.commit`
    case inputAudioBufferCommit(InputAudioBufferCommit)
    /// `output_audio_buffer.clear`
    case outputAudioBufferClear(OutputAudioBufferClear)
    /// `response.cancel`
    case responseCancel(ResponseCancel)
    /// `response.create`
    case responseCreate(ResponseCreate)
    /// `session.update`
    case sessionUpdate(SessionUpdate)
    /// `transcription_session.update`, beta
    case transcriptionSessionUpdate(TranscriptionSessionUpdate)

    /// `session.close`, translation
    case translationSessionClose(TranslationSessionClose)
    /// `session.input_audio_buffer.append`, translation
    case translationInputAudioBufferAppend(TranslationInputAudioBufferAppend)
    /// `session.update`, translation
    case translationSessionUpdate(TranslationSessionUpdate)

    /// Any other event, sent as it is.
    case other(JSONValue)
}

extension ClientEvent {
    /// Decodes an event by its `type`.
    ///
    /// - Parameters:
    ///   - json: The whole event; an unknown type, and what is not an object, is ``other(_:)``.
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
