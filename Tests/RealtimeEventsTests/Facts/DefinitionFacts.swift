/// The objects within events. Both generations of each object are merged.
extension Facts {
    /// Definitions by the names of their models.
    static let definitions = """
        ApprovalFilter @GA: always ToolFilter, never ToolFilter
        AudioConfiguration @GA+translation: output AudioOutput, input AudioInput
        AudioFormat @GA: type string(audio/pcm audio/pcmu audio/pcma), rate integer
        AudioInput @GA+translation: format AudioFormat @GA, noise_reduction NoiseReduction,
            transcription TranscriptionConfiguration, turn_detection TurnDetection @GA
        AudioOutput @GA+translation: format AudioFormat @GA, voice string(alloy ash ballad coral echo sage shimmer
            verse marin cedar)|VoiceReference @GA, speed number @GA, language string @translation
        CachedTokenDetails @GA: audio_tokens integer, image_tokens integer, text_tokens integer
        ClientSecret @beta: expires_at integer|ExpiryRule, value string, expires_after ExpiryRule
        ContentPart @beta+GA: type string(text audio input_text input_audio input_image output_text output_audio
            item_reference), audio string, text string, transcript string, detail string(auto low high) @GA,
            image_url string @GA, id string @beta
        Conversation @beta+GA: id string, object string(realtime.conversation)
        ConversationItem @beta+GA: type string(message function_call function_call_output mcp_approval_response
            mcp_list_tools mcp_call mcp_approval_request item_reference), content [ContentPart], role string(system
            user assistant), id string, object string(realtime.item), status string(completed incomplete
            in_progress), arguments string, name string, call_id string, output string,
            approval_request_id string @GA, approve boolean @GA, reason string @GA, server_label string @GA,
            tools [MCPListedTool] @GA, error MCPError @GA, phase string(commentary final_answer) @wire
        DetectedLanguage @GA: code string
        ExpiryRule @beta: anchor string(created_at), seconds integer
        InputTokenDetails @beta+GA: audio_tokens integer, text_tokens integer, cached_tokens integer,
            cached_tokens_details CachedTokenDetails @GA, image_tokens integer @GA
        Logprob @beta+GA: token string, bytes [integer], logprob number
        MCPError @GA: type string(protocol_error tool_execution_error http_error), code integer, message string
        MCPListedTool @GA: input_schema any, name string, annotations any, description string
        NoiseReduction @beta+GA+translation: type string(near_field far_field), strength number @GA+translation
        OutputTokenDetails @beta+GA: audio_tokens integer, text_tokens integer, reasoning_tokens integer @wire
        Prompt @GA: id string, variables {string|PromptInput}, version string
        PromptCacheBreakpoint @GA: mode string(explicit), ttl string(30m 12h)
        PromptInput @GA: type string(input_text input_image input_file), text string,
            prompt_cache_breakpoint PromptCacheBreakpoint, detail string(low high auto original), file_id string,
            image_url string, file_data string, file_url string, filename string
        RateLimit @beta+GA: limit integer, name string(requests tokens), remaining integer, reset_seconds number
        Reasoning @GA: effort string(minimal low medium high xhigh)
        Response @beta+GA: id string, conversation_id string, max_output_tokens integer|string(inf),
            metadata {string}, modalities [string(text audio)] @beta, object string(realtime.response),
            output [ConversationItem], output_audio_format string(pcm16 g711_ulaw g711_alaw) @beta,
            status string(completed cancelled failed incomplete in_progress), status_details ResponseStatusDetails,
            temperature number @beta, usage Usage, voice string(alloy ash ballad coral echo sage shimmer
            verse)|VoiceReference @beta, audio AudioConfiguration @GA, output_modalities [string(text audio)] @GA
        ResponseParameters @beta+GA: conversation string(auto none), input [ConversationItem], instructions string,
            max_response_output_tokens integer|string(inf) @beta, metadata {string}, modalities [string(text
            audio)] @beta, output_audio_format string(pcm16 g711_ulaw g711_alaw) @beta, temperature number @beta,
            tool_choice string(none auto required)|ToolReference, tools [Tool], voice string(alloy ash ballad coral
            echo sage shimmer verse)|VoiceReference @beta, audio AudioConfiguration @GA,
            max_output_tokens integer|string(inf) @GA, output_modalities [string(text audio)] @GA,
            parallel_tool_calls boolean @GA, prompt Prompt @GA, reasoning Reasoning @GA
        ResponseStatusDetails @beta+GA: type string(completed cancelled incomplete failed), error ServerError,
            reason string(turn_detected client_cancelled max_output_tokens content_filter)
        RetentionRatio @GA: type string(retention_ratio), retention_ratio number, token_limits TruncationTokenLimits
        ServerError @beta+GA: type string, code string, message string, param string, event_id string
        Session @beta+GA: id string @beta, input_audio_format string(pcm16 g711_ulaw g711_alaw) @beta,
            input_audio_noise_reduction NoiseReduction @beta,
            input_audio_transcription TranscriptionConfiguration @beta, instructions string,
            max_response_output_tokens integer|string(inf) @beta, modalities [string(text audio)] @beta,
            model string, output_audio_format string(pcm16 g711_ulaw g711_alaw) @beta, speed number @beta,
            temperature number @beta, tool_choice string(none auto required)|ToolReference, tools [Tool],
            tracing string(auto)|TracingConfiguration, turn_detection TurnDetection @beta, voice string(alloy ash
            ballad coral echo sage shimmer verse)|VoiceReference @beta, type string(realtime transcription) @GA,
            audio AudioConfiguration @GA, include [string], max_output_tokens integer|string(inf) @GA,
            output_modalities [string(text audio)] @GA, parallel_tool_calls boolean @GA, prompt Prompt @GA,
            reasoning Reasoning @GA, truncation string(auto disabled)|RetentionRatio @GA,
            client_secret ClientSecret @beta, object string @wire, expires_at integer @wire,
            input_audio_sampling_rate integer @wire
        Tool @beta+GA: type string(function mcp), description string, name string, parameters any,
            server_label string @GA, allowed_callers [string(direct programmatic)] @GA,
            allowed_tools [string]|ToolFilter @GA, authorization string @GA, connector_id string(connector_dropbox
            connector_gmail connector_googlecalendar connector_googledrive connector_microsoftteams
            connector_outlookcalendar connector_outlookemail connector_sharepoint) @GA, defer_loading boolean @GA,
            headers {string} @GA, require_approval ApprovalFilter|string(always never) @GA,
            server_description string @GA, server_url string @GA, tunnel_id string @GA
        ToolFilter @GA: read_only boolean, tool_names [string]
        ToolReference @GA: type string(function mcp), name string, server_label string
        TracingConfiguration @beta+GA: group_id string, metadata any, workflow_name string
        TranscriptionConfiguration @beta+GA+translation: language string @beta+GA, model string,
            prompt string @beta+GA, delay string(minimal low medium high xhigh) @GA, keywords [string] @GA,
            languages [string] @GA
        TranscriptionUsage @beta+GA: type string(tokens duration), input_tokens integer, output_tokens integer,
            total_tokens integer, input_token_details InputTokenDetails, seconds number
        TranslationSession @translation: type string(translation), id string, audio AudioConfiguration,
            expires_at integer, model string
        TruncationTokenLimits @GA: post_instructions integer
        TurnDetection @beta+GA: type string(server_vad semantic_vad), create_response boolean, eagerness string(low
            medium high auto), interrupt_response boolean, prefix_padding_ms integer, silence_duration_ms integer,
            threshold number, idle_timeout_ms integer @GA
        Usage @beta+GA: input_token_details InputTokenDetails, input_tokens integer,
            output_token_details OutputTokenDetails, output_tokens integer, total_tokens integer
        VoiceReference @GA: id string, name string @wire, type string @wire
        """
}
