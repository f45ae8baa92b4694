import EventJSON
import SchemaValidation

// The handling of client messages.
extension MockPlay {
    /// Checks a message, and then answers it or queues it for the step that waits for it.
    mutating func handle(_ message: [UInt8], isText: Bool) {
        messageCount += 1
        let number = messageCount
        if !isText { report(.message, number, "", "is binary, and must be text") }
        guard let value = try? JSONValue(parsing: message), let event = value.object else {
            return refuse(
                number, "", kind: .message, "is not a JSON object", invalid("invalid_json", invalidJSON, nil), nil)
        }
        let eventID = event["event_id"]?.string
        let schema = ClientEventSchema.of(recording.dialect)
        guard let type = event["type"]?.string else {
            let error = invalid("missing_required_parameter", "Missing required parameter: 'type'.", "type")
            return refuse(number, "", kind: .message, "`type` is missing", error, eventID)
        }
        guard schema.types.contains(type) else {
            let known = schema.types.map { "'\($0)'" }.joined(separator: ", ")
            let error = invalid("invalid_value", "Invalid value: '\(type)'. Supported values are: \(known).", "type")
            return refuse(number, type, kind: .message, "clients do not send events of this type", error, eventID)
        }
        let violations = schema.violations(in: event, session: recording.latestSession)
        if let first = violations.first, !queueIfErrorIsRecorded(number, event, message) {
            for violation in violations.dropFirst() {
                report(.definition, number, type, ClientEventSchema.words(for: violation))
            }
            return refuse(
                number, type, kind: .definition, ClientEventSchema.words(for: first), error(for: first), eventID)
        }
        guard violations.isEmpty else { return }
        handle(ClientMessage(number: number, event: event, bytes: message))
    }

    private var invalidJSON: String { "We could not parse the JSON body of your request." }

    private mutating func handle(_ message: ClientMessage) {
        if message.type.hasSuffix("input_audio_buffer.append") { return append(message) }
        let refusal = conversation.refusal(
            of: message.event, isResponseAwaited: inbox.contains { $0.type == "response.create" }, models: models)
        if let refusal {
            if queueIfErrorIsRecorded(message.number, message.event, message.bytes) { return }
            let error = invalid(refusal.code, refusal.message, refusal.param)
            if refusal.isHarmless { return answer(error, message.eventID) }
            return refuse(message.number, message.type, kind: .refused, refusal.message, error, message.eventID)
        }
        apply(message)
        answerOrQueue(message)
    }

    /// Queues an invalid event for the step that waits for it, if the recording continues with an `error` event. The
    /// recorded client then made the same mistake.
    private mutating func queueIfErrorIsRecorded(_ number: Int, _ event: JSONObject, _ bytes: [UInt8]) -> Bool {
        let awaiting = steps[index...].firstIndex { step in
            if case .await(let awaited) = step.action { awaited.accepts(event) } else { false }
        }
        guard let awaiting, !recording.isScript else { return false }
        let next = steps[awaiting...].dropFirst().lazy.compactMap { step -> String? in
            if case .send(let event) = step.action { event["type"]?.string } else { nil }
        }.first
        guard next == "error" else { return false }
        inbox.append(ClientMessage(number: number, event: event, bytes: bytes))
        return true
    }

    /// Applies a client event to the state, independently of its answer.
    private mutating func apply(_ message: ClientMessage) {
        switch message.type {
        case "session.update", "transcription_session.update":
            if let changes = message.event["session"]?.object { conversation.update(changes) }
        case "input_audio_buffer.clear", "input_audio_buffer.commit": conversation.emptyBuffer()
        case "conversation.item.create":
            if message.item?["type"]?.string == "function_call_output", let call = message.item?["call_id"]?.string {
                conversation.answer(call)
            }
        default: break
        }
    }

    // MARK: - Audio

    private mutating func append(_ message: ClientMessage) {
        let text = Array((message.event["audio"]?.string ?? "").utf8)
        var bytes: [UInt8] = []
        let format = conversation.audio.input
        var fault: String?
        if !Base64.decode(text.span.bytes, into: &bytes) {
            fault = "`audio` is not base64"
        } else if case .pcm16 = format, bytes.count % 2 != 0 {
            fault = "`audio` has \(bytes.count) bytes, and a sample of PCM16 has 2"
        } else if conversation.appended == 0, let container = Self.container(bytes) {
            fault = "`audio` must be raw samples, and is a \(container) file"
        }
        guard let fault else {
            conversation.append(milliseconds: format.milliseconds(bytes: bytes.count))
            if case .await(let awaited)? = nextAction, awaited.isAudio { awaitedSince = now }
            return
        }
        let error = invalid("invalid_value", "Invalid 'audio'. Expected base64-encoded audio bytes: \(fault).", "audio")
        guard reportedAudioFaults.insert(fault).inserted else { return answer(error, message.eventID) }
        refuse(message.number, message.type, kind: .refused, fault, error, message.eventID)
    }

    private var nextAction: MockStep.Action? { index < steps.count ? steps[index].action : nil }

    private static func container(_ bytes: [UInt8]) -> String? {
        let names = ["RIFF": "WAV", "OggS": "Ogg", "fLaC": "FLAC", "ID3": "MP3"]
        return names.first { bytes.starts(with: $0.key.utf8) }?.value
    }

    // MARK: - Errors

    private func invalid(_ code: String, _ message: String, _ param: String?) -> JSONObject {
        MockEvents.error(type: "invalid_request_error", code: code, message: message, param: param)
    }

    private func error(for violation: SchemaViolation) -> JSONObject {
        let place = violation.path.text
        switch violation.rule {
        case .known: return invalid("unknown_parameter", "Unknown parameter: '\(place)'.", place)
        case .required:
            return invalid("missing_required_parameter", "Missing required parameter: '\(place)'.", place)
        case .type: return invalid("invalid_type", "Invalid type for '\(place)': it \(violation.message).", place)
        case .value, .other:
            return invalid("invalid_value", "Invalid value for '\(place)': it \(violation.message).", place)
        }
    }

    private mutating func refuse(
        _ number: Int, _ type: String, kind: MockFault.Kind, _ reason: String, _ error: JSONObject, _ eventID: String?
    ) {
        report(kind, number, type, reason)
        answer(error, eventID)
    }

    private mutating func answer(_ error: JSONObject, _ eventID: String?) {
        var error = error
        error["event_id"] = eventID.map { .string($0) } ?? .null
        transmit(["type": "error", "event_id": .string(nextEventID()), "error": .object(error)])
    }
}

extension AwaitedEvent {
    /// Whether audio is awaited.
    fileprivate var isAudio: Bool {
        switch self {
        case .audio, .freshAudio: true
        default: false
        }
    }
}
