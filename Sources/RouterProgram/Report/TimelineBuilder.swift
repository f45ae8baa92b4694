import RealtimeRouter
import Synchronization

/// Builds the timeline of a session from its events.
final class TimelineBuilder: EventHandler {
    private struct State {
        var timeline: SessionTimeline
        var speechStart: Double?
        var speechEnd: Double?
        var responses: [String: Double] = [:]
        /// The index of the entry for the lost connection; nil while the connection is up.
        var lostConnection: Int?
        /// The indices of entries: of utterances by item and content index, and of calls.
        var entries: [String: Int] = [:]
    }

    private let state: Mutex<State>

    private let inclusions: Set<TranscriptInclusion>

    init(session: String, including inclusions: Set<TranscriptInclusion> = []) {
        self.inclusions = inclusions
        state = Mutex(State(timeline: SessionTimeline(key: session)))
    }

    /// The timeline so far.
    var timeline: SessionTimeline { state.withLock { $0.timeline } }

    let interests: [EventType] = [
        .routerSessionStarted, .routerUtteranceDone, .routerUtteranceRevised, .routerFunctionCallReady,
        .routerFunctionCallDone, .routerResponseDone, .routerResponseInterrupted, .routerTurnDone, .routerTurnStalled,
        .routerErrorRaised, .routerConnectionLost, .routerConnectionRestored, .routerSessionEnded, .responseCreated,
        .inputAudioBufferSpeechStarted,
        .inputAudioBufferSpeechStopped, .inputAudioBufferCommitted,
    ]

    func handle(_ delivery: EventDelivery) async throws {
        let event = delivery.event
        try state.withLock { state in
            let now = event.at ?? Double(event.position.line)
            if event.at != nil { state.timeline.hasTimes = true }
            state.timeline.end = max(state.timeline.end, now)
            switch event.type.code {
            case .routerSessionStarted: state.timeline.model = try event.decode(SessionStarted.self).model
            case .inputAudioBufferSpeechStarted: state.speechStart = now
            // If the server did not detect the end of speech, the commit ends it.
            case .inputAudioBufferSpeechStopped: Self.speechStopped(now, &state)
            case .inputAudioBufferCommitted where state.speechStart != nil: Self.speechStopped(now, &state)
            case .responseCreated: if let id = Self.responseID(event) { state.responses[id] = now }
            case .routerResponseDone: Self.add(try event.decode(ResponseSummary.self), now, &state)
            case .routerResponseInterrupted: state.timeline.interruptions.append(now)
            case .routerTurnDone: Self.add(try event.decode(Turn.self), &state)
            case .routerFunctionCallReady: Self.add(try event.decode(FunctionCall.self), now, &state)
            case .routerFunctionCallDone: Self.add(try event.decode(FunctionCallOutcome.self), now, &state)
            case .routerUtteranceDone, .routerUtteranceRevised:
                let utterance = try event.decode(Utterance.self)
                if utterance.outOfBand == true, !inclusions.contains(.outOfBand) { break }
                Self.add(utterance, now, isRevised: event.type.code == .routerUtteranceRevised, &state)
            case .routerTurnStalled: Self.add(try event.decode(TurnStalled.self), now, &state)
            case .routerErrorRaised: Self.add(try event.decode(ErrorRaised.self), now, &state)
            case .routerConnectionLost: Self.add(try event.decode(ConnectionLost.self), now, &state)
            case .routerConnectionRestored: Self.add(try event.decode(ConnectionRestored.self), now, &state)
            default: break
            }
        }
    }

    private static func responseID(_ event: RealtimeEvent) -> String? { event.json["response"]?["id"]?.string }

    private static func speechStopped(_ now: Double, _ state: inout State) {
        state.speechEnd = now
        guard let begin = state.speechStart else { return }
        state.timeline.spans.append(.init(lane: .caller, start: begin, end: now, label: "the caller speaks"))
        state.speechStart = nil
    }

    private static func add(_ response: ResponseSummary, _ now: Double, _ state: inout State) {
        if response.revised == true { return }
        let begin = response.responseID.flatMap { state.responses.removeValue(forKey: $0) } ?? now
        let status = response.status ?? "unknown"
        let why = [status, response.reason ?? response.errorCode].compactMap(\.self).joined(separator: ": ")
        state.timeline.spans.append(
            .init(
                lane: .response, start: begin, end: now, label: "response \(response.responseID ?? ""), \(why)",
                isFailed: status != "completed"))
    }

    private static func add(_ turn: Turn, _ state: inout State) {
        guard let latency = turn.latencyMs else { return }
        state.timeline.latencies.append(latency)
        guard let begin = state.speechEnd, latency > 0 else { return }
        state.timeline.spans.append(
            .init(
                lane: .wait, start: begin, end: begin + Double(latency) / 1000,
                label: "turn \(turn.head.turn ?? 0): answered after \(latency) ms", caption: "\(latency) ms"))
    }

    /// Adds a call. Its outcome arrives later, or never.
    private static func add(_ call: FunctionCall, _ now: Double, _ state: inout State) {
        state.timeline.callCount += 1
        state.entries[callKey(call.reference)] = state.timeline.entries.count
        state.timeline.entries.append(
            .init(
                speaker: .tool, time: state.timeline.hasTimes ? now : nil, words: words(call.name, call.arguments),
                remark: "no outcome in the recording"))
        state.timeline.spans.append(
            .init(
                lane: .tool, start: now, end: now, label: words(call.name, call.arguments), caption: call.name ?? "?",
                entry: state.timeline.entries.count - 1))
    }

    private static func add(_ outcome: FunctionCallOutcome, _ now: Double, _ state: inout State) {
        if state.entries[callKey(outcome.reference)] == nil {
            var call = FunctionCall()
            (call.callID, call.occurrence) = (outcome.callID, outcome.occurrence)
            (call.name, call.arguments) = (outcome.name, outcome.arguments)
            add(call, now - Double(outcome.ranMs ?? 0) / 1000, &state)
        }
        guard let place = state.entries[callKey(outcome.reference)] else { return }
        let remark = [outcome.state?.rawValue, outcome.ranMs.map { "\($0) ms" }].compactMap(\.self).joined(
            separator: ", ")
        state.timeline.entries[place].words += " → " + (outcome.output ?? outcome.error ?? "")
        state.timeline.entries[place].remark = remark
        guard let span = state.timeline.spans.firstIndex(where: { $0.entry == place }) else { return }
        state.timeline.spans[span].end = max(now, state.timeline.spans[span].start)
        state.timeline.spans[span].label += ", " + remark
        state.timeline.spans[span].isFailed = outcome.state != .completed && outcome.state != .replayed
    }

    private static func callKey(_ call: CallReference?) -> String { "call \(call?.label ?? "")" }

    private static func words(_ name: String?, _ arguments: JSONValue?) -> String {
        "\(name ?? "?") \(arguments?.string ?? arguments?.description ?? "")"
    }

    private static func add(_ error: ErrorRaised, _ now: Double, _ state: inout State) {
        let tool = [error.serverLabel, error.tool].compactMap(\.self).joined(separator: "/")
        let words = [error.code, tool.isEmpty ? nil : tool, error.message].compactMap(\.self).joined(separator: ": ")
        addError(words, error.errorClass?.rawValue, now, &state)
    }

    private static func add(_ silence: TurnStalled, _ now: Double, _ state: inout State) {
        let after = silence.after == .call ? "a function was called" : "the caller spoke"
        let waited = silence.waitedMs.map { " for \($0 / 1000) s" } ?? ""
        addError("Nothing came\(waited) after \(after).", "silence", now, &state)
    }

    private static func add(_ loss: ConnectionLost, _ now: Double, _ state: inout State) {
        addError("The connection was lost\(loss.reason.map { ": \($0)" } ?? "").", "connection", now, &state)
        state.lostConnection = state.timeline.entries.count - 1
    }

    /// Extends the error bar of the lost connection to the time of the new connection.
    private static func add(_ connection: ConnectionRestored, _ now: Double, _ state: inout State) {
        let gap = connection.gapMs.map { ", after \($0) ms" } ?? ""
        let what = connection.renewed == true ? "There was a new connection" : "The connection was back"
        guard let entry = state.lostConnection,
            let span = state.timeline.spans.firstIndex(where: { $0.entry == entry })
        else { return addError("\(what)\(gap).", "connection", now, &state) }
        state.lostConnection = nil
        state.timeline.spans[span].end = max(now, state.timeline.spans[span].start)
        state.timeline.spans[span].label += " \(what)\(gap)."
        state.timeline.entries[entry].words += " \(what)\(gap)."
    }

    private static func addError(_ words: String, _ remark: String?, _ now: Double, _ state: inout State) {
        state.timeline.entries.append(
            .init(speaker: .error, time: state.timeline.hasTimes ? now : nil, words: words, remark: remark))
        state.timeline.spans.append(
            .init(
                lane: .error, start: now, end: now, label: words, isFailed: true,
                entry: state.timeline.entries.count - 1))
    }

    private static func add(_ utterance: Utterance, _ now: Double, isRevised: Bool, _ state: inout State) {
        let isUser = utterance.role == .user
        let record = TranscriptRecord(utterance: utterance, isRevised: isRevised, session: state.timeline.key)
        let start = utterance.startedMs.map { Double($0) / 1000 }
        let entry = SessionTimeline.Entry(
            speaker: isUser ? .caller : .agent, time: start, words: record.words, remark: record.remark)
        let key = "item \(utterance.itemID ?? "") \(utterance.contentIndex ?? 0)"
        let place = state.entries[key] ?? state.timeline.entries.count
        if place == state.timeline.entries.count {
            state.timeline.entries.append(entry)
            state.entries[key] = place
        } else {
            state.timeline.entries[place] = entry
            state.timeline.spans.removeAll { $0.entry == place }
        }
        guard !isUser else {
            // Detected speech already has a bar. Typed text, and speech whose start was not reported, does not.
            let begin = start ?? now
            if let heard = state.timeline.spans.lastIndex(where: {
                $0.lane == .caller && $0.entry == nil && abs($0.start - begin) < 0.5
            }) {
                state.timeline.spans[heard].entry = place
                state.timeline.spans[heard].label = entry.words
            } else {
                let length = Double(utterance.audioMs ?? 0) / 1000
                state.timeline.spans.append(
                    .init(lane: .caller, start: begin, end: begin + length, label: entry.words, entry: place))
            }
            return
        }
        let length = (utterance.heardMs ?? utterance.audioMs).map { Double($0) / 1000 }
        let begin = start ?? now
        let end = length.map { begin + $0 } ?? max(begin, utterance.endedMs.map { Double($0) / 1000 } ?? now)
        state.timeline.end = max(state.timeline.end, state.timeline.hasTimes ? end : now)
        state.timeline.spans.append(
            .init(
                lane: .agent, start: begin, end: state.timeline.hasTimes ? end : now, label: entry.words,
                isFailed: utterance.status != .completed, entry: place))
    }
}
