import EventJSON

/// The reason why the server refuses an event.
struct Refusal {
    let code: String
    let message: String
    var param: String?
    /// Whether the refusal can happen to a correct client, so that it is not reported as a fault.
    var isHarmless = false
}

extension MockConversation {
    /// The shortest audio that can be committed, in milliseconds.
    private static let shortestCommit = 100.0

    /// The reason why the server refuses a valid event in the current state; nil if it accepts the event.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - isResponseAwaited: whether a requested response has not begun.
    ///   - models: the models that a `session.update` may name; empty if every model is allowed.
    func refusal(of event: JSONObject, isResponseAwaited: Bool, models: [String]) -> Refusal? {
        switch event["type"]?.string {
        case "session.update": update(event["session"]?.object ?? [:], models)
        case "input_audio_buffer.commit": commit()
        case "conversation.item.create": create(event)
        case "conversation.item.delete": unknown(event, code: "item_delete_invalid_item_id", "deleting")
        case "conversation.item.retrieve": unknown(event, code: "item_retrieve_invalid_item_id", "retrieving")
        case "conversation.item.truncate": truncate(event)
        case "response.create": request(event, isResponseAwaited)
        case "response.cancel": cancel(event)
        default: nil
        }
    }

    private func update(_ changes: JSONObject, _ models: [String]) -> Refusal? {
        if let type = changes["type"]?.string, let own = session["type"]?.string, type != own {
            return Refusal(
                code: "invalid_parameter",
                message: "Passing a \(type) session update event to a \(own) session is not allowed.",
                param: "session.type")
        }
        if let model = changes["model"]?.string, !models.isEmpty, !models.contains(model) {
            return Refusal(
                code: "invalid_parameter",
                message: "Cannot update a session's model: it is '\(models[0])', not '\(model)'.",
                param: "session.model")
        }
        let voice = changes["audio"]?["output"]?["voice"] ?? changes["voice"]
        let own = session["audio"]?["output"]?["voice"] ?? session["voice"]
        if hasAssistantAudio, let voice, !voice.isNull, let own, voice != own {
            return Refusal(
                code: "cannot_update_voice",
                message: "Cannot update a conversation's voice if assistant audio is present.")
        }
        return nil
    }

    private func commit() -> Refusal? {
        guard buffered < Self.shortestCommit else { return nil }
        let hundredths = Int((buffered * 100).rounded())
        let length = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        return Refusal(
            code: "input_audio_buffer_commit_empty",
            message: """
                Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has \
                \(length)ms of audio.
                """)
    }

    private func create(_ event: JSONObject) -> Refusal? {
        guard let item = event["item"]?.object else { return nil }
        if let id = item["id"]?.string, items[id] != nil {
            return Refusal(
                code: "item_create_duplicate_item_id",
                message: "Error adding item: an item with the id '\(id)' exists already.", param: "item.id")
        }
        if let previous = event["previous_item_id"]?.string, previous != "root", items[previous] == nil {
            return Refusal(
                code: "item_create_invalid_previous_item_id",
                message: "Error adding item: the previous item with id '\(previous)' does not exist.",
                param: "previous_item_id")
        }
        guard item["type"]?.string == "function_call_output", let call = item["call_id"]?.string else { return nil }
        switch calls[call] {
        case nil:
            return Refusal(
                code: "invalid_tool_call_id", message: "Tool call ID '\(call)' not found in conversation.")
        case true?:
            return Refusal(
                code: "invalid_tool_call_id", message: "Tool call ID '\(call)' has an output already.")
        case false?: return nil
        }
    }

    private func unknown(_ event: JSONObject, code: String, _ doing: String) -> Refusal? {
        guard let id = event["item_id"]?.string, items[id] == nil else { return nil }
        return Refusal(
            code: code, message: "Error \(doing) item: the item with id '\(id)' does not exist.", param: "item_id")
    }

    private func truncate(_ event: JSONObject) -> Refusal? {
        if let refusal = unknown(event, code: "item_truncate_invalid_item_id", "truncating") { return refusal }
        guard let id = event["item_id"]?.string, let item = items[id], let end = event["audio_end_ms"]?.int else {
            return nil
        }
        let isOfAssistant = item.content["role"]?.string == "assistant"
        guard isOfAssistant, item.hasAudio || !Self.isText(item.content) else {
            return Refusal(
                code: "unsupported_content_type", message: "Only audio of the model can be truncated.", param: "item_id"
            )
        }
        // The length of audio over WebRTC or SIP is unknown.
        let length = SessionAudioSettings.whole(item.milliseconds.rounded(.up))
        guard item.hasAudio, end > length else { return nil }
        return Refusal(
            code: "invalid_value", message: "Audio content of \(length)ms is already shorter than \(end)ms",
            param: "audio_end_ms")
    }

    private static func isText(_ item: JSONObject) -> Bool {
        let kinds = (item["content"]?.array ?? []).compactMap { $0["type"]?.string }
        return kinds.contains { $0.hasSuffix("text") } && !kinds.contains { $0.hasSuffix("audio") }
    }

    private func request(_ event: JSONObject, _ isResponseAwaited: Bool) -> Refusal? {
        guard event["response"]?["conversation"]?.string != "none", response != nil || isResponseAwaited else {
            return nil
        }
        return Refusal(
            code: "conversation_already_has_active_response",
            message: """
                Conversation already has an active response in progress: \(response ?? "one that was just requested"). \
                Wait until the response is finished before creating a new one.
                """)
    }

    private func cancel(_ event: JSONObject) -> Refusal? {
        let id = event["response_id"]?.string
        guard response == nil || (id != nil && id != response) else { return nil }
        return Refusal(
            code: "response_cancel_not_active", message: "Cancellation failed: no active response found",
            isHarmless: true)
    }
}
