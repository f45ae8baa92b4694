internal import EventJSON

extension Conversation {
    /// The result of adding a delta.
    enum Addition {
        /// The words were added to a part. `start` is the byte offset in the part's text at which the new final text
        /// begins.
        case added(part: Int, start: Int, isFirst: Bool)
        /// The part had ended.
        case late
        /// The item has too many parts.
        case tooManyParts
    }

    /// Adds the words of a delta.
    mutating func addWords(
        _ words: RawSpan, _ halves: SurrogateHalves, to slot: Int, contentIndex: Int, isSpoken: Bool, at: Double?
    ) -> Addition {
        guard let part = items[slot].makePart(contentIndex, isSpoken: isSpoken) else { return .tooManyParts }
        guard items[slot].parts[part].end == nil, !items[slot].isClosed else { return .late }
        let isFirst = !items[slot].parts[part].hasWords
        if isFirst { begin(slot, part, at: at) }
        let start = items[slot].parts[part].settledCount
        items[slot].parts[part].append(words, halves, keepsText: keepsText)
        return .added(part: part, start: start, isFirst: isFirst)
    }

    /// Adds to the count of the assistant's audio bytes.
    ///
    /// - Returns: Whether this is the first audio of the part; nil if the part has ended or cannot be created.
    mutating func addAudio(bytes: Int, to slot: Int, contentIndex: Int, at: Double?) -> Bool? {
        guard let part = items[slot].makePart(contentIndex, isSpoken: true), items[slot].parts[part].end == nil
        else { return nil }
        let isFirst = items[slot].parts[part].audioBytes == 0
        if isFirst { begin(slot, part, at: at) }
        items[slot].parts[part].isSpoken = true
        items[slot].parts[part].addAudio(bytes: bytes)
        return isFirst
    }

    private mutating func begin(_ slot: Int, _ part: Int, at: Double?) {
        if items[slot].parts[part].beganAt == nil { items[slot].parts[part].beganAt = at }
        // Some servers never state the position of the assistant's item. The item is then placed where its speech
        // began.
        if items[slot].role == .assistant, order.certainty(slot) == .none {
            order.append(slot, key: items[slot].key, .assumed)
        }
    }

    /// Sets the complete text of an assistant's part, from any event that carries it.
    mutating func setAssistantText(_ words: RawSpan, of slot: Int, contentIndex: Int, isSpoken: Bool, at: Double?) {
        guard words.byteCount > 0, let part = items[slot].makePart(contentIndex, isSpoken: isSpoken) else { return }
        let wasOver = items[slot].parts[part].end != nil
        if !wasOver, !items[slot].parts[part].hasContent { begin(slot, part, at: at) }
        let mayShorten = !wasOver && !items[slot].parts[part].isTruncated
        if items[slot].parts[part].replace(words, keepsText: keepsText, mayShorten: mayShorten), wasOver {
            recordRevised(slot, part)
        }
        // The item had ended without this part.
        guard items[slot].isClosed, !wasOver else { return }
        end(slot, part, items[slot].closingEnd, at: at)
        release(slot)
    }

    /// Sets the final words of a user's part: a transcript or typed text.
    ///
    /// - Returns: False if the item has too many parts.
    @discardableResult
    mutating func completeUserText(
        _ words: RawSpan, of slot: Int, contentIndex: Int, isSpoken: Bool, at: Double?
    ) -> Bool {
        guard let part = items[slot].makePart(contentIndex, isSpoken: isSpoken) else { return false }
        let previousEnd = items[slot].parts[part].end
        let isChanged = items[slot].parts[part].replace(words, keepsText: keepsText, mayShorten: true)
        guard previousEnd == nil else {
            items[slot].parts[part].end = .completed
            if isChanged || previousEnd != .completed { recordRevised(slot, part) }
            return true
        }
        if words.byteCount == 0 { items[slot].parts[part].text.removeAll() }
        end(slot, part, .completed, at: at)
        release(slot)
        return true
    }

    /// Ends a user's part with the words of its deltas.
    mutating func completeUserText(of slot: Int, contentIndex: Int, at: Double?) {
        guard let part = items[slot].makePart(contentIndex, isSpoken: true), items[slot].parts[part].end == nil else {
            return
        }
        end(slot, part, .completed, at: at)
        release(slot)
    }

    /// Ends a user's part whose transcription failed.
    mutating func failUserText(of slot: Int, contentIndex: Int, at: Double?) {
        guard let part = items[slot].makePart(contentIndex, isSpoken: true), items[slot].parts[part].end == nil
        else { return }
        end(slot, part, .failed, at: at)
        release(slot)
    }

    /// Ends an item: ends its open parts and unblocks later items.
    mutating func close(_ slot: Int, _ end: UtterancePart.End, at: Double?) {
        guard !items[slot].isClosed else { return }
        (items[slot].isClosed, items[slot].closingEnd) = (true, end)
        for part in items[slot].parts.indices where items[slot].parts[part].end == nil {
            let isAwaited = items[slot].role == .user && items[slot].expectsTranscript
            guard items[slot].parts[part].hasContent || isAwaited else { continue }
            let isCut = items[slot].parts[part].isTruncated && end == .completed
            self.end(slot, part, isCut ? .interrupted : end, at: at)
        }
        release(slot)
    }

    /// Corrects the end of an ended item's parts.
    mutating func correctEnd(_ slot: Int, from old: UtterancePart.End, to new: UtterancePart.End) {
        for part in items[slot].parts.indices {
            guard items[slot].parts[part].end == old, !items[slot].parts[part].isTruncated else { continue }
            items[slot].parts[part].end = new
            recordRevised(slot, part)
        }
    }

    /// Records that an assistant's part was truncated during playback.
    mutating func truncate(_ slot: Int, contentIndex: Int, heardMs: Int?) {
        guard let part = items[slot].part(contentIndex) else { return }
        items[slot].parts[part].isTruncated = true
        items[slot].parts[part].heardMs = heardMs
        guard items[slot].parts[part].end != nil else { return }
        items[slot].parts[part].end = .interrupted
        recordRevised(slot, part)
    }

    /// Records that an item was deleted: it gets no more words and blocks nothing.
    mutating func delete(_ slot: Int, at: Double?) {
        guard !items[slot].isClosed else { return }
        for part in items[slot].parts.indices
        where items[slot].parts[part].end == nil && items[slot].parts[part].hasContent {
            end(slot, part, .incomplete, at: at)
        }
        (items[slot].isClosed, items[slot].closingEnd) = (true, .incomplete)
        release(slot)
    }

    /// Ends everything that is open, at the end of the session.
    mutating func closeAll(at: Double?) {
        for slot in allSlots where !items[slot].isClosed {
            let isPlaced = order.certainty(slot) != .none
            if items[slot].role == .user, items[slot].expectsTranscript, isPlaced, items[slot].parts.isEmpty {
                _ = items[slot].makePart(0, isSpoken: true)
            }
            close(slot, .incomplete, at: at)
        }
        release()
    }

    private mutating func end(_ slot: Int, _ part: Int, _ end: UtterancePart.End, at: Double?) {
        items[slot].parts[part].end = end
        items[slot].parts[part].endedAt = at
        recordHeard(slot, part)
    }
}

extension Conversation {
    /// Places an item at the position that the server states.
    ///
    /// - Parameter previous: The previous item; nil if the server named no previous item, which means the end.
    mutating func place(_ slot: Int, after previous: (key: IDKey, id: String)?) {
        let key = items[slot].key
        guard let previous, previous.key != key else {
            order.append(slot, key: key, .appended)
            return release(slot)
        }
        items[slot].previousID = previous.id
        if let previousSlot = find(previous.key) {
            if order.certainty(previousSlot) == .none {
                order.append(previousSlot, key: previous.key, .assumed)
            }
            order.place(slot, after: previousSlot)
        } else {
            order.append(slot, key: key, awaiting: previous.key)
        }
        release(slot)
    }
}
