import EventJSON

// The answers to client events that the recording does not answer.
extension MockPlay {
    /// Queues an event for the step that waits for it, or answers it if no step does.
    mutating func answerOrQueue(_ message: ClientMessage) {
        switch message.type {
        case "response.create": return queueRequest(message)
        case "response.cancel":
            if isCancelAwaited { inbox.append(message) } else { cancelResponse() }
            return
        default: break
        }
        inbox.append(message)
        if inbox.count > Self.longestInbox { inbox.removeFirst() }
        if !isAwaited(message) { answer(message) }
    }

    /// The maximum number of queued messages.
    private static let longestInbox = 1000

    private func isAwaited(_ message: ClientMessage) -> Bool {
        !recording.isScript
            && steps[index...].contains { step in
                if case .await(let awaited) = step.action { awaited.accepts(message.event) } else { false }
            }
    }

    private var isCancelAwaited: Bool {
        steps[index...].contains { step in
            switch step.action {
            case .await(.interruption): conversation.audio.detection == nil
            case .await(let awaited): awaited.type == "response.cancel"
            default: false
            }
        }
    }

    private mutating func queueRequest(_ message: ClientMessage) {
        let isAwaited = steps[index...].contains { step in
            switch step.action {
            case .await(let awaited): awaited.type == "response.create"
            case .turn(.response): true
            default: false
            }
        }
        if isAwaited { return inbox.append(message) }
        guard index < steps.count else { return }
        report(
            .unexpected, message.number, message.type,
            "it asks for a response, and the recording has none from \(location(of: steps[index])) on")
    }

    // MARK: - Answers

    private mutating func answer(_ message: ClientMessage) {
        let event = message.event
        let id = event["item_id"] ?? .null
        switch message.type {
        case "session.update": sendOwn("session.updated", ["session": .object(conversation.session)])
        case "transcription_session.update":
            sendOwn("transcription_session.updated", ["session": .object(conversation.session)])
        case "input_audio_buffer.clear": sendOwn("input_audio_buffer.cleared", [:])
        case "input_audio_buffer.commit": commit(message)
        case "conversation.item.create": addItem(message)
        case "conversation.item.delete":
            sendOwn("conversation.item.deleted", ["item_id": id])
            if let id = id.string { conversation.remove(id) }
        case "conversation.item.retrieve":
            let item = id.string.flatMap { conversation.items[$0]?.content } ?? [:]
            sendOwn("conversation.item.retrieved", ["item": .object(item)])
        case "conversation.item.truncate":
            let place: JSONObject = [
                "item_id": id, "content_index": event["content_index"] ?? 0,
                "audio_end_ms": event["audio_end_ms"] ?? 0,
            ]
            sendOwn("conversation.item.truncated", place)
        case "session.close":
            sendOwn("session.closed", [:])
            close(1000, "the client closed the session")
        default: break
        }
    }

    private mutating func commit(_ message: ClientMessage) {
        let item = script.audioItem()
        committedItems[message.number] = item
        for step in script.committed(item, 0) {
            if case .send(let event) = step.action { transmit(event) }
        }
    }

    private mutating func addItem(_ message: ClientMessage) {
        guard let createdItem = message.item else { return }
        let id = createdItem["id"]?.string ?? "item_mock_\(message.number)"
        let previousItem = message.event["previous_item_id"] ?? conversation.lastItem.map { .string($0) } ?? .null
        var item: JSONObject = ["id": .string(id), "object": "realtime.item"]
        for (name, value) in Self.echo(of: createdItem) { item[name] = value }
        if createdItem["type"]?.string == "message", createdItem["status"] == nil { item["status"] = "completed" }
        let types =
            recording.dialect == .beta
            ? ["conversation.item.created"] : ["conversation.item.added", "conversation.item.done"]
        for type in types { sendOwn(type, ["previous_item_id": previousItem, "item": .object(item)]) }
        script.note(item: id)
    }

    /// An item as the server echoes it: without audio.
    static func echo(of item: JSONObject) -> JSONObject {
        guard let content = item["content"]?.array else { return item }
        var item = item
        item["content"] = .array(
            content.map { part in
                guard var part = part.object else { return part }
                part["audio"] = nil
                return .object(part)
            })
        return item
    }

    private mutating func sendOwn(_ type: String, _ members: JSONObject) {
        var event: JSONObject = ["type": .string(type), "event_id": .string(nextEventID())]
        for (name, value) in members { event.append(name, value) }
        transmit(event)
    }

    mutating func nextEventID() -> String {
        ownEventCount += 1
        return "event_mock_\(ownEventCount)"
    }

    // MARK: - Cancelling

    /// Cancels the active response, because no step of the recording does.
    private mutating func cancelResponse() {
        guard let id = conversation.response else { return }
        var items: Set<String> = []
        var calls: Set<String> = []
        var done: JSONObject?
        for case .send(let event) in steps[index...].map(\.action) where Self.response(of: event) == id {
            if event["type"]?.string == "response.done" { done = event }
            if let item = event["item"]?["id"]?.string { items.insert(item) }
            if let call = event["item"]?["call_id"]?.string { calls.insert(call) }
        }
        steps.removeSubrange(..<index)
        index = 0
        steps.removeAll { step in
            switch step.action {
            case .send(let event):
                Self.response(of: event) == id || event["item"]?["id"]?.string.map(items.contains) == true
            case .await(.event(let event)): event["item"]?["call_id"]?.string.map(calls.contains) == true
            default: false
            }
        }
        (pausedUntil, awaitedSince) = (nil, nil)
        guard var event = done, var response = event["response"]?.object else { return }
        response["status"] = "cancelled"
        response["status_details"] = ["type": "cancelled", "reason": "client_cancelled"]
        response["output"] = []
        event["response"] = .object(response)
        transmit(ids.applied(to: event))
        sendDelayedTranscripts()
    }

    private static func response(of event: JSONObject) -> String? {
        event["response_id"]?.string ?? event["response"]?["id"]?.string
    }
}
