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

    private static func tokens(_ usage: JSONValue, _ session: String) -> [Measurement] {
        var measurements: [Measurement] = []
        for direction in ["input", "output"] {
            guard let total = usage["\(direction)_tokens"]?.int else { continue }
            var rest = total
            for modality in ["text", "audio", "image"] {
                let details = usage["\(direction)_token_details"]
                guard let count = details?["\(modality)_tokens"]?.int, count > 0 else { continue }
                rest -= count
                measurements.append(tokens(count, ["direction": direction, "modality": modality], session))
            }
            // What the server did not ascribe to a modality is still counted, so that the sum is the server's.
            if rest > 0 {
                measurements.append(tokens(rest, ["direction": direction, "modality": "unspecified"], session))
            }
        }
        return measurements + cachedTokens(usage, session)
    }

    private static func cachedTokens(_ usage: JSONValue, _ session: String) -> [Measurement] {
        let details = usage["input_token_details"]
        var measurements: [Measurement] = []
        var rest = details?["cached_tokens"]?.int ?? 0
        for modality in ["text", "audio", "image"] {
            guard let count = details?["cached_tokens_details"]?["\(modality)_tokens"]?.int, count > 0 else { continue }
            rest -= count
            measurements.append(tokens(count, ["modality": modality], session, cached: true))
        }
        if rest > 0 { measurements.append(tokens(rest, ["modality": "unspecified"], session, cached: true)) }
        return measurements
    }

    private static func tokens(
        _ count: Int, _ labels: [String: String], _ session: String, cached: Bool = false
    ) -> Measurement {
        let name = cached ? "realtime_cached_tokens_total" : "realtime_tokens_total"
        return Measurement(name, .counter, Double(count), labels: labels, session: session)
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
