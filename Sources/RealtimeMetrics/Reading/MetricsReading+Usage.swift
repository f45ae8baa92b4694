import EventJSON
import EventRouter
import RealtimeEvents

// Tokens, transcribed audio, and what they cost.
extension MetricsReading {
    /// The tokens of a response.
    func tokens(_ usage: JSONValue) -> [Measurement] {
        let tokens = TokenUsage(usage)
        let cached = tokens.cached.map {
            measure("realtime_cached_tokens_total", .counter, Double($0.count), ["modality": $0.modality])
        }
        return counts(tokens, "realtime_tokens_total") + cached + totals(tokens)
            + cost(prices?.cost(of: tokens, model: meter.model), tokens.isEmpty, "response", meter.model)
    }

    /// The usage of a transcription: tokens, or seconds of audio.
    func transcription(_ event: TranscribedSpeech) -> [Measurement] {
        guard let usage = event.usage else { return [] }
        let model = meter.transcriptionModel
        guard usage["type"]?.string == "duration" else {
            let tokens = TokenUsage(usage)
            return counts(tokens, "realtime_transcription_tokens_total")
                + cost(prices?.cost(of: tokens, model: model), tokens.isEmpty, "transcription", model)
        }
        guard let seconds = usage["seconds"]?.double, (0..<1e9).contains(seconds) else { return [] }
        return [measure("realtime_transcription_seconds_total", .counter, seconds)]
            + cost(prices?.cost(ofSeconds: seconds, model: model), false, "transcription", model)
    }

    private func counts(_ tokens: TokenUsage, _ name: String) -> [Measurement] {
        [("input", tokens.input), ("output", tokens.output)].flatMap { direction, counts in
            counts.map {
                measure(name, .counter, Double($0.count), ["direction": direction, "modality": $0.modality])
            }
        }
    }

    /// What a response used in all, as OpenTelemetry's conventions want it.
    private func totals(_ tokens: TokenUsage) -> [Measurement] {
        [("input", tokens.input), ("output", tokens.output)].compactMap { type, counts in
            guard !counts.isEmpty else { return nil }
            var labels = operation("chat")
            labels["gen_ai_token_type"] = type
            return measure(
                "gen_ai_client_token_usage", .histogram, Double(counts.reduce(0) { $0 + $1.count }), labels)
        }
    }

    /// A cost, or that there is none to tell: never 0 for what has no price.
    private func cost(_ cost: Double?, _ isNothing: Bool, _ kind: String, _ model: String?) -> [Measurement] {
        guard prices != nil, !isNothing else { return [] }
        let labels = ["kind": kind, "gen_ai_request_model": model ?? "unknown"]
        if let cost { return [measure("realtime_cost_dollars_total", .counter, cost, labels)] }
        return [measure("realtime_unpriced_total", .counter, 1, labels)]
    }
}

/// What a finished transcription cost, as it came: nothing else of it is measured.
struct TranscribedSpeech: WireObject {
    var usage: JSONValue?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("usage", &usage)
    }
}
