import EventJSON

// The sending of events.
extension MockPlay {
    /// Sends an event of the recording, adapted to what this client sent.
    mutating func emit(_ recorded: JSONObject) {
        let type = recorded["type"]?.string ?? ""
        matchEcho(recorded, type)
        var event = recorded
        switch type {
        case "session.created" where recording.isScript: event["session"] = .object(conversation.session)
        case "session.updated", "transcription_session.updated":
            if let session = recorded["session"]?.object {
                event["session"] = .object(ScriptSession.merged(session, conversation.updates))
            }
        case "conversation.item.added", "conversation.item.created", "conversation.item.done": event = echoed(recorded)
        case "response.created", "response.done": event = withMetadata(recorded, type)
        case "input_audio_buffer.speech_started" where recording.isScript:
            event["audio_start_ms"] = .number(
                JSONNumber(SessionAudioSettings.whole(conversation.appended - conversation.fresh)))
        case "input_audio_buffer.speech_stopped" where recording.isScript:
            event["audio_end_ms"] = .number(JSONNumber(SessionAudioSettings.whole(conversation.appended)))
        case "response.output_audio.delta", "response.audio.delta", "session.output_audio.delta":
            if let count = recorded["delta"]?.int {
                event["delta"] = .string(conversation.audio.output.silence(bytes: min(max(0, count), 1 << 24)))
            }
        default: break
        }
        event = ids.applied(to: event)
        if options.sendsTranscriptsLate, type.hasPrefix("conversation.item.input_audio_transcription.") {
            return delayedTranscripts.append(event)
        }
        transmit(event)
        if type == "response.created" { pausedUntil = now + options.responseTime }
        if type == "response.done" { sendDelayedTranscripts() }
    }

    /// Sends the delayed transcripts.
    mutating func sendDelayedTranscripts() {
        let events = delayedTranscripts
        delayedTranscripts = []
        for event in events { transmit(event) }
    }

    /// Sends an event unchanged, except for injected faults.
    mutating func transmit(_ event: JSONObject, isDelayed: Bool = true) {
        let type = event["type"]?.string ?? ""
        conversation.sent(event, type == "response.audio.delta" ? "response.output_audio.delta" : type)
        let due = isDelayed ? now + options.delay : now
        var event = event
        if options.sendsUnknownEvents {
            if (outgoing.count + sentCount) % 4 == 1 {
                let unknown: JSONObject = [
                    "type": "mock.unknown_event", "event_id": .string(nextEventID()), "detail": ["level": 1],
                ]
                outgoing.append((due, Self.bytes(unknown)))
            }
            event["mock_unknown_field"] = ["level": 1, "list": [nil]]
        }
        outgoing.append((due, Self.bytes(event)))
    }

    private static func bytes(_ event: JSONObject) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(.object(event))
        return writer.bytes
    }

    // MARK: - Echoes

    /// Matches an event of the recording with the client's item that it echoes.
    private mutating func matchEcho(_ event: JSONObject, _ type: String) {
        guard ["conversation.item.added", "conversation.item.created", "conversation.item.done"].contains(type),
            let item = event["item"]?.object, let id = item["id"]?.string, echoes[id] == nil,
            conversation.items[id] == nil,
            let index = pendingEchoes.firstIndex(where: { Self.isEcho(item, of: $0) })
        else { return }
        let createdItem = pendingEchoes.remove(at: index)
        echoes[id] = Self.echo(of: createdItem)
        if let own = createdItem["id"]?.string { ids.replace(id, by: own) }
    }

    private static func isEcho(_ item: JSONObject, of createdItem: JSONObject) -> Bool {
        guard item["type"] == createdItem["type"] else { return false }
        switch item["type"]?.string {
        case "message": return item["role"] == createdItem["role"]
        case "function_call", "function_call_output": return item["call_id"] == createdItem["call_id"]
        default: return true
        }
    }

    /// The echo of an item with this client's content.
    private func echoed(_ event: JSONObject) -> JSONObject {
        guard var item = event["item"]?.object, let id = item["id"]?.string, let createdItem = echoes[id] else {
            return event
        }
        for (name, value) in createdItem where name != "id" { item[name] = value }
        var event = event
        event["item"] = .object(item)
        return event
    }

    /// A response with the metadata of the client's `response.create`.
    private mutating func withMetadata(_ event: JSONObject, _ type: String) -> JSONObject {
        guard var response = event["response"]?.object, let id = response["id"]?.string else { return event }
        if type == "response.created" {
            metadata[id] = request?["metadata"]
            request = nil
        }
        guard let metadata = metadata[id] else { return event }
        response["metadata"] = metadata
        var event = event
        event["response"] = .object(response)
        return event
    }

    // MARK: - Scripts

    /// The steps that a step of a script expands to.
    mutating func expanded(_ turn: ScriptTurn, _ line: Int) -> [MockStep] {
        switch turn {
        case .user(let user): return [MockStep(.await(.user(user)), line: line)]
        case .error(let error): return [script.error(error, line)]
        case .response(var response):
            guard response.isRequested || conversation.isResponseDue else {
                response.isRequested = true
                return [
                    MockStep(.await(.event(["type": "response.create"])), line: line),
                    MockStep(.turn(.response(response)), line: line),
                ]
            }
            let modalities = request?["output_modalities"]?.array
            return script.response(response, conversation.audio, modalities: modalities, line)
        }
    }
}
