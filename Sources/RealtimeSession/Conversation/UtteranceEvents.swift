internal import EventJSON
internal import RealtimeEvents

extension SessionState {
    /// Emits the changes of utterances.
    mutating func emitUtterances() {
        guard conversation.hasChanges else { return }
        repeat {
            for change in conversation.changes { emit(change) }
            conversation.forget(at: emitter.clock.at)
        } while !conversation.changes.isEmpty
    }

    private mutating func emit(_ change: Conversation.UtteranceChange) {
        let item = conversation.items[change.slot]
        let part = item.parts[change.part]
        let partID = "\(item.id)/\(part.contentIndex)"
        let previousID = conversation.previousID(of: change.slot)
        let fill = { (utterance: inout Utterance) in
            Self.fill(&utterance, item, part)
            utterance.previousItemID = previousID
            utterance.text = part.string
            if item.role != .user {
                utterance.heardText = Utterance.heardText(
                    of: part.string, heardMs: part.heardMs, audioMs: utterance.audioMs)
            }
            utterance.status = part.end.map(Self.status)
            utterance.segments = part.segments.isEmpty ? nil : part.segments
        }
        switch change.kind {
        case .heard:
            emitter.emit(.routerUtteranceHeard, "utterance.heard/\(partID)", turn: item.turn, fill)
        case .done:
            emitter.totals.utterances += 1
            emitter.emit(.routerUtteranceDone, "utterance.done/\(partID)", turn: item.turn, fill)
        case .revised:
            let number = part.revisions
            emitter.emit(.routerUtteranceRevised, "utterance.revised/\(partID)/\(number)", turn: item.turn) {
                (utterance: inout Utterance) in
                fill(&utterance)
                utterance.sequence = number
            }
        }
    }

    /// Emits `router.utterance.updated` for the words from a byte offset on.
    mutating func emitUpdate(_ slot: Int, _ part: Int, from start: Int) {
        guard emitter.observed.contains(.routerUtteranceUpdated) else {
            _ = emitter.clock.nextDerivedIndex()
            return
        }
        conversation.items[slot].parts[part].updates += 1
        let item = conversation.items[slot]
        let part = item.parts[part]
        let previousID = conversation.previousID(of: slot)
        let id = "utterance.updated/\(item.id)/\(part.contentIndex)/\(part.updates)"
        emitter.emit(.routerUtteranceUpdated, id, turn: item.turn) { (utterance: inout Utterance) in
            Self.fill(&utterance, item, part)
            utterance.previousItemID = previousID
            utterance.text = part.settledString()
            utterance.delta = part.settledString(from: start)
            utterance.sequence = part.updates
        }
    }

    private static func fill(_ utterance: inout Utterance, _ item: ItemRecord, _ part: UtterancePart) {
        utterance.itemID = item.id
        utterance.contentIndex = part.contentIndex
        utterance.role = item.role == .user ? .user : .assistant
        utterance.modality = part.isSpoken ? .audio : .text
        utterance.responseID = item.responseID
        utterance.outOfBand = item.isOutOfBand ? true : nil
        utterance.responseMetadata = item.responseMetadata
        utterance.phase = item.phase.map(ItemPhase.init(rawValue:))
        utterance.heardMs = part.heardMs
        utterance.language = part.language
        utterance.confidence = part.confidence
        if item.role == .user {
            fillUserTimes(&utterance, item, part)
        } else {
            utterance.startedMs = EventClock.milliseconds(part.beganAt)
            utterance.endedMs = EventClock.milliseconds(part.endedAt)
            if part.audioBytes > 0, item.audioRate > 0 {
                utterance.audioMs = part.audioBytes * 1000 / item.audioRate
            }
        }
    }

    private static func fillUserTimes(_ utterance: inout Utterance, _ item: ItemRecord, _ part: UtterancePart) {
        let isSpoken = part.isSpoken
        utterance.startedMs = EventClock.milliseconds(item.speechStartedAt ?? (isSpoken ? nil : item.addedAt))
        utterance.endedMs = EventClock.milliseconds(item.speechStoppedAt ?? item.addedAt)
        guard isSpoken else { return }
        if item.speechStartedAt == nil { utterance.audioStartMs = item.audioStartMs }
        if item.speechStoppedAt == nil { utterance.audioEndMs = item.audioEndMs }
        if let start = item.audioStartMs, let end = item.audioEndMs {
            // A server may send any times, even ones whose difference overflows.
            let (length, isOverflow) = end.subtractingReportingOverflow(start)
            if length >= 0, !isOverflow { utterance.audioMs = length }
        }
    }

    private static func status(_ end: UtterancePart.End) -> UtteranceStatus {
        switch end {
        case .completed: .completed
        case .interrupted: .interrupted
        case .failed: .failed
        case .incomplete: .incomplete
        }
    }
}
