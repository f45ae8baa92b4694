internal import EventJSON

extension Conversation {
    /// What became of the words of a delta.
    enum Addition {
        /// They were added to a part. `start` is the byte of its text at which the settled ones begin.
        case added(part: Int, start: Int, isFirst: Bool)
        /// The part has ended.
        case late
        /// The item has too many parts.
        case tooManyParts
    }

    /// Takes the words of a delta in.
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

    /// Counts the assistant's audio in.
    ///
    /// - Returns: whether it is the first of its part; nil when the part is over.
    mutating func addAudio(bytes: Int, to slot: Int, contentIndex: Int, at: Double?) -> Bool? {
        guard let part = items[slot].makePart(contentIndex, isSpoken: true), items[slot].parts[part].end == nil
        else { return nil }
        let isFirst = items[slot].parts[part].audioBytes == 0
        if isFirst { begin(slot, part, at: at) }
        items[slot].parts[part].isSpoken = true
        items[slot].parts[part].audioBytes += bytes
        return isFirst
    }

    private mutating func begin(_ slot: Int, _ part: Int, at: Double?) {
        if items[slot].parts[part].beganAt == nil { items[slot].parts[part].beganAt = at }
        // A server that never says where the assistant's item stands: where it began to speak.
        if items[slot].role == .assistant, order.certainty(slot) == .none {
            order.append(slot, key: items[slot].key, .assumed)
        }
    }

    /// Takes the whole text of an assistant's part in, from whatever event has it.
    mutating func setAssistantText(_ words: RawSpan, of slot: Int, contentIndex: Int, isSpoken: Bool, at: Double?) {
        guard words.byteCount > 0, let part = items[slot].makePart(contentIndex, isSpoken: isSpoken) else { return }
        let wasOver = items[slot].parts[part].end != nil
        if !wasOver, !items[slot].parts[part].hasContent { begin(slot, part, at: at) }
        let mayShorten = !wasOver && !items[slot].parts[part].isTruncated
        if items[slot].parts[part].replace(words, keepsText: keepsText, mayShorten: mayShorten), wasOver {
            tellRevised(slot, part)
        }
        // Its item ended without these words.
        guard items[slot].isClosed, !wasOver else { return }
        end(slot, part, items[slot].closingEnd, at: at)
        release(slot)
    }

    /// Takes the final words of a user's part in: a transcription, or what was typed.
    ///
    /// - Returns: false when the item has too many parts.
    @discardableResult
    mutating func completeUserText(
        _ words: RawSpan, of slot: Int, contentIndex: Int, isSpoken: Bool, at: Double?
    ) -> Bool {
        guard let part = items[slot].makePart(contentIndex, isSpoken: isSpoken) else { return false }
        let previousEnd = items[slot].parts[part].end
        let isChanged = items[slot].parts[part].replace(words, keepsText: keepsText, mayShorten: true)
        guard previousEnd == nil else {
            items[slot].parts[part].end = .completed
            if isChanged || previousEnd != .completed { tellRevised(slot, part) }
            return true
        }
        if words.byteCount == 0 { items[slot].parts[part].text.removeAll() }
        end(slot, part, .completed, at: at)
        release(slot)
        return true
    }

    /// Ends a user's part with the words that its deltas gave.
    mutating func completeUserText(of slot: Int, contentIndex: Int, at: Double?) {
        guard let part = items[slot].makePart(contentIndex, isSpoken: true), items[slot].parts[part].end == nil else {
            return
        }
        end(slot, part, .completed, at: at)
        release(slot)
    }

    /// Settles a user's part whose transcription failed.
    mutating func failUserText(of slot: Int, contentIndex: Int, at: Double?) {
        guard let part = items[slot].makePart(contentIndex, isSpoken: true), items[slot].parts[part].end == nil
        else { return }
        end(slot, part, .failed, at: at)
        release(slot)
    }

    /// Ends an item: its parts that are still open get an end, and nothing waits for it any longer.
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

    /// Corrects how the parts of an ended item ended.
    mutating func correctEnd(_ slot: Int, from old: UtterancePart.End, to new: UtterancePart.End) {
        for part in items[slot].parts.indices {
            guard items[slot].parts[part].end == old, !items[slot].parts[part].isTruncated else { continue }
            items[slot].parts[part].end = new
            tellRevised(slot, part)
        }
    }

    /// Takes in that an assistant's part was cut off while it played.
    mutating func truncate(_ slot: Int, contentIndex: Int, heardMs: Int?) {
        guard let part = items[slot].part(contentIndex) else { return }
        items[slot].parts[part].isTruncated = true
        items[slot].parts[part].heardMs = heardMs
        guard items[slot].parts[part].end != nil else { return }
        items[slot].parts[part].end = .interrupted
        tellRevised(slot, part)
    }

    /// Takes in that an item left the conversation: it gets no more words, and nothing waits for it.
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
        tellHeard(slot, part)
    }
}

extension Conversation {
    /// Puts an item where the server says.
    ///
    /// - Parameter previous: The item before it; nil when the server named none, which means the end.
    mutating func place(_ slot: Int, behind previous: (key: IDKey, id: String)?) {
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
            order.place(slot, behind: previousSlot)
        } else {
            order.append(slot, key: key, awaiting: previous.key)
        }
        release(slot)
    }
}
