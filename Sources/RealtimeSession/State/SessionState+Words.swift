internal import EventJSON
internal import RealtimeEvents

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

// Deltas, and the events that say a text or a transcription whole.
extension SessionState {
    /// Takes the words of a text or transcript delta in, of either side.
    mutating func addWords(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        let isUser = code == .conversationItemInputAudioTranscriptionDelta
        let isSpoken = code != .responseOutputTextDelta
        let words = slots.index(fields.delta)
        guard words >= 0, slots[words].kind == .string,
            let slot = isUser
                ? transcribedItem(nil, fields, &slots, text, into: &derived)
                : spokenItem(fields, &slots, text, into: &derived)
        else { return }
        if isUser {
            callerAudio.wasTranscribed = true
            utterances.items[slot].expectsTranscript = true
        }
        let contentIndex = slots.int(slot: fields.contentIndex, in: text) ?? 0
        let halves = slots.surrogateHalves(words, in: text)
        let addition = slots.withText(words, in: text) {
            utterances.addWords($0, halves, to: slot, contentIndex: contentIndex, isSpoken: isSpoken, at: clock.at)
        }
        guard case .added(let part, let start, let isFirst) = addition else {
            let isLate = if case .late = addition { true } else { false }
            return raiseMisplaced(isLate ? .late : .tooManyParts, slot, isUser: isUser, into: &derived)
        }
        if isFirst, !isUser { noteOutput(slot, isSpoken ? .transcript : .text) }
        if observed.contains(.routerUtteranceUpdated) {
            tellUpdate(slot, part, from: start, into: &derived)
        } else {
            _ = clock.nextPlace()
        }
    }

    /// Counts the bytes of an audio delta.
    mutating func addAudio(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) {
        guard slots.value(fields.delta)?.kind == .string, let slot = assistantItem(fields, &slots, text) else { return }
        let contentIndex = slots.int(slot: fields.contentIndex, in: text) ?? 0
        let bytes = slots.withText(slot: fields.delta, in: text) { Base64.decodedCount($0) } ?? 0
        let isFirst = utterances.addAudio(bytes: bytes, to: slot, contentIndex: contentIndex, at: clock.at)
        guard isFirst == true else { return }
        noteOutput(slot, .audio)
        let response = utterances.items[slot].responseID.map { IDKey($0) }
        utterances.items[slot].audioRate = response.flatMap { responses[$0]?.audioRate } ?? audioRate
    }

    /// The assistant's item that the event names, with the response that it belongs to.
    mutating func assistantItem(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) -> Int? {
        guard let key = lastItem.key(fields.itemID, &slots, text) else { return nil }
        if let slot = utterances.find(key), utterances.items[slot].responseID != nil { return slot }
        let response = openResponse(fields.responseID, &slots, text)
        return assistantItem(key, response: response) { slots.string(slot: fields.itemID, in: text) ?? "" }
    }

    /// An assistant's item, made on first sight, with the response that it belongs to. An item that is none stays as it is.
    mutating func assistantItem(_ key: IDKey, response: IDKey?, id: () -> String) -> Int {
        let record = response.flatMap { responses[$0] }
        let slot = utterances.item(key, turn: record?.turn ?? turn, id: id)
        guard utterances.items[slot].canHoldWords(of: .assistant) else { return slot }
        if utterances.items[slot].kind == .unknown { utterances.items[slot].kind = .message }
        if utterances.items[slot].role == .unknown { utterances.items[slot].role = .assistant }
        if utterances.items[slot].responseID == nil, let response, let record {
            utterances.items[slot].responseID = record.id
            utterances.items[slot].isOutOfBand = record.isOutOfBand
            utterances.items[slot].responseMetadata = record.metadata
            responses[response]?.items.append(key)
        }
        return slot
    }

    private mutating func noteOutput(_ slot: Int, _ output: ResponseRecord.Output) {
        guard let id = utterances.items[slot].responseID else { return }
        noteOutput(of: IDKey(id), output)
    }

    /// Takes in that a response gave its first output of a kind.
    mutating func noteOutput(of response: IDKey, _ output: ResponseRecord.Output) {
        responses[response]?.note(output, at: clock.at)
        guard let record = responses[response], !record.isOutOfBand else { return }
        alarms.answer()
        turns.answerBegan(record.turn)
    }

    /// Takes the whole text of an assistant's content part in.
    mutating func takeAssistantText(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        var words: Int32
        switch code {
        case .responseOutputTextDone: words = slots.index(fields.textField)
        case .responseOutputAudioTranscriptDone: words = slots.index(fields.transcript)
        default:
            words = slots.index(fields.partTranscript)
            if !slots.hasText(at: words) { words = slots.index(fields.partText) }
        }
        guard slots.hasText(at: words), let slot = spokenItem(fields, &slots, text, into: &derived) else { return }
        let isSpoken = code == .responseOutputAudioTranscriptDone || words == slots.index(fields.partTranscript)
        let contentIndex = slots.int(slot: fields.contentIndex, in: text) ?? 0
        slots.withText(words, in: text) {
            utterances.setAssistantText($0, of: slot, contentIndex: contentIndex, isSpoken: isSpoken, at: clock.at)
        }
        noteOutput(slot, isSpoken ? .transcript : .text)
    }

    mutating func completeTranscription(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        callerAudio.wasTranscribed = true
        let words = slots.index(fields.transcript)
        let hasWords = words >= 0 && slots[words].kind == .string
        let key = hasWords ? slots.withText(words, in: text) { IDKey($0) } : IDKey("")
        guard let slot = transcribedItem(key, fields, &slots, text, into: &derived) else { return }
        let contentIndex = slots.int(slot: fields.contentIndex, in: text) ?? 0
        if utterances.keepsText, let part = utterances.items[slot].makePart(contentIndex, isSpoken: true) {
            utterances.items[slot].parts[part].language = slots.string(slots.firstIndex(fields.languageCode), in: text)
            utterances.items[slot].parts[part].confidence = confidence(fields, slots, text)
        }
        guard hasWords else {
            return utterances.completeUserText(of: slot, contentIndex: contentIndex, at: clock.at)
        }
        let isPlaced = slots.withText(words, in: text) {
            utterances.completeUserText($0, of: slot, contentIndex: contentIndex, isSpoken: true, at: clock.at)
        }
        if !isPlaced { raiseMisplaced(.tooManyParts, slot, isUser: true, into: &derived) }
    }

    /// The mean probability of the tokens of a transcription; nil when the server gave none.
    private func confidence(_ fields: SessionFields, _ slots: borrowing FieldSlots, _ text: RawSpan) -> Double? {
        var sum = 0.0
        var count = 0.0
        var index = slots.firstIndex(fields.logProbability)
        while index >= 0 {
            if let logProbability = slots.double(index, in: text) {
                sum += exp(min(logProbability, 0))
                count += 1
            }
            index = slots.nextIndex(index)
        }
        return count > 0 ? sum / count : nil
    }

    /// A segment says who speaks, and that the item is being transcribed; its words come again with the whole.
    mutating func noteSegment(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        guard let slot = transcribedItem(nil, fields, &slots, text, into: &derived) else { return }
        utterances.items[slot].expectsTranscript = true
        let contentIndex = slots.int(slot: fields.contentIndex, in: text) ?? 0
        guard utterances.keepsText, let part = utterances.items[slot].makePart(contentIndex, isSpoken: true),
            utterances.items[slot].parts[part].end == nil
        else { return }
        var segment = UtteranceSegment()
        segment.speaker = slots.string(slot: fields.speaker, in: text)
        segment.text = slots.string(slot: fields.textField, in: text)
        segment.audioStartMs = EventClock.milliseconds(slots.double(slot: fields.segmentStart, in: text))
        segment.audioEndMs = EventClock.milliseconds(slots.double(slot: fields.segmentEnd, in: text))
        utterances.items[slot].parts[part].append(segment)
    }

    mutating func failTranscription(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        callerAudio.wasTranscribed = true
        if let slot = userItem(fields, &slots, text) ?? unnamedFailure(fields, slots) {
            let contentIndex = slots.int(slot: fields.contentIndex, in: text) ?? 0
            utterances.failUserText(of: slot, contentIndex: contentIndex, at: clock.at)
        }
        tellNews(into: &derived)
        raiseTranscriptionError(fields, &slots, text, into: &derived)
    }
}
