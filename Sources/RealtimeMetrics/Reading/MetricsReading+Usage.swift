import EventRouter

// Tokens, transcribed audio, and what they cost.
extension MetricsReading {
    /// Measures the tokens of a response; `chat` are its attributes in OpenTelemetry's conventions.
    mutating func tokens(_ usage: MeasuredUsage, of response: String?, _ chat: MeasurementLabels) {
        guard case .tokens(let tokens)? = metered.add(.tokens(TokenUsage(usage)), of: .response(response)) else {
            return
        }
        counts(tokens, "realtime_tokens_total")
        for (modality, count) in tokens.cached {
            measure("realtime_cached_tokens_total", .counter, Double(count), ["modality": modality])
        }
        total(tokens.input, "input", chat)
        total(tokens.output, "output", chat)
        cost(prices?.cost(of: tokens, model: meter.model), tokens.isEmpty, "response", meter.model)
    }

    /// Measures the usage of a transcription: tokens, or seconds of audio.
    mutating func transcription(_ event: MeasuredTranscription) {
        guard let usage = event.usage, let amount = usage.amount else { return }
        let subject = MeteredUsage.Subject.transcription(
            item: event.itemID, contentIndex: event.contentIndex, event: event.eventID)
        let model = meter.transcriptionModel
        switch metered.add(amount, of: subject) {
        case .tokens(let tokens)?:
            counts(tokens, "realtime_transcription_tokens_total")
            cost(prices?.cost(of: tokens, model: model), tokens.isEmpty, "transcription", model)
        case .seconds(let seconds)?:
            measure("realtime_transcription_seconds_total", .counter, seconds)
            cost(prices?.cost(ofSeconds: seconds, model: model), false, "transcription", model)
        case nil: break
        }
    }

    private mutating func counts(_ tokens: TokenUsage, _ name: String) {
        for (modality, count) in tokens.input {
            measure(name, .counter, Double(count), ["direction": "input", "modality": modality])
        }
        for (modality, count) in tokens.output {
            measure(name, .counter, Double(count), ["direction": "output", "modality": modality])
        }
    }

    /// What a response used in all of one type, as OpenTelemetry's conventions want it.
    private mutating func total(_ counts: TokenUsage.Counts, _ type: String, _ chat: MeasurementLabels) {
        guard !counts.isEmpty else { return }
        var labels = chat
        labels["gen_ai_token_type"] = type
        measure("gen_ai_client_token_usage", .histogram, Double(counts.reduce(0) { $0 + $1.count }), labels)
    }

    /// A cost, or that there is none to tell: never 0 for what has no price.
    private mutating func cost(_ cost: Double?, _ isNothing: Bool, _ kind: String, _ model: String?) {
        guard prices != nil, !isNothing else { return }
        measure(
            cost == nil ? "realtime_unpriced_total" : "realtime_cost_dollars_total", .counter, cost ?? 1,
            ["gen_ai_request_model": model ?? "unknown", "kind": kind])
    }
}
