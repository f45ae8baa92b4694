import EventJSON
package import EventRouter
import Synchronization

/// The metrics of a session or a run, prepared for output.
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
    /// The cost in dollars; nil if nothing has a price.
    var cost: Double? { tally.sum("realtime_cost_dollars_total") }
    /// The number of responses and transcriptions without a price.
    var unpriced: Int { tally.total("realtime_unpriced_total") }

    /// The tokens of transcriptions, by modality.
    func transcribed(_ direction: String) -> Tally.Counts {
        tally.counts("realtime_transcription_tokens_total", by: "modality", where: ("direction", direction))
    }
    /// The length of transcribed audio in seconds, if transcription is billed by time; otherwise nil.
    var transcribedSeconds: Double? { tally.sum("realtime_transcription_seconds_total") }
    /// The latest value of each rate limit.
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

/// A `MetricsSink` that sums all measurements for the end of a run.
package final class MetricsSummary: MetricsSink {
    /// The number of samples kept for each histogram: the latest ones, so that memory stays bounded in an endless run.
    static let keptSamples = 65_536

    private let tally = Mutex(Tally(keptSamples: MetricsSummary.keptSamples))

    /// Creates an empty summary.
    package init() {}

    /// Adds a measurement.
    package func record(_ measurement: Measurement) {
        tally.withLock { $0.record(measurement) }
    }

    /// The metrics as JSON and as text.
    package var summary: HandlerSummary { HandlerSummary(Figures(tally: tally.withLock { $0 })) }
}

extension HandlerSummary {
    /// Creates a summary as JSON and as text.
    init(_ figures: Figures) {
        self.init(json: .object(figures.json), lines: figures.lines)
    }
}

extension Figures {
    /// The metrics as members of an object. Members without measurements are absent.
    var json: JSONObject {
        var object = JSONObject()
        object["turns"] = Self.number(turns)
        object["turn_latency_ms"] = latency.json
        object["first_token_ms"] = firstToken.json
        if stalls > 0 { object["stalled"] = Self.number(stalls) }
        object["responses"] = Self.json(responses)
        if !reasons.isEmpty { object["response_reasons"] = Self.json(reasons) }
        object["response_ms"] = duration.json
        object["first_output_ms"] = firstChunk.json
        object["tokens"] = tokens
        object["transcription"] = transcription
        object["cost_dollars"] = cost.map { Self.number($0, places: 1e9) }
        if unpriced > 0 { object["unpriced"] = Self.number(unpriced) }
        if !speech.isEmpty { object["speech_seconds"] = Self.json(speech) }
        object["function_calls"] = Self.json(calls)
        if !functions.isEmpty {
            object["functions"] = .object(functions.reduce(into: JSONObject()) { $0[$1.name] = Self.json($1.states) })
        }
        object["interruptions"] = Self.number(interruptions)
        object["errors"] = Self.json(errors)
        object["rate_limits"] = rateLimits
        return object
    }

    private var tokens: JSONValue {
        [
            "total": Self.number(Self.sum(input) + Self.sum(output)), "input": Self.json(input),
            "output": Self.json(output), "cached": Self.number(cached),
        ]
    }

    private var transcription: JSONValue? {
        var object = JSONObject()
        for direction in ["input", "output"] {
            let counts = transcribed(direction)
            if !counts.isEmpty { object[direction] = Self.json(counts) }
        }
        object["seconds"] = transcribedSeconds.map { Self.number($0) }
        return object.isEmpty ? nil : .object(object)
    }

    private var rateLimits: JSONValue? {
        var objects = JSONObject()
        for limit in limits {
            var object = JSONObject()
            object["limit"] = Self.number(limit.limit)
            object["remaining"] = limit.remaining.map { Self.number($0) }
            object["reset_seconds"] = limit.resetSeconds.map { Self.number($0) }
            objects[limit.name] = .object(object)
        }
        return objects.isEmpty ? nil : .object(objects)
    }

    /// The greatest number that is written. Greater numbers are replaced with it.
    private static let largest = 1e100

    private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    private static func json(_ counts: Tally.Counts) -> JSONValue {
        .object(counts.reduce(into: JSONObject()) { $0[$1.name] = number($1.count) })
    }

    private static func json(_ values: [(name: String, value: Double)]) -> JSONValue {
        .object(values.reduce(into: JSONObject()) { $0[$1.name] = number($1.value) })
    }

    /// A number rounded to `1 / places`; whole numbers without a fraction.
    private static func number(_ value: Double, places: Double = 1000) -> JSONValue {
        // A server may send any number as a limit, and a recording may contain any time, so sums may be infinite.
        let rounded = (min(max(value, -largest), largest) * places).rounded() / places
        return .number(Int(exactly: rounded).map { JSONNumber($0) } ?? JSONNumber(rounded))
    }
}
