import EventJSON

/// Lines of test sessions, in the protocol's form.
enum Line {
    /// A line in an envelope with its time.
    static func at(_ seconds: Double, _ line: String) -> String {
        #"{"at":\#(seconds),"direction":"server","event":\#(line)}"#
    }

    /// A client's line of a recording.
    static func client(_ line: String, at seconds: Double = 0) -> String {
        #"{"at":\#(seconds),"direction":"client","event":\#(line)}"#
    }

    static func event(_ type: String, _ fields: String = "") -> String {
        fields.isEmpty ? #"{"type":"\#(type)"}"# : #"{"type":"\#(type)",\#(fields)}"#
    }

    // MARK: Session

    static func sessionCreated(_ id: String = "sess_1", transcribes: Bool = true) -> String {
        let transcription = transcribes ? #"{"model":"whisper-1"}"# : "null"
        return event(
            "session.created",
            #""event_id":"e_\#(id)","session":{"id":"\#(id)","type":"realtime","model":"gpt-realtime","#
                + #""audio":{"input":{"transcription":\#(transcription)}}}"#)
    }

    static func error(_ code: String?, _ message: String = "No.", of eventID: String? = nil) -> String {
        event(
            "error",
            #""event_id":"e_err","error":{"type":"invalid_request_error","code":\#(quoted(code)),"#
                + #""message":"\#(message)","param":null,"event_id":\#(quoted(eventID))}"#)
    }

    // MARK: The user

    static func speechStarted(_ item: String, ms: Int = 100) -> String {
        event("input_audio_buffer.speech_started", #""item_id":"\#(item)","audio_start_ms":\#(ms)"#)
    }

    static func speechStopped(_ item: String, ms: Int = 900) -> String {
        event("input_audio_buffer.speech_stopped", #""item_id":"\#(item)","audio_end_ms":\#(ms)"#)
    }

    static func committed(_ item: String, after previous: String? = nil) -> String {
        event("input_audio_buffer.committed", #""item_id":"\#(item)","previous_item_id":\#(quoted(previous))"#)
    }

    static func userAudio(_ item: String, after previous: String? = nil) -> String {
        added(item, after: previous, #""role":"user","content":[{"type":"input_audio","transcript":null}]"#)
    }

    static func userText(_ item: String, _ text: String, after previous: String? = nil) -> String {
        added(item, after: previous, #""role":"user","content":[{"type":"input_text","text":"\#(text)"}]"#)
    }

    /// The events of a spoken item up to its transcription.
    static func spoken(_ item: String, after previous: String? = nil) -> String {
        [
            speechStarted(item), speechStopped(item), committed(item, after: previous),
            userAudio(item, after: previous),
        ].joined(separator: "\n")
    }

    static func heardDelta(_ item: String, _ delta: String) -> String {
        event(
            "conversation.item.input_audio_transcription.delta",
            #""item_id":"\#(item)","content_index":0,"delta":"\#(delta)""#)
    }

    static func transcribed(_ item: String, _ text: String) -> String {
        event(
            "conversation.item.input_audio_transcription.completed",
            #""item_id":"\#(item)","content_index":0,"transcript":"\#(text)""#)
    }

    static func transcriptionFailed(_ item: String) -> String {
        event(
            "conversation.item.input_audio_transcription.failed",
            #""item_id":"\#(item)","content_index":0,"error":{"type":"server_error","code":"Nope","message":"Lost."}"#)
    }

    // MARK: Items

    static func added(_ item: String, after previous: String? = nil, status: String = "completed", _ rest: String)
        -> String
    {
        event(
            "conversation.item.added",
            #""previous_item_id":\#(quoted(previous)),"item":{"id":"\#(item)","type":"message","status":"\#(status)","#
                + rest + "}")
    }

    static func deleted(_ item: String) -> String {
        event("conversation.item.deleted", #""item_id":"\#(item)""#)
    }

    static func truncated(_ item: String, ms: Int) -> String {
        event("conversation.item.truncated", #""item_id":"\#(item)","content_index":0,"audio_end_ms":\#(ms)"#)
    }

    static func quoted(_ text: String?) -> String {
        text.map { JSONValue.string($0).description } ?? "null"
    }
}
