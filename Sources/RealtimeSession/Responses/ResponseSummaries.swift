internal import EventJSON
internal import RealtimeEvents

// Emits `router.response.done` and `router.turn.done`.
extension SessionState {
    mutating func emitResponse(_ response: ResponseRecord, _ event: borrowing EventReader) {
        let audioMs = audioLength(response)
        let phase = items(of: response.key).compactMap { conversation.items[$0].phase }.last
        responses[response.key]?.usage = Self.usageKey(event)
        emitter.emit(.routerResponseDone, "response.done/\(response.id)", turn: response.turn) {
            [clock = emitter.clock] (body: inout ResponseSummary) in
            body.responseID = response.id
            body.outOfBand = response.isOutOfBand ? true : nil
            body.responseMetadata = response.metadata
            body.phase = phase.map(ItemPhase.init(rawValue:))
            body.status = response.status
            body.reason = event.string(event.fields.responseReason)
            body.errorCode = event.string(event.fields.responseErrorCode)
            body.errorMessage = event.string(event.fields.responseErrorMessage)
            body.usage = Self.usage(event)
            body.firstOutputMs = EventClock.milliseconds(from: response.createdAt, to: response.firstOutputAt)
            body.durationMs = EventClock.milliseconds(from: response.createdAt, to: clock.at)
            body.audioMs = audioMs
        }
    }

    /// The length of a response's audio in ms; nil if no audio arrived.
    mutating func audioLength(_ response: ResponseRecord) -> Int? {
        var milliseconds = 0
        for item in response.items.compactMap({ conversation.find($0) }).map({ conversation.items[$0] }) {
            let bytes = item.parts.reduce(0) { $0 + $1.audioBytes }
            guard bytes > 0, item.audioRate > 0 else { continue }
            milliseconds += bytes * 1000 / item.audioRate
        }
        return milliseconds > 0 ? milliseconds : nil
    }

    mutating func finishTurn(_ response: ResponseRecord, _ event: borrowing EventReader) {
        conversation.turns.add(
            tokens: event.int(event.fields.responseUsageTotal)
                ?? event.int(event.fields.usageTotal),
            input: event.int(event.fields.responseUsageInput) ?? event.int(event.fields.usageInput),
            output: event.int(event.fields.responseUsageOutput)
                ?? event.int(event.fields.usageOutput), to: response.turn)
        let isAnswer = response.hasSpoken || response.hasMessage && response.status == "completed"
        guard isAnswer, !response.isOutOfBand, let turn = conversation.turns.finish(response.turn) else { return }
        emitter.totals.turns += 1
        let isInterrupted =
            response.status == "cancelled" || response.isInterruptionEmitted || response.interruption != nil
        let latency = response.firstPerceived.flatMap { EventClock.milliseconds(from: turn.endedAt, to: $0.at) }
        emitter.emit(.routerTurnDone, "turn.done/\(turn.number)", turn: turn.number) { (body: inout Turn) in
            body.itemID = turn.itemID
            body.responseID = response.id
            body.latencyMs = latency
            if latency != nil {
                body.latencyBasis = turn.basis
                body.latencyOutput = response.firstPerceived.map { Self.output($0.output) }
            }
            body.firstTokenMs = EventClock.milliseconds(from: turn.endedAt, to: response.firstOutputAt)
            body.interrupted = isInterrupted
            body.tokens = turn.tokens
            body.inputTokens = turn.inputTokens
            body.outputTokens = turn.outputTokens
        }
    }

    private static func output(_ output: ResponseRecord.Output) -> LatencyOutput {
        switch output {
        case .audio: .audio
        case .audioBuffer: .audioBuffer
        case .text: .text
        case .transcript: .transcript
        }
    }

    /// Emits another `router.response.done`, marked as revised, when the server repeats `response.done` with other
    /// token counts.
    mutating func reviseUsage(of response: ResponseRecord, _ event: borrowing EventReader) {
        guard let usage = Self.usageKey(event), usage != response.usage else { return }
        responses[response.key]?.usage = usage
        responses[response.key]?.usageRevisions += 1
        let id = "response.done/\(response.id)/\(response.usageRevisions + 2)"
        let value = Self.usage(event)
        emitter.emit(.routerResponseDone, id, turn: response.turn) { (body: inout ResponseSummary) in
            body.responseID = response.id
            body.outOfBand = response.isOutOfBand ? true : nil
            body.responseMetadata = response.metadata
            body.status = response.status
            body.usage = value
            body.revised = true
        }
    }

    /// The byte range of the token counts: in the response, or beside it as xAI sends them.
    private static func usageRange(_ event: borrowing EventReader) -> Range<Int>? {
        for field in [event.fields.responseUsage, event.fields.usage] {
            // An empty object counts as absent.
            guard let value = event.value(field), value.kind == .object, value.range.count > 2 else { continue }
            return Int(value.range.start)..<Int(value.range.end)
        }
        return nil
    }

    /// A compact key of the token counts, to detect that the server repeats them.
    static func usageKey(_ event: borrowing EventReader) -> IDKey? {
        usageRange(event).map { event.withText(in: $0) { IDKey($0) } }
    }

    /// The token counts as the server sent them.
    static func usage(_ event: borrowing EventReader) -> JSONValue? {
        usageRange(event).flatMap { event.withText(in: $0) { try? JSONValue(parsing: $0) } }
    }
}
