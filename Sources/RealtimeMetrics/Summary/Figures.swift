import EventJSON

/// The figures of a session or a run, ready to be shown.
struct Figures {
    let tally: Tally

    var latency: Distribution { tally.distribution("realtime_turn_latency_seconds") }
    var firstToken: Distribution { tally.distribution("realtime_turn_first_token_seconds") }
    var firstChunk: Distribution { tally.distribution("gen_ai_client_operation_time_to_first_chunk_seconds") }
    var duration: Distribution { tally.distribution("gen_ai_client_operation_duration_seconds") }

    var turns: Int { tally.total("realtime_turns_total") }
    var responses: Tally.Counts { tally.counts("realtime_responses_total", by: "status") }
    var reasons: Tally.Counts {
        tally.counts("realtime_responses_total", by: "reason").filter { $0.name != "unknown" }
    }
    var stalls: Int { tally.total("realtime_turns_stalled_total") }
    var interruptions: Int { tally.total("realtime_interruptions_total") }
    var errors: Tally.Counts { tally.counts("realtime_errors_total", by: "code") }
    var input: Tally.Counts { tokens("input") }
    var output: Tally.Counts { tokens("output") }
    var cached: Int { tally.total("realtime_cached_tokens_total") }
    var calls: Tally.Counts { tally.counts("realtime_function_calls_total", by: "state") }
    var functions: [(name: String, states: Tally.Counts)] {
        tally.counts("realtime_function_calls_total", by: "name").map { name, _ in
            (name, tally.counts("realtime_function_calls_total", by: "state", where: ("name", name)))
        }
    }
    var speech: [(name: String, value: Double)] { tally.values("realtime_speech_seconds_total", by: "role") }
    /// Dollars; nil when nothing has a price.
    var cost: Double? { tally.sum("realtime_cost_dollars_total") }
    /// Responses and transcriptions without a price.
    var unpriced: Int { tally.total("realtime_unpriced_total") }

    /// The tokens of transcriptions, by modality.
    func transcribed(_ direction: String) -> Tally.Counts {
        tally.counts("realtime_transcription_tokens_total", by: "modality", where: ("direction", direction))
    }
    /// The audio that was transcribed, where that is what counts; nil where it is not.
    var transcribedSeconds: Double? { tally.sum("realtime_transcription_seconds_total") }
    /// The newest reading of each limit.
    var limits: [(name: String, limit: Double, remaining: Double?, resetSeconds: Double?)] {
        tally.values("realtime_rate_limit", by: "name").map { name, limit in
            (
                name, limit, tally.sum("realtime_rate_limit_remaining", where: ("name", name)),
                tally.sum("realtime_rate_limit_reset_seconds", where: ("name", name))
            )
        }
    }

    private func tokens(_ direction: String) -> Tally.Counts {
        tally.counts("realtime_tokens_total", by: "modality", where: ("direction", direction))
    }

    static func sum(_ counts: Tally.Counts) -> Int { counts.reduce(0) { $0 + $1.count } }
}
