/// The server events of the schemas.
extension Facts {
    /// Server events of the Realtime API, beta names included.
    static let serverEvents = """
        conversation.created @beta+GA: event_id string, conversation Conversation
        conversation.item.added @GA: event_id string, item ConversationItem, previous_item_id string
        conversation.item.created @beta+GA: event_id string, item ConversationItem, previous_item_id string
        conversation.item.deleted @beta+GA: event_id string, item_id string
        conversation.item.done @GA: event_id string, item ConversationItem, previous_item_id string
        conversation.item.input_audio_transcription.completed @beta+GA: event_id string, content_index integer,
            item_id string, transcript string, usage TranscriptionUsage, logprobs [Logprob],
            languages [DetectedLanguage] @GA
        conversation.item.input_audio_transcription.delta @beta+GA: event_id string, item_id string,
            content_index integer, delta string, logprobs [Logprob], obfuscation string @wire
        conversation.item.input_audio_transcription.failed @beta+GA: event_id string, content_index integer,
            error ServerError, item_id string
        conversation.item.input_audio_transcription.segment @GA: event_id string, id string, content_index integer,
            end number, item_id string, speaker string, start number, text string
        conversation.item.retrieved @beta+GA: event_id string, item ConversationItem
        conversation.item.truncated @beta+GA: event_id string, audio_end_ms integer, content_index integer,
            item_id string
        error @beta+GA: event_id string, error ServerError
        input_audio_buffer.cleared @beta+GA: event_id string
        input_audio_buffer.committed @beta+GA: event_id string, item_id string, previous_item_id string
        input_audio_buffer.dtmf_event_received @GA: event string, received_at integer
        input_audio_buffer.speech_started @beta+GA: event_id string, audio_start_ms integer, item_id string
        input_audio_buffer.speech_stopped @beta+GA: event_id string, audio_end_ms integer, item_id string
        input_audio_buffer.timeout_triggered @GA: event_id string, audio_end_ms integer, audio_start_ms integer,
            item_id string
        mcp_list_tools.completed @GA: event_id string, item_id string
        mcp_list_tools.failed @GA: event_id string, item_id string
        mcp_list_tools.in_progress @GA: event_id string, item_id string
        output_audio_buffer.cleared @beta+GA: event_id string, response_id string
        output_audio_buffer.started @beta+GA: event_id string, response_id string
        output_audio_buffer.stopped @beta+GA: event_id string, response_id string
        rate_limits.updated @beta+GA: event_id string, rate_limits [RateLimit]
        response.audio.delta @beta: event_id string, content_index integer, delta string, item_id string,
            output_index integer, response_id string, obfuscation string @wire
        response.audio.done @beta: event_id string, content_index integer, item_id string, output_index integer,
            response_id string
        response.audio_transcript.delta @beta: event_id string, content_index integer, delta string, item_id string,
            output_index integer, response_id string, obfuscation string @wire
        response.audio_transcript.done @beta: event_id string, content_index integer, item_id string,
            output_index integer, response_id string, transcript string
        response.content_part.added @beta+GA: event_id string, content_index integer, item_id string,
            output_index integer, part ContentPart, response_id string, content ContentPart @wire
        response.content_part.done @beta+GA: event_id string, content_index integer, item_id string,
            output_index integer, part ContentPart, response_id string, content ContentPart @wire
        response.created @beta+GA: event_id string, response Response, response_id string @wire, usage Usage @wire
        response.done @beta+GA: event_id string, response Response, response_id string @wire, usage Usage @wire
        response.function_call_arguments.delta @beta+GA: event_id string, call_id string, delta string,
            item_id string, output_index integer, response_id string, obfuscation string @wire
        response.function_call_arguments.done @beta+GA: event_id string, arguments string, call_id string,
            item_id string, output_index integer, response_id string, name string @GA
        response.mcp_call.completed @GA: event_id string, item_id string, output_index integer
        response.mcp_call.failed @GA: event_id string, item_id string, output_index integer
        response.mcp_call.in_progress @GA: event_id string, item_id string, output_index integer
        response.mcp_call_arguments.delta @GA: event_id string, delta string, item_id string, output_index integer,
            response_id string, obfuscation string
        response.mcp_call_arguments.done @GA: event_id string, arguments string, item_id string,
            output_index integer, response_id string
        response.output_audio.delta @GA: event_id string, content_index integer, delta string, item_id string,
            output_index integer, response_id string, obfuscation string @wire
        response.output_audio.done @GA: event_id string, content_index integer, item_id string,
            output_index integer, response_id string
        response.output_audio_transcript.delta @GA: event_id string, content_index integer, delta string,
            item_id string, output_index integer, response_id string, obfuscation string @wire
        response.output_audio_transcript.done @GA: event_id string, content_index integer, item_id string,
            output_index integer, response_id string, transcript string
        response.output_item.added @beta+GA: event_id string, item ConversationItem, output_index integer,
            response_id string
        response.output_item.done @beta+GA: event_id string, item ConversationItem, output_index integer,
            response_id string
        response.output_text.delta @GA: event_id string, content_index integer, delta string, item_id string,
            output_index integer, response_id string, obfuscation string @wire
        response.output_text.done @GA: event_id string, content_index integer, item_id string, output_index integer,
            response_id string, text string
        response.text.delta @beta: event_id string, content_index integer, delta string, item_id string,
            output_index integer, response_id string, obfuscation string @wire
        response.text.done @beta: event_id string, content_index integer, item_id string, output_index integer,
            response_id string, text string
        session.created @beta+GA: event_id string, session Session
        session.updated @beta+GA: event_id string, session Session
        transcription_session.created @wire: event_id string, session Session
        transcription_session.updated @beta: event_id string, session Session
        """

    /// Server events of the translation dialect.
    static let translationServerEvents = """
        error @translation: event_id string, error ServerError
        session.closed @translation: event_id string
        session.created @translation: event_id string, session TranslationSession
        session.input_transcript.delta @translation: event_id string, delta string, elapsed_ms integer
        session.output_audio.delta @translation: event_id string, delta string, channels integer,
            elapsed_ms integer, format string(pcm16), sample_rate integer
        session.output_transcript.delta @translation: event_id string, delta string, elapsed_ms integer
        session.updated @translation: event_id string, session TranslationSession
        """
}
