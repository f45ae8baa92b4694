public import EventJSON

/// An event that the client sends, with its typed payload.
///
/// `session.update` has one case for each ``Dialect``.
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

    /// Any other event, sent unchanged.
    case other(JSONValue)
}

extension ClientEvent {
    /// One event of each known type, without any fields.
    static let emptyEvents: [ClientEvent] = [
        .conversationItemCreate(ConversationItemCreate()), .conversationItemDelete(ConversationItemDelete()),
        .conversationItemRetrieve(ConversationItemRetrieve()), .conversationItemTruncate(ConversationItemTruncate()),
        .inputAudioBufferAppend(InputAudioBufferAppend()), .inputAudioBufferClear(InputAudioBufferClear()),
        .inputAudioBufferCommit(InputAudioBufferCommit()), .outputAudioBufferClear(OutputAudioBufferClear()),
        .responseCancel(ResponseCancel()), .responseCreate(ResponseCreate()), .sessionUpdate(SessionUpdate()),
        .transcriptionSessionUpdate(TranscriptionSessionUpdate()), .translationSessionClose(TranslationSessionClose()),
        .translationInputAudioBufferAppend(TranslationInputAudioBufferAppend()),
        .translationSessionUpdate(TranslationSessionUpdate()),
    ]

    /// The payload; nil for ``other(_:)``.
    public var payload: (any EventPayload)? {
        switch self {
        case .conversationItemCreate(let payload): payload
        case .conversationItemDelete(let payload): payload
        case .conversationItemRetrieve(let payload): payload
        case .conversationItemTruncate(let payload): payload
        case .inputAudioBufferAppend(let payload): payload
        case .inputAudioBufferClear(let payload): payload
        case .inputAudioBufferCommit(let payload): payload
        case .outputAudioBufferClear(let payload): payload
        case .responseCancel(let payload): payload
        case .responseCreate(let payload): payload
        case .sessionUpdate(let payload): payload
        case .transcriptionSessionUpdate(let payload): payload
        case .translationSessionClose(let payload): payload
        case .translationInputAudioBufferAppend(let payload): payload
        case .translationSessionUpdate(let payload): payload
        case .other: nil
        }
    }

    /// The type's name on the wire; "" for an ``other(_:)`` without a type.
    public var type: String {
        switch self {
        case .conversationItemCreate: "conversation.item.create"
        case .conversationItemDelete: "conversation.item.delete"
        case .conversationItemRetrieve: "conversation.item.retrieve"
        case .conversationItemTruncate: "conversation.item.truncate"
        case .inputAudioBufferAppend: "input_audio_buffer.append"
        case .inputAudioBufferClear: "input_audio_buffer.clear"
        case .inputAudioBufferCommit: "input_audio_buffer.commit"
        case .outputAudioBufferClear: "output_audio_buffer.clear"
        case .responseCancel: "response.cancel"
        case .responseCreate: "response.create"
        case .sessionUpdate, .translationSessionUpdate: "session.update"
        case .transcriptionSessionUpdate: "transcription_session.update"
        case .translationSessionClose: "session.close"
        case .translationInputAudioBufferAppend: "session.input_audio_buffer.append"
        case .other(let json): json["type"]?.string ?? ""
        }
    }

    /// The id that the client gave the event. Errors refer to it.
    public var eventID: String? {
        if case .other(let json) = self { json["event_id"]?.string } else { payload?.eventID }
    }

    /// The event as JSON, with its `type`.
    public var json: JSONValue {
        if case .other(let json) = self { json } else { typedPayload?.json ?? .null }
    }

    /// The event as compact JSON text in UTF-8, with its `type`: one WebSocket frame or one line.
    public var jsonBytes: [UInt8] {
        if case .other(let json) = self { json.jsonBytes } else { typedPayload?.jsonBytes ?? [] }
    }

    private var typedPayload: (any EventPayload)? {
        var payload = payload
        payload?.head.type = type
        return payload
    }
}
