import EventJSON

/// The default session of scripts, and the effect of `session.update`.
enum ScriptSession {
    /// The session of a script without settings, with the server's defaults.
    static let initial: JSONObject = [
        "type": "realtime", "object": "realtime.session", "id": "sess_1", "model": "gpt-realtime",
        "output_modalities": ["audio"], "instructions": "", "tools": [], "tool_choice": "auto",
        "max_output_tokens": "inf", "tracing": nil, "truncation": "auto", "prompt": nil,
        "audio": [
            "input": [
                "format": ["type": "audio/pcm", "rate": 24000], "transcription": nil, "noise_reduction": nil,
                "turn_detection": [
                    "type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 200,
                    "idle_timeout_ms": nil, "create_response": true, "interrupt_response": true,
                ],
            ],
            "output": ["format": ["type": "audio/pcm", "rate": 24000], "voice": "alloy", "speed": 1.0],
        ],
        "include": nil,
    ]

    /// A session for `?intent=transcription`, with the input settings of a session.
    static func transcription(_ session: JSONObject) -> JSONObject {
        [
            "type": "transcription", "object": "realtime.transcription_session", "id": session["id"] ?? "sess_1",
            "audio": ["input": session["audio"]?["input"] ?? [:]], "include": session["include"] ?? nil,
        ]
    }

    /// A session with an update applied. Fields of the update replace fields of the session. Objects are merged, unless
    /// their `type` changes.
    static func merged(_ session: JSONObject, _ update: JSONObject) -> JSONObject {
        var result = session
        for (name, value) in update {
            if let new = value.object, let old = session[name]?.object, isSameKind(old, new) {
                result[name] = .object(merged(old, new))
            } else {
                result[name] = value
            }
        }
        return result
    }

    private static func isSameKind(_ old: JSONObject, _ new: JSONObject) -> Bool {
        guard let type = new["type"], let former = old["type"] else { return true }
        return type == former
    }
}
