extension NewPackage {
    /// A recorded session of one turn, to try rules on.
    static let session = #"""
        {"at": 0, "direction": "server", "event": {"type": "session.created", "event_id": "event_1", \#
        "session": {"type": "realtime", "id": "sess_1", "model": "gpt-realtime", \#
        "output_modalities": ["audio"], \#
        "audio": {"input": {"transcription": {"model": "gpt-4o-mini-transcribe"}, \#
        "turn_detection": {"type": "server_vad"}}}}}}
        {"at": 0.74, "direction": "server", "event": {"type": "input_audio_buffer.speech_started", \#
        "event_id": "event_2", "audio_start_ms": 320, "item_id": "item_1"}}
        {"at": 2.27, "direction": "server", "event": {"type": "input_audio_buffer.speech_stopped", \#
        "event_id": "event_3", "audio_end_ms": 2160, "item_id": "item_1"}}
        {"at": 2.27, "direction": "server", "event": {"type": "input_audio_buffer.committed", \#
        "event_id": "event_4", "previous_item_id": null, "item_id": "item_1"}}
        {"at": 2.28, "direction": "server", "event": {"type": "conversation.item.added", \#
        "event_id": "event_5", "previous_item_id": null, "item": {"id": "item_1", "type": "message", \#
        "status": "completed", "role": "user", "content": [{"type": "input_audio", "transcript": null}]}}}
        {"at": 2.29, "direction": "server", "event": {"type": "response.created", "event_id": "event_6", \#
        "response": {"id": "resp_1", "status": "in_progress", "output": []}}}
        {"at": 2.53, "direction": "server", "event": {"type": "response.output_item.added", \#
        "event_id": "event_7", "response_id": "resp_1", "output_index": 0, "item": {"id": "item_2", \#
        "type": "message", "status": "in_progress", "role": "assistant", "content": []}}}
        {"at": 2.53, "direction": "server", "event": {"type": "conversation.item.added", \#
        "event_id": "event_8", "previous_item_id": "item_1", "item": {"id": "item_2", "type": "message", \#
        "status": "in_progress", "role": "assistant", "content": []}}}
        {"at": 2.62, "direction": "server", "event": {"type": "response.output_audio.delta", \#
        "event_id": "event_9", "response_id": "resp_1", "item_id": "item_2", "output_index": 0, \#
        "content_index": 0, "delta": "AAAAAAAAAAAAAAAA"}}
        {"at": 2.73, "direction": "server", \#
        "event": {"type": "conversation.item.input_audio_transcription.completed", "event_id": "event_10", \#
        "item_id": "item_1", "content_index": 0, "transcript": "Good morning, I'm Ada."}}
        {"at": 2.92, "direction": "server", "event": {"type": "response.output_audio_transcript.done", \#
        "event_id": "event_11", "response_id": "resp_1", "item_id": "item_2", "output_index": 0, \#
        "content_index": 0, "transcript": "Good morning, Ada! What can I do for you?"}}
        {"at": 2.93, "direction": "server", "event": {"type": "response.output_item.done", \#
        "event_id": "event_12", "response_id": "resp_1", "output_index": 0, "item": {"id": "item_2", \#
        "type": "message", "status": "completed", "role": "assistant", "content": [{"type": "output_audio", \#
        "transcript": "Good morning, Ada! What can I do for you?"}]}}}
        {"at": 2.94, "direction": "server", "event": {"type": "response.done", "event_id": "event_13", \#
        "response": {"id": "resp_1", "status": "completed", "output": [{"id": "item_2", "type": "message", \#
        "status": "completed", "role": "assistant", "content": [{"type": "output_audio", \#
        "transcript": "Good morning, Ada! What can I do for you?"}]}], "usage": {"total_tokens": 134, \#
        "input_tokens": 36, "output_tokens": 98}}}}

        """#
}
