import EventJSON
import EventRouter
import RealtimeEvents

/// What can be measured in each kind of event.
struct MetricsReading {
    var meter: SessionMeter
    let prices: PriceTable?
    /// The name of who serves the models, as OpenTelemetry's conventions have it.
    let provider: String

    mutating func measurements(of event: RealtimeEvent) throws -> [Measurement] {
        switch event.type.code {
        case .routerTurnDone: turn(try event.decode())
        case .routerTurnStalled: stall(try event.decode())
        case .routerSessionExpiring: [measure("realtime_sessions_expiring_total", .counter, 1)]
        case .routerResponseDone: response(try event.decode())
        case .routerResponseInterrupted: interruption(try event.decode())
        case .routerFunctionCallDone: call(try event.decode())
        case .routerErrorRaised: error(try event.decode())
        case .routerSessionEnded: end(try event.decode())
        case .conversationItemInputAudioTranscriptionCompleted: transcription(try event.decode())
        case .rateLimitsUpdated: rateLimits(event)
        default: try change(event)
        }
    }

    /// Events that say something for later ones, or for the length of speech.
    private mutating func change(_ event: RealtimeEvent) throws -> [Measurement] {
        switch event.type.code {
        case .sessionCreated, .sessionUpdated, .transcriptionSessionCreated, .transcriptionSessionUpdated:
            meter.noteModels(event)
        case .inputAudioBufferSpeechStarted: meter.startSpeech(try event.decode())
        case .inputAudioBufferSpeechStopped: return speech("user", meter.stopSpeech(try event.decode()))
        case .outputAudioBufferStarted: meter.startPlaying(event)
        case .outputAudioBufferStopped, .outputAudioBufferCleared:
            return speech("assistant", meter.stopPlaying(event))
        default: return [measure("realtime_routed_events_total", .counter, 1, ["type": event.type.name])]
        }
        return []
    }

    func measure(
        _ name: String, _ kind: Measurement.Kind, _ value: Double, _ labels: [String: String] = [:]
    ) -> Measurement {
        Measurement(name, kind, value, labels: labels, session: meter.session)
    }

    private func seconds(_ name: String, _ milliseconds: Int?, _ labels: [String: String] = [:]) -> [Measurement] {
        milliseconds.map { [measure(name, .histogram, Double($0) / 1000, labels)] } ?? []
    }

    private func turn(_ turn: Turn) -> [Measurement] {
        var basis: [String: String] = [:]
        basis["basis"] = turn.latencyBasis?.rawValue
        basis["output"] = turn.latencyOutput?.rawValue
        return [measure("realtime_turns_total", .counter, 1, ["interrupted": "\(turn.interrupted ?? false)"])]
            + seconds("realtime_turn_latency_seconds", turn.latencyMs, basis)
            + seconds("realtime_turn_first_token_seconds", turn.firstTokenMs)
    }

    private func stall(_ turn: StalledTurn) -> [Measurement] {
        [measure("realtime_turns_stalled_total", .counter, 1, ["after": turn.after?.rawValue ?? "unknown"])]
    }

    private mutating func response(_ response: ResponseSummary) -> [Measurement] {
        meter.noteAudio(of: response.audioMs == nil ? nil : response.responseID)
        var labels = ["status": response.status ?? "unknown"]
        labels["reason"] = response.reason ?? response.errorCode
        var operation = operation("chat")
        operation["error_type"] = response.status == "failed" ? response.errorCode ?? "_OTHER" : nil
        return [measure("realtime_responses_total", .counter, 1, labels)]
            + seconds("gen_ai_client_operation_duration_seconds", response.durationMs, operation)
            + seconds("gen_ai_client_operation_time_to_first_chunk_seconds", response.firstOutputMs, operation)
            + speech("assistant", response.audioMs.map { Double($0) / 1000 }) + (response.usage.map(tokens) ?? [])
    }

    /// The attributes of an operation in OpenTelemetry's conventions for generative AI.
    func operation(_ name: String) -> [String: String] {
        var labels = ["gen_ai_operation_name": name, "gen_ai_provider_name": provider]
        labels["gen_ai_request_model"] = meter.model
        return labels
    }

    private func interruption(_ interruption: Interruption) -> [Measurement] {
        [measure("realtime_interruptions_total", .counter, 1, ["reason": interruption.reason ?? "unknown"])]
    }

    private func call(_ outcome: FunctionCallOutcome) -> [Measurement] {
        let name = outcome.name ?? "unknown"
        let state = outcome.state ?? .unknown
        var tool = ["gen_ai_operation_name": "execute_tool", "gen_ai_tool_name": name]
        tool["error_type"] = [.completed, .replayed].contains(state) ? nil : state.rawValue
        return [measure("realtime_function_calls_total", .counter, 1, ["name": name, "state": state.rawValue])]
            + seconds("gen_ai_execute_tool_duration_seconds", outcome.ranMs, tool)
    }

    private func error(_ error: RaisedError) -> [Measurement] {
        let labels = [
            "class": error.errorClass?.rawValue ?? "session",
            "code": error.code ?? error.source?.rawValue ?? "unknown",
        ]
        return [measure("realtime_errors_total", .counter, 1, labels)]
    }

    private func end(_ session: SessionEnded) -> [Measurement] {
        let labels = ["reason": session.reason?.rawValue ?? "unknown", "unheard": "\(session.unheard ?? false)"]
        return [measure("realtime_sessions_total", .counter, 1, labels)]
    }

    private func speech(_ role: String, _ seconds: Double?) -> [Measurement] {
        seconds.map { [measure("realtime_speech_seconds_total", .counter, $0, ["role": role])] } ?? []
    }

    private func rateLimits(_ event: RealtimeEvent) -> [Measurement] {
        (event.json["rate_limits"]?.array ?? []).flatMap { limit in
            let labels = ["name": limit["name"]?.string ?? "unknown"]
            let figures = [
                ("realtime_rate_limit", limit["limit"]), ("realtime_rate_limit_remaining", limit["remaining"]),
                ("realtime_rate_limit_reset_seconds", limit["reset_seconds"]),
            ]
            return figures.compactMap { name, value in value?.double.map { measure(name, .gauge, $0, labels) } }
        }
    }
}
