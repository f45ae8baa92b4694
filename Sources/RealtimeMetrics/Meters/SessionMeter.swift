import EventRouter
import RealtimeEvents

/// Measures the events of one session.
struct SessionMeter {
    private(set) var state: SessionMeterState
    var metered = MeteredUsage()
    let prices: PriceTable?
    /// The provider of the models, as in OpenTelemetry's conventions.
    private let provider: String
    /// The capacity for measurements. Nearly every event has fewer.
    private static let typicalCount = 12
    /// The measurements of the current event.
    private var measurements: [Measurement] = []

    init(session: String, prices: PriceTable?, provider: String) {
        state = SessionMeterState(session: session)
        self.prices = prices
        self.provider = provider
    }

    /// Measures an event.
    mutating func measure(_ event: RealtimeEvent) throws -> [Measurement] {
        measurements.reserveCapacity(Self.typicalCount)
        defer { measurements = [] }
        try read(event)
        return measurements
    }

    private mutating func read(_ event: RealtimeEvent) throws {
        switch event.type.code {
        case .routerTurnDone: turn(try event.decode())
        case .routerTurnStalled: stall(try event.decode())
        case .routerSessionExpiring: add("realtime_sessions_expiring_total", .counter, 1)
        case .routerResponseDone: response(try event.decode())
        case .routerResponseInterrupted: interruption(try event.decode())
        case .routerFunctionCallDone: call(try event.decode())
        case .routerErrorRaised: error(try event.decode())
        case .routerSessionEnded: end(try event.decode())
        case .conversationItemInputAudioTranscriptionCompleted, .conversationItemInputAudioTranscriptionFailed:
            transcription(try event.decode())
        case .rateLimitsUpdated: rateLimits(try event.decode())
        default: try updateState(event)
        }
    }

    /// Measures events that change the meter's state, and the length of speech.
    private mutating func updateState(_ event: RealtimeEvent) throws {
        switch event.type.code {
        case .sessionCreated, .sessionUpdated, .transcriptionSessionCreated, .transcriptionSessionUpdated:
            state.noteModels(try event.decode())
        case .inputAudioBufferSpeechStarted: state.startSpeech(try event.decode())
        case .inputAudioBufferSpeechStopped: speech("user", state.stopSpeech(try event.decode()))
        case .outputAudioBufferStarted: state.startPlaying(try event.decode(), at: event.at)
        case .outputAudioBufferStopped, .outputAudioBufferCleared:
            speech("assistant", state.stopPlaying(try event.decode(), at: event.at))
        default: add("realtime_routed_events_total", .counter, 1, ["type": event.type.name])
        }
    }

    mutating func add(
        _ name: String, _ kind: Measurement.Kind, _ value: Double, _ labels: MeasurementLabels = [:]
    ) {
        measurements.append(Measurement(name, kind, value, labels: labels, session: state.session))
    }

    private mutating func seconds(_ name: String, _ milliseconds: Int?, _ labels: MeasurementLabels = [:]) {
        guard let milliseconds else { return }
        add(name, .histogram, Double(milliseconds) / 1000, labels)
    }

    private mutating func turn(_ turn: Turn) {
        add("realtime_turns_total", .counter, 1, ["interrupted": "\(turn.interrupted ?? false)"])
        var basis = MeasurementLabels()
        basis["basis"] = turn.latencyBasis?.rawValue
        basis["output"] = turn.latencyOutput?.rawValue
        seconds("realtime_turn_latency_seconds", turn.latencyMs, basis)
        seconds("realtime_turn_first_token_seconds", turn.firstTokenMs)
    }

    private mutating func stall(_ turn: TurnStalled) {
        add("realtime_turns_stalled_total", .counter, 1, ["after": turn.after?.rawValue ?? "unknown"])
    }

    private mutating func response(_ response: MeasuredResponse) {
        if response.revised == true { return tokens(response.usage ?? MeasuredUsage(), of: response.responseID, chat) }
        state.noteAudio(of: response.audioMs == nil ? nil : response.responseID)
        var labels: MeasurementLabels = ["status": response.status ?? "unknown"]
        labels["reason"] = response.reason ?? response.errorCode
        add("realtime_responses_total", .counter, 1, labels)
        let chat = chat
        var operation = chat
        if response.status == "failed" { operation["error_type"] = response.errorCode ?? "_OTHER" }
        seconds("gen_ai_client_operation_duration_seconds", response.durationMs, operation)
        seconds("gen_ai_client_operation_time_to_first_chunk_seconds", response.firstOutputMs, operation)
        speech("assistant", response.audioMs.map { Double($0) / 1000 })
        tokens(response.usage ?? MeasuredUsage(), of: response.responseID, chat)
    }

    /// The labels of a response from OpenTelemetry's conventions for generative AI.
    private var chat: MeasurementLabels {
        var labels: MeasurementLabels = ["gen_ai_operation_name": "chat", "gen_ai_provider_name": provider]
        labels["gen_ai_request_model"] = state.model
        return labels
    }

    private mutating func interruption(_ interruption: ResponseInterrupted) {
        add("realtime_interruptions_total", .counter, 1, ["reason": interruption.reason ?? "unknown"])
    }

    private mutating func call(_ outcome: FunctionCallOutcome) {
        let name = outcome.name ?? "unknown"
        let state = outcome.state ?? .unknown
        add("realtime_function_calls_total", .counter, 1, ["name": name, "state": state.rawValue])
        var tool: MeasurementLabels = ["gen_ai_operation_name": "execute_tool", "gen_ai_tool_name": name]
        if ![.completed, .replayed].contains(state) { tool["error_type"] = state.rawValue }
        seconds("gen_ai_execute_tool_duration_seconds", outcome.ranMs, tool)
    }

    private mutating func error(_ error: ErrorRaised) {
        add(
            "realtime_errors_total", .counter, 1,
            [
                "class": error.errorClass?.rawValue ?? "session",
                "code": error.code ?? error.source?.rawValue ?? "unknown",
            ])
    }

    private mutating func end(_ session: SessionEnded) {
        add(
            "realtime_sessions_total", .counter, 1,
            ["reason": session.reason?.rawValue ?? "unknown", "unheard": "\(session.unheard ?? false)"])
    }

    private mutating func speech(_ role: String, _ seconds: Double?) {
        guard let seconds else { return }
        add("realtime_speech_seconds_total", .counter, seconds, ["role": role])
    }

    private mutating func rateLimits(_ event: MeasuredLimits) {
        for limit in event.limits ?? [] {
            let labels: MeasurementLabels = ["name": limit.name ?? "unknown"]
            gauge("realtime_rate_limit", limit.limit, labels)
            gauge("realtime_rate_limit_remaining", limit.remaining, labels)
            gauge("realtime_rate_limit_reset_seconds", limit.resetSeconds, labels)
        }
    }

    private mutating func gauge(_ name: String, _ value: Double?, _ labels: MeasurementLabels) {
        guard let value else { return }
        add(name, .gauge, value, labels)
    }
}

// Tokens, transcribed audio, and their cost.
extension SessionMeter {
    /// Measures the tokens of a response; `chat` are its labels from OpenTelemetry's conventions.
    mutating func tokens(_ usage: MeasuredUsage, of response: String?, _ chat: MeasurementLabels) {
        guard case .tokens(let tokens)? = metered.add(.tokens(TokenUsage(usage)), of: .response(response)) else {
            return
        }
        counts(tokens, "realtime_tokens_total")
        for (modality, count) in tokens.cached {
            add("realtime_cached_tokens_total", .counter, Double(count), ["modality": modality])
        }
        total(tokens.input, "input", chat)
        total(tokens.output, "output", chat)
        cost(prices?.cost(of: tokens, model: state.model), tokens.isEmpty, "response", state.model)
    }

    /// Measures the usage of a transcription: tokens, or seconds of audio.
    mutating func transcription(_ event: MeasuredTranscription) {
        guard let usage = event.usage, let amount = usage.amount else { return }
        let subject = MeteredUsage.Subject.transcription(
            item: event.itemID, contentIndex: event.contentIndex, event: event.eventID)
        let model = state.transcriptionModel
        switch metered.add(amount, of: subject) {
        case .tokens(let tokens)?:
            counts(tokens, "realtime_transcription_tokens_total")
            cost(prices?.cost(of: tokens, model: model), tokens.isEmpty, "transcription", model)
        case .seconds(let seconds)?:
            add("realtime_transcription_seconds_total", .counter, seconds)
            cost(prices?.cost(ofSeconds: seconds, model: model), false, "transcription", model)
        case nil: break
        }
    }

    private mutating func counts(_ tokens: TokenUsage, _ name: String) {
        for (modality, count) in tokens.input {
            add(name, .counter, Double(count), ["direction": "input", "modality": modality])
        }
        for (modality, count) in tokens.output {
            add(name, .counter, Double(count), ["direction": "output", "modality": modality])
        }
    }

    /// Measures the sum of a response's tokens of one type, as OpenTelemetry's conventions define it.
    private mutating func total(_ counts: TokenUsage.Counts, _ type: String, _ chat: MeasurementLabels) {
        guard !counts.isEmpty else { return }
        var labels = chat
        labels["gen_ai_token_type"] = type
        add("gen_ai_client_token_usage", .histogram, Double(counts.reduce(0) { $0 + $1.count }), labels)
    }

    /// Measures a cost, or counts a usage without a price, which never costs 0.
    private mutating func cost(_ cost: Double?, _ isNothing: Bool, _ kind: String, _ model: String?) {
        guard prices != nil, !isNothing else { return }
        add(
            cost == nil ? "realtime_unpriced_total" : "realtime_cost_dollars_total", .counter, cost ?? 1,
            ["gen_ai_request_model": model ?? "unknown", "kind": kind])
    }
}
