internal import EventJSON
internal import RealtimeEvents

extension SessionState {
    /// Builds a derived event, if somebody listens to its type. It takes its place on the line in any case, so that positions
    /// do not depend on who listens.
    mutating func tell<Payload: DerivedPayload>(
        _ type: EventType.Code, _ id: @autoclosure () -> String, turn: Int, cause: EventCause? = nil,
        call: CallReference? = nil, into derived: inout DerivedEvents, _ fill: (inout Payload) -> Void
    ) {
        let position = EventPosition(line: clock.line, derived: clock.nextPlace())
        guard observed.contains(type) else { return }
        var payload = Payload()
        payload.head = identity.head(type, id: id(), turn: turn, cause: cause ?? clock.cause)
        fill(&payload)
        var writer = JSONWriter(capacity: 512)
        payload.writeFields(to: &writer)
        derived.append(
            DerivedEvent(code: type, position: position, at: clock.at, bytes: writer.bytes, call: call))
    }

    /// Tells what happened to utterances.
    mutating func tellNews(into derived: inout DerivedEvents) {
        guard utterances.hasNews else { return }
        repeat {
            for news in utterances.news { tell(news, into: &derived) }
            utterances.forget(at: clock.at)
        } while !utterances.news.isEmpty
    }

    private mutating func tell(_ news: UtteranceBook.News, into derived: inout DerivedEvents) {
        let item = utterances.items[news.slot]
        let part = item.parts[news.part]
        let place = "\(item.id)/\(part.contentIndex)"
        let previousID = utterances.previousID(of: news.slot)
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
        switch news.kind {
        case .heard:
            tell(.routerUtteranceHeard, "utterance.heard/\(place)", turn: item.turn, into: &derived, fill)
        case .done:
            totals.utterances += 1
            tell(.routerUtteranceDone, "utterance.done/\(place)", turn: item.turn, into: &derived, fill)
        case .revised:
            let number = part.revisions
            tell(.routerUtteranceRevised, "utterance.revised/\(place)/\(number)", turn: item.turn, into: &derived) {
                (utterance: inout Utterance) in
                fill(&utterance)
                utterance.sequence = number
            }
        }
    }

    /// Tells that words arrived: those from a byte of the part's text on.
    mutating func tellUpdate(_ slot: Int, _ part: Int, from start: Int, into derived: inout DerivedEvents) {
        utterances.items[slot].parts[part].updates += 1
        let item = utterances.items[slot]
        let part = item.parts[part]
        let previousID = utterances.previousID(of: slot)
        let id = "utterance.updated/\(item.id)/\(part.contentIndex)/\(part.updates)"
        tell(.routerUtteranceUpdated, id, turn: item.turn, into: &derived) { (utterance: inout Utterance) in
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
                utterance.audioMs = part.audioBytes.multipliedReportingOverflow(by: 1000).partialValue / item.audioRate
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
            // A server may name any times, also such as are further apart than there are numbers.
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
