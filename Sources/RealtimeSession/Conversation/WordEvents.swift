#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

internal import EventJSON
internal import RealtimeEvents

// Deltas, and events that carry a complete text or transcript.
extension SessionState {
    /// Applies a text or transcript delta of either side.
    mutating func addWords(_ code: EventType.Code, _ event: borrowing EventReader) {
        let isUser = code == .conversationItemInputAudioTranscriptionDelta
        let isSpoken = code != .responseOutputTextDelta
        let words = event.index(event.fields.delta)
        guard words >= 0, event[words].kind == .string,
            let slot = isUser
                ? transcribedItem(nil, event)
                : spokenItem(event)
        else { return }
        if isUser {
            conversation.userAudio.wasTranscribed = true
            conversation.items[slot].expectsTranscript = true
        }
        let contentIndex = event.int(event.fields.contentIndex) ?? 0
        let halves = event.surrogateHalves(at: words)
        let addition = event.withText(at: words) {
            conversation.addWords(
                $0, halves, to: slot, contentIndex: contentIndex, isSpoken: isSpoken, at: emitter.clock.at)
        }
        guard case .added(let part, let start, let isFirst) = addition else {
            let isLate = if case .late = addition { true } else { false }
            return raiseMisplaced(isLate ? .late : .tooManyParts, slot, isUser: isUser)
        }
        if isFirst, !isUser { noteOutput(slot, isSpoken ? .transcript : .text) }
        emitUpdate(slot, part, from: start)
    }

    /// Counts the bytes of an audio delta. A recording may hold the byte count in place of the audio.
    mutating func addAudio(_ event: borrowing EventReader) {
        let kind = event.value(event.fields.delta)?.kind
        guard kind == .string || kind == .number, let slot = assistantItem(event) else { return }
        let contentIndex = event.int(event.fields.contentIndex) ?? 0
        let bytes =
            if kind == .number {
                max(0, event.int(event.fields.delta) ?? 0)
            } else {
                event.withText(event.fields.delta) { Base64.decodedCount($0) } ?? 0
            }
        let isFirst = conversation.addAudio(bytes: bytes, to: slot, contentIndex: contentIndex, at: emitter.clock.at)
        guard isFirst == true else { return }
        noteOutput(slot, .audio)
        let response = conversation.items[slot].responseID.map { IDKey($0) }
        conversation.items[slot].audioRate = response.flatMap { responses[$0]?.audioRate } ?? responses.audioRate
    }

    /// The assistant's item that the event names, linked to its response; nil if the event names no item.
    mutating func assistantItem(_ event: borrowing EventReader) -> Int? {
        guard let key = conversation.itemKeyCache.key(event.fields.itemID, event) else { return nil }
        if let slot = conversation.find(key), conversation.items[slot].responseID != nil { return slot }
        let response = responses.open(event.fields.responseID, event, turn: turn)
        return assistantItem(key, response: response) { event.string(event.fields.itemID) ?? "" }
    }

    /// An assistant's item, created when unknown and linked to its response. An item that cannot hold the assistant's
    /// words stays unchanged.
    mutating func assistantItem(_ key: IDKey, response: IDKey?, id: () -> String) -> Int {
        let record = response.flatMap { responses[$0] }
        let slot = conversation.item(key, turn: record?.turn ?? turn, id: id)
        guard conversation.items[slot].canHoldWords(of: .assistant) else { return slot }
        if conversation.items[slot].kind == .unknown { conversation.items[slot].kind = .message }
        if conversation.items[slot].role == .unknown { conversation.items[slot].role = .assistant }
        if conversation.items[slot].responseID == nil, let response, let record {
            conversation.items[slot].responseID = record.id
            conversation.items[slot].isOutOfBand = record.isOutOfBand
            conversation.items[slot].responseMetadata = record.metadata
            responses[response]?.items.append(key)
        }
        return slot
    }

    private mutating func noteOutput(_ slot: Int, _ output: ResponseRecord.Output) {
        guard let id = conversation.items[slot].responseID else { return }
        noteOutput(of: IDKey(id), output)
    }

    /// Records a response's output of a kind; only the first of each kind counts.
    mutating func noteOutput(of response: IDKey, _ output: ResponseRecord.Output) {
        responses[response]?.note(output, at: emitter.clock.at)
        guard let record = responses[response], !record.isOutOfBand else { return }
        alarms.stopWaiting()
        conversation.turns.answerBegan(record.turn)
    }

    /// Applies the complete text of an assistant's content part.
    mutating func handleAssistantText(_ code: EventType.Code, _ event: borrowing EventReader) {
        var words: Int32
        switch code {
        case .responseOutputTextDone: words = event.index(event.fields.textField)
        case .responseOutputAudioTranscriptDone: words = event.index(event.fields.transcript)
        default:
            words = event.index(event.fields.partTranscript)
            if !event.hasText(at: words) { words = event.index(event.fields.partText) }
        }
        guard event.hasText(at: words), let slot = spokenItem(event) else { return }
        let isSpoken = code == .responseOutputAudioTranscriptDone || words == event.index(event.fields.partTranscript)
        let contentIndex = event.int(event.fields.contentIndex) ?? 0
        event.withText(at: words) {
            conversation.setAssistantText(
                $0, of: slot, contentIndex: contentIndex, isSpoken: isSpoken, at: emitter.clock.at)
        }
        noteOutput(slot, isSpoken ? .transcript : .text)
    }

    mutating func completeTranscription(_ event: borrowing EventReader) {
        conversation.userAudio.wasTranscribed = true
        let words = event.index(event.fields.transcript)
        let hasWords = words >= 0 && event[words].kind == .string
        let key = hasWords ? event.withText(at: words) { IDKey($0) } : IDKey("")
        guard let slot = transcribedItem(key, event) else { return }
        let contentIndex = event.int(event.fields.contentIndex) ?? 0
        if conversation.keepsText, let part = conversation.items[slot].makePart(contentIndex, isSpoken: true) {
            conversation.items[slot].parts[part].language = event.string(
                at: event.firstIndex(event.fields.languageCode))
            conversation.items[slot].parts[part].confidence = confidence(event)
        }
        guard hasWords else {
            return conversation.completeUserText(of: slot, contentIndex: contentIndex, at: emitter.clock.at)
        }
        let isPlaced = event.withText(at: words) {
            conversation.completeUserText(
                $0, of: slot, contentIndex: contentIndex, isSpoken: true, at: emitter.clock.at)
        }
        if !isPlaced { raiseMisplaced(.tooManyParts, slot, isUser: true) }
    }

    /// The mean probability of the transcription's tokens; nil if the server sent none.
    private func confidence(_ event: borrowing EventReader) -> Double? {
        var sum = 0.0
        var count = 0.0
        var index = event.firstIndex(event.fields.logProbability)
        while index >= 0 {
            if let logProbability = event.double(at: index) {
                sum += exp(min(logProbability, 0))
                count += 1
            }
            index = event.nextIndex(index)
        }
        return count > 0 ? sum / count : nil
    }

    /// Stores a segment's speaker and times. The segment also shows that the item is being transcribed; its words are
    /// repeated in the complete transcript.
    mutating func noteSegment(_ event: borrowing EventReader) {
        guard let slot = transcribedItem(nil, event) else { return }
        conversation.items[slot].expectsTranscript = true
        let contentIndex = event.int(event.fields.contentIndex) ?? 0
        guard conversation.keepsText, let part = conversation.items[slot].makePart(contentIndex, isSpoken: true),
            conversation.items[slot].parts[part].end == nil
        else { return }
        var segment = UtteranceSegment()
        segment.speaker = event.string(event.fields.speaker)
        segment.text = event.string(event.fields.textField)
        segment.audioStartMs = EventClock.milliseconds(event.double(event.fields.segmentStart))
        segment.audioEndMs = EventClock.milliseconds(event.double(event.fields.segmentEnd))
        conversation.items[slot].parts[part].append(segment)
    }

    mutating func failTranscription(_ event: borrowing EventReader) {
        conversation.userAudio.wasTranscribed = true
        if let slot = conversation.userItem(event) ?? conversation.unnamedFailedItem(event) {
            let contentIndex = event.int(event.fields.contentIndex) ?? 0
            conversation.failUserText(of: slot, contentIndex: contentIndex, at: emitter.clock.at)
        }
        emitUtterances()
        raiseTranscriptionError(event)
    }
}
