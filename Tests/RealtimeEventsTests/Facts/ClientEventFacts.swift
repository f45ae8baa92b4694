/// The client events of the schemas.
extension Facts {
    /// Client events of the Realtime API.
    static let clientEvents = """
        conversation.item.create @beta+GA: event_id string, item ConversationItem, previous_item_id string
        conversation.item.delete @beta+GA: event_id string, item_id string
        conversation.item.retrieve @beta+GA: event_id string, item_id string
        conversation.item.truncate @beta+GA: event_id string, audio_end_ms integer, content_index integer,
            item_id string
        input_audio_buffer.append @beta+GA: event_id string, audio string
        input_audio_buffer.clear @beta+GA: event_id string
        input_audio_buffer.commit @beta+GA: event_id string
        output_audio_buffer.clear @beta+GA: event_id string
        response.cancel @beta+GA: event_id string, response_id string
        response.create @beta+GA: event_id string, response ResponseParameters
        session.update @beta+GA: event_id string, session Session
        transcription_session.update @beta: event_id string, session Session
        """

    /// Client events of the translation dialect.
    static let translationClientEvents = """
        session.close @translation: event_id string
        session.input_audio_buffer.append @translation: event_id string, audio string
        session.update @translation: event_id string, session TranslationSession
        """
}
