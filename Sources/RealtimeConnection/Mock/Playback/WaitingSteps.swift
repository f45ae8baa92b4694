import ConfigSource
import EventJSON

// The steps that wait for the client, and the faults if the client does not send the awaited event.
extension MockPlay {
    /// Checks whether the client has sent what a step waits for, and consumes the queued message.
    ///
    /// - Returns: the additional steps to play next; nil if the client has not sent it yet.
    mutating func consume(_ awaited: AwaitedEvent, _ line: Int) -> [MockStep]? {
        switch awaited {
        case .event:
            guard let message = takeFirst(where: { awaited.accepts($0.event) }) else { return nil }
            adoptIDs(message)
            return []
        case .audio(let milliseconds): return conversation.appended + 0.5 >= milliseconds ? [] : nil
        case .freshAudio(let milliseconds): return conversation.fresh + 0.5 >= milliseconds ? [] : nil
        case .user(let user): return consume(user, line)
        case .interruption:
            if conversation.audio.detection != nil { return conversation.fresh > 0 ? [] : nil }
            return takeFirst { $0.type == "response.cancel" }.map { _ in [] }
        case .expectation(let expectation):
            guard let message = inbox.first(where: { $0.number > lastCheckedMessage }) else { return nil }
            lastCheckedMessage = message.number
            if let field = expectation.failingField(of: message.bytes) {
                let reason =
                    "the script expects \(expectation.text) (\(place(ofLine: line))), and `\(field)` does not fit"
                report(.unexpected, message.number, message.type, reason)
            }
            return []
        }
    }

    /// The user's turn: a commit, a typed message, or speech.
    private mutating func consume(_ user: ScriptTurn.User, _ line: Int) -> [MockStep]? {
        if let message = takeFirst(where: { $0.type == "input_audio_buffer.commit" }) {
            guard let item = committedItems.removeValue(forKey: message.number) else { return [] }
            return conversation.audio.transcribes ? script.transcription(user.text, of: item, line) : []
        }
        let typed = takeFirst { message in
            message.type == "conversation.item.create" && message.item?["type"]?.string == "message"
                && message.item?["role"]?.string == "user"
        }
        if typed != nil { return [] }
        guard conversation.audio.detection != nil, conversation.fresh > 0 else { return nil }
        lastCheckedMessage = messageCount
        let item = script.audioItem()
        return script.speech(user, item, hasBegun: false, transcribes: conversation.audio.transcribes, line)
    }

    private mutating func takeFirst(where isWanted: (ClientMessage) -> Bool) -> ClientMessage? {
        guard let index = inbox.firstIndex(where: isWanted) else { return nil }
        let message = inbox.remove(at: index)
        lastCheckedMessage = max(lastCheckedMessage, message.number)
        return message
    }

    /// Keeps the ids and the items that the client chose, so that the following events contain them.
    private mutating func adoptIDs(_ message: ClientMessage) {
        guard index < steps.count, case .await(.event(let recorded)) = steps[index].action else { return }
        if let id = recorded["event_id"]?.string { ids.replace(id, by: message.eventID) }
        switch message.type {
        case "conversation.item.create":
            guard let item = message.item, !recording.isScript else { return }
            pendingEchoes.append(item)
        case "response.create": request = message.event["response"]?.object ?? [:]
        default: break
        }
    }

    // MARK: - Timeouts

    /// Reports that the client did not send the awaited event before the timeout, and closes the connection.
    mutating func timeOut(_ awaited: AwaitedEvent, _ step: MockStep) {
        let reason =
            "waited \(Measure.text(options.wait)) for \(awaited) (\(location(of: step))); \(receivedInstead(of: awaited))"
        outputs.append(.fault(MockFault(.missing, reason)))
        close(1008, String(decoding: "waited for \(awaited)".utf8.prefix(120), as: UTF8.self))
    }

    private func receivedInstead(of awaited: AwaitedEvent) -> String {
        switch awaited {
        case .audio: return "the client has sent \(SessionAudioSettings.whole(conversation.appended)) ms"
        case .freshAudio: return "the client has sent \(SessionAudioSettings.whole(conversation.fresh)) ms"
        default: break
        }
        var words = inbox.suffix(5).map { AwaitedEvent.words(for: $0.event) }
        if words.isEmpty, conversation.fresh > 0 {
            words.append("\(SessionAudioSettings.whole(conversation.fresh)) ms of audio")
        }
        return words.isEmpty ? "nothing came instead" : "instead came " + words.joined(separator: ", ")
    }

    /// The first remaining step that needs the client; nil if there is none. Audio is needed only if a response follows.
    var unfinishedStep: MockStep? {
        guard index < steps.count else { return nil }
        let rest = steps[index...]
        let speaks = rest.lastIndex { step in
            if case .send(let event) = step.action { event["type"]?.string == "response.created" } else { false }
        }
        return rest.indices.first { index in
            switch rest[index].action {
            case .await(.audio), .await(.freshAudio): index < (speaks ?? 0)
            case .await, .turn: true
            case .send, .pause: false
            }
        }.map { rest[$0] }
    }

    func words(for step: MockStep) -> String {
        switch step.action {
        case .await(let awaited): "it sent \(awaited)"
        case .turn(.response): "the next response"
        default: "the end"
        }
    }

    func location(of step: MockStep) -> String { place(ofLine: step.line) }

    func place(ofLine line: Int) -> String {
        "line \(line) of \(recording.path.split(separator: "/").last ?? "the recording")"
    }

    /// Reports a fault of a client message.
    mutating func report(_ kind: MockFault.Kind, _ number: Int, _ type: String, _ reason: String) {
        let subject = type.isEmpty ? "message \(number)" : "message \(number), `\(type.prefix(100))`"
        outputs.append(.fault(MockFault(kind, "\(subject): \(reason)")))
    }
}
