extension EventDescription {
    /// The events that servers send, by canonical type.
    static let server: [String: EventDescription] = [
        "conversation.created": EventDescription(
            "The server opened the conversation.",
            "After `session.created` according to the schema. Servers do not send it today, so do not wait for it."),
        "conversation.item.added": EventDescription(
            "An item was added to the conversation; its content may still be incomplete.",
            "When the user's audio is committed, when the client creates an item, and when a response begins one.",
            in: "GA"),
        "conversation.item.created": EventDescription(
            "An item was added to the conversation.",
            "In place of `conversation.item.added` and `conversation.item.done`. Azure sends it beside GA events too.",
            in: "beta"),
        "conversation.item.deleted": EventDescription(
            "The server deleted an item.", "After the client's `conversation.item.delete`."),
        "conversation.item.done": EventDescription(
            "An item of the conversation is final.",
            "Immediately after `conversation.item.added` for an item of the user, and before `response.output_item.done` for an item of a response.",
            in: "GA"),
        "conversation.item.input_audio_transcription.completed": EventDescription(
            "The transcript of the user's audio is complete.",
            "Once for an item, in any order relative to the response and to other items. `router.utterance.done` has the words in the order of the conversation."
        ),
        "conversation.item.input_audio_transcription.delta": EventDescription(
            "A piece of the transcript of the user's audio arrived.",
            "While it transcribes: after the commit, or during speech with a streaming model. It may come before the item's `conversation.item.added`."
        ),
        "conversation.item.input_audio_transcription.failed": EventDescription(
            "The server could not transcribe the user's audio.",
            "In place of `conversation.item.input_audio_transcription.completed`."),
        "conversation.item.input_audio_transcription.segment": EventDescription(
            "A piece of the transcript arrived, with its speaker and its times.",
            "With transcription models that tell speakers apart.", in: "GA"),
        "conversation.item.retrieved": EventDescription(
            "The server sent an item as it keeps it, audio included.",
            "After the client's `conversation.item.retrieve`."),
        "conversation.item.truncated": EventDescription(
            "The server cut the audio of an assistant's item to the part that was played, and removed the item's transcript.",
            "After the client's `conversation.item.truncate`."),
        "error": EventDescription(
            "The server refused a client event, or the session failed.",
            "At any time; most errors leave the session open. A response that fails is reported by `response.done` instead. `router.error.raised` reports both.",
            in: "GA, beta and translation"),
        "input_audio_buffer.cleared": EventDescription(
            "The server discarded the audio in its input buffer.", "After the client's `input_audio_buffer.clear`."),
        "input_audio_buffer.committed": EventDescription(
            "The audio in the input buffer becomes an item of the user.",
            "After the client's `input_audio_buffer.commit`, and at the end of speech if it detects turns."),
        "input_audio_buffer.dtmf_event_received": EventDescription(
            "The user pressed a telephone key.", "In SIP calls. The event has no `event_id`.", in: "GA, with SIP"),
        "input_audio_buffer.speech_started": EventDescription(
            "The user began to speak.", "If it detects turns (`turn_detection`)."),
        "input_audio_buffer.speech_stopped": EventDescription(
            "The user stopped speaking.",
            "If it detects turns. `input_audio_buffer.committed` follows with the same `item_id`."),
        "input_audio_buffer.timeout_triggered": EventDescription(
            "The user was silent for `turn_detection.idle_timeout_ms`.",
            "If `turn_detection` is `server_vad` with an idle timeout. `input_audio_buffer.committed` and a response follow.",
            in: "GA"),
        "mcp_list_tools.completed": EventDescription(
            "The server has the list of an MCP server's tools.",
            "After `mcp_list_tools.in_progress`. The item in `conversation.item.done` holds the tools.", in: "GA"),
        "mcp_list_tools.failed": EventDescription(
            "The server could not list an MCP server's tools.",
            "After `mcp_list_tools.in_progress`. `router.error.raised` reports it with the label of the MCP server.",
            in: "GA"),
        "mcp_list_tools.in_progress": EventDescription(
            "The server began to list the tools of an MCP server.", "When a session or a response names an MCP server.",
            in: "GA"),
        "output_audio_buffer.cleared": EventDescription(
            "The server discarded audio that it had not played.",
            "When the user interrupts, and after the client's `output_audio_buffer.clear`.",
            in: "GA and beta, with WebRTC and SIP"),
        "output_audio_buffer.started": EventDescription(
            "The server began to play the audio of a response.", "Once for a response that has audio.",
            in: "GA and beta, with WebRTC and SIP"),
        "output_audio_buffer.stopped": EventDescription(
            "The server has played all audio of a response.", "After `response.done`.",
            in: "GA and beta, with WebRTC and SIP"),
        "rate_limits.updated": EventDescription(
            "The server reports what is left of the rate limits.",
            "After `response.done`. In many sessions the server sends none."),
        "response.content_part.added": EventDescription(
            "An item of a response began a content part.", "Before the deltas of the part."),
        "response.content_part.done": EventDescription(
            "A content part is complete.",
            "After the last delta of the part, and when the response is interrupted."),
        "response.created": EventDescription(
            "A response began.",
            "After the client's `response.create`, and at the end of the user's turn if it detects turns."),
        "response.done": EventDescription(
            "A response ended, with any status.",
            "As the last of the response's events, even if the response was interrupted or failed. It has the items without their audio, and the usage."
        ),
        "response.function_call_arguments.delta": EventDescription(
            "A piece of the arguments of a function call arrived.", "While the model writes the call."),
        "response.function_call_arguments.done": EventDescription(
            "The arguments of a function call ended.",
            "At the end of the call, and when its response is interrupted: the arguments are truncated JSON then. To run calls, match `router.function_call.ready`."
        ),
        "response.mcp_call.completed": EventDescription(
            "The MCP call succeeded.", "After `response.mcp_call.in_progress`. The item holds the output.", in: "GA"),
        "response.mcp_call.failed": EventDescription(
            "The MCP call failed.",
            "After `response.mcp_call.in_progress`. `router.error.raised` reports it with the tool and the reason.",
            in: "GA"),
        "response.mcp_call.in_progress": EventDescription(
            "The server calls a tool of an MCP server.", "After the arguments of the call.", in: "GA"),
        "response.mcp_call_arguments.delta": EventDescription(
            "A piece of the arguments of an MCP call arrived.", "While the model writes the call.", in: "GA"),
        "response.mcp_call_arguments.done": EventDescription(
            "The arguments of an MCP call ended.", "At the end of the call.", in: "GA"),
        "response.output_audio.delta": EventDescription(
            "A piece of the assistant's audio arrived.",
            "While the model speaks, faster than the audio plays. On the sideband of a WebRTC or SIP call, the server sends none."
        ),
        "response.output_audio.done": EventDescription(
            "The audio of a content part ended.", "After its last delta, and when the response is interrupted."),
        "response.output_audio_transcript.delta": EventDescription(
            "A piece of the assistant's spoken words arrived.", "While the model speaks, ahead of the audio."),
        "response.output_audio_transcript.done": EventDescription(
            "The assistant's spoken words of a content part ended.",
            "After the last delta, and when the response is interrupted."),
        "response.output_item.added": EventDescription(
            "A response began an item.", "Before the item's `conversation.item.added`."),
        "response.output_item.done": EventDescription(
            "An item of a response is complete, or was cut off.",
            "After the item's content. `item.status` tells whether it is complete."),
        "response.output_text.delta": EventDescription(
            "A piece of the assistant's written words arrived.", "While the model writes."),
        "response.output_text.done": EventDescription(
            "The assistant's written words of a content part ended.",
            "After the last delta, and when the response is interrupted."),
        "session.created": EventDescription(
            "The server opened the session; the event has the whole configuration.",
            "As the first event of a connection. On the sideband of a call, the server may send none.",
            in: "GA, beta and translation"),
        "session.updated": EventDescription(
            "The server changed the session's configuration; the event has all of it.",
            "After each `session.update` that the server accepts.", in: "GA, beta and translation"),
        "transcription_session.created": EventDescription(
            "The server opened a session that only transcribes.", "As the first event of a connection.", in: "beta"),
        "transcription_session.updated": EventDescription(
            "The server changed the configuration of a session that only transcribes.",
            "After the client's `transcription_session.update`.", in: "beta"),
        "session.closed": EventDescription(
            "The server ended the translation.", "After the client's `session.close`.", in: "translation"),
        "session.input_transcript.delta": EventDescription(
            "A piece of the speaker's words arrived, in the original language.", "While the speaker speaks.",
            in: "translation"),
        "session.output_audio.delta": EventDescription(
            "A piece of the translated audio arrived.", "While it translates.", in: "translation"),
        "session.output_transcript.delta": EventDescription(
            "A piece of the translated words arrived.", "While it translates.", in: "translation"),
    ]
}
