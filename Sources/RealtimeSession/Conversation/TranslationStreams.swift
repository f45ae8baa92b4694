internal import EventJSON
internal import RealtimeEvents

// Translation sessions: the speaker's words and their translation.
extension SessionState {
    /// Applies a delta of the user's words or of their translation.
    mutating func addStreamWords(_ role: ItemRecord.Role, _ event: borrowing EventReader) {
        let words = event.index(event.fields.delta)
        guard event.hasText(at: words) else { return }
        if role == .user { noteUserActivity() }
        let halves = event.surrogateHalves(at: words)
        let added = event.withText(at: words) {
            conversation.addStreamWords($0, halves, of: role, at: emitter.clock.at)
        }
        guard let added, case .added(let part, let start, _) = added.addition else { return }
        emitUpdate(added.slot, part, from: start)
    }

    /// Applies an event of a type unknown to the library, if it carries the complete text of a stream's utterance.
    mutating func handleStreamText(_ event: borrowing EventReader) {
        let role: ItemRecord.Role
        if event.equals(event.fields.type, "session.input_transcript.completed") {
            role = .user
        } else if event.equals(event.fields.type, "session.output_transcript.done") {
            role = .assistant
        } else {
            return
        }
        let words = event.index(event.fields.transcript)
        guard event.hasText(at: words) else { return }
        event.withText(at: words) { conversation.completeStream(role, with: $0, at: emitter.clock.at) }
    }

    /// Closes the open utterances, because the translation ended.
    mutating func closeStreams() {
        conversation.endStreams(onlySentences: false, at: emitter.clock.at)
    }
}

// Translation sessions: one stream of words for each language, without items from the server.
extension Conversation {
    private subscript(stream role: ItemRecord.Role) -> WordStream {
        get { role == .user ? inputStream : outputStream }
        _modify {
            if role == .user { yield &inputStream } else { yield &outputStream }
        }
    }

    /// Adds words to a stream.
    ///
    /// - Returns: The item that the words were added to and the result; nil if the words are only spaces between
    ///   utterances.
    mutating func addStreamWords(
        _ words: RawSpan, _ halves: SurrogateHalves, of role: ItemRecord.Role, at: Double?
    ) -> (slot: Int, addition: Addition)? {
        if self[stream: role].isOver(before: words, at: at) { endStream(role, at: at) }
        let blanks = self[stream: role].item == nil ? WordStream.blanks(words) : 0
        guard blanks < words.byteCount else { return nil }
        let slot = streamItem(role, at: at)
        self[stream: role].note(words, at: at)
        items[slot].speechStoppedAt = at
        let addition = addWords(
            words.extracting(blanks...), halves, to: slot, contentIndex: 0, isSpoken: true, at: at)
        return (slot, addition)
    }

    /// Ends a stream's utterance with its complete text from the server.
    mutating func completeStream(_ role: ItemRecord.Role, with words: RawSpan, at: Double?) {
        if !self[stream: role].hasEndedEarlier {
            let slot = streamItem(role, at: at)
            if role == .user {
                completeUserText(words, of: slot, contentIndex: 0, isSpoken: true, at: at)
            } else {
                setAssistantText(words, of: slot, contentIndex: 0, isSpoken: true, at: at)
            }
        }
        endStream(role, isCompletedByServer: true, at: at)
    }

    /// Ends the utterances of both streams.
    ///
    /// - Parameter onlySentences: Whether to leave utterances open that do not end with a sentence.
    mutating func endStreams(onlySentences: Bool, at: Double?) {
        for role in [ItemRecord.Role.user, .assistant] where !onlySentences || self[stream: role].isAtSentenceEnd {
            endStream(role, at: at)
        }
    }

    private mutating func endStream(_ role: ItemRecord.Role, isCompletedByServer: Bool = false, at: Double?) {
        if let key = self[stream: role].item, let slot = find(key) { close(slot, .completed, at: at) }
        self[stream: role].end(isCompletedByServer: isCompletedByServer)
    }

    /// The item of a stream's current utterance; created for the first words.
    private mutating func streamItem(_ role: ItemRecord.Role, at: Double?) -> Int {
        if let key = self[stream: role].item, let slot = find(key) { return slot }
        let id = self[stream: role].begin()
        let slot = item(IDKey(id), turn: turn) { id }
        items[slot].kind = .message
        items[slot].role = role
        items[slot].expectsTranscript = role == .user
        items[slot].speechStartedAt = at
        if let part = items[slot].makePart(0, isSpoken: true), role == .assistant {
            items[slot].parts[part].language = outputLanguage
        }
        order.append(slot, key: items[slot].key, .assumed)
        return slot
    }
}
