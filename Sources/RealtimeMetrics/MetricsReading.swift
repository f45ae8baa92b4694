import EventJSON
import EventRouter
import RealtimeEvents

/// What can be measured in each kind of event.
enum MetricsReading {
    static func measurements(of event: RealtimeEvent, session: String) throws -> [Measurement] {
        switch event.type.code {
        case .routerTurnDone: turn(try event.decode(), session)
        case .routerResponseDone: response(try event.decode(), session)
        case .routerFunctionCallDone: call(try event.decode(), session)
        case .routerErrorRaised: error(try event.decode(), session)
        case .routerResponseInterrupted:
            [Measurement("realtime_interruptions_total", .counter, 1, session: session)]
        default:
            [
                Measurement(
                    "realtime_events_total", .counter, 1, labels: ["type": event.type.name], session: session)
            ]
        }
    }

    private static func turn(_ turn: Turn, _ session: String) -> [Measurement] {
        let labels = ["interrupted": "\(turn.interrupted ?? false)"]
        var measurements = [Measurement("realtime_turns_total", .counter, 1, labels: labels, session: session)]
        if let latency = turn.latencyMs {
            measurements.append(
                Measurement("realtime_turn_latency_seconds", .histogram, Double(latency) / 1000, session: session))
        }
        return measurements
    }

    private static func response(_ response: ResponseSummary, _ session: String) -> [Measurement] {
        var labels = ["status": response.status ?? "unknown"]
        if let reason = response.reason ?? response.errorCode { labels["reason"] = reason }
        var measurements = [Measurement("realtime_responses_total", .counter, 1, labels: labels, session: session)]
        if let first = response.firstOutputMs {
            let name = "realtime_response_first_output_seconds"
            measurements.append(Measurement(name, .histogram, Double(first) / 1000, session: session))
        }
        if let usage = response.usage { measurements += tokens(usage, session) }
        return measurements
    }

    private static let modalities = ["text", "audio", "image"]

    private static func tokens(_ usage: JSONValue, _ session: String) -> [Measurement] {
        var measurements: [Measurement] = []
        for direction in ["input", "output"] {
            let parts = parts(of: usage["\(direction)_token_details"])
            measurements += series(parts, total: amount(usage["\(direction)_tokens"])) { modality, count in
                let labels = ["direction": direction, "modality": modality]
                return Measurement("realtime_tokens_total", .counter, Double(count), labels: labels, session: session)
            }
        }
        let cached = usage["input_token_details"]
        let parts = parts(of: cached?["cached_tokens_details"])
        return measurements
            + series(parts, total: amount(cached?["cached_tokens"])) { modality, count in
                let name = "realtime_cached_tokens_total"
                return Measurement(name, .counter, Double(count), labels: ["modality": modality], session: session)
            }
    }

    /// A figure for each modality, and one for what the server did not ascribe to any, so that the sum is the server's.
    private static func series(
        _ parts: [(modality: String, count: Int)], total: Int, _ make: (String, Int) -> Measurement
    ) -> [Measurement] {
        let rest = total - parts.reduce(0) { $0 + $1.count }
        let all = rest > 0 ? parts + [("unspecified", rest)] : parts
        return all.map { make($0.modality, $0.count) }
    }

    private static func parts(of details: JSONValue?) -> [(modality: String, count: Int)] {
        modalities.map { ($0, amount(details?["\($0)_tokens"])) }.filter { $0.1 > 0 }
    }

    /// A number of tokens as the server gave it; 0 for what can be none. No response has so many that sums of them fail.
    private static func amount(_ value: JSONValue?) -> Int {
        guard let count = value?.int, (0...1_000_000_000_000).contains(count) else { return 0 }
        return count
    }

    private static func call(_ outcome: FunctionCallOutcome, _ session: String) -> [Measurement] {
        let name = outcome.name ?? "unknown"
        let labels = ["name": name, "state": outcome.state?.rawValue ?? "unknown"]
        var measurements = [
            Measurement("realtime_function_calls_total", .counter, 1, labels: labels, session: session)
        ]
        if let ran = outcome.ranMs {
            measurements.append(
                Measurement(
                    "realtime_function_call_duration_seconds", .histogram, Double(ran) / 1000, labels: ["name": name],
                    session: session))
        }
        return measurements
    }

    private static func error(_ error: RaisedError, _ session: String) -> [Measurement] {
        let labels = [
            "class": error.errorClass?.rawValue ?? "session",
            "code": error.code ?? error.source?.rawValue ?? "unknown",
        ]
        return [Measurement("realtime_errors_total", .counter, 1, labels: labels, session: session)]
    }
}
