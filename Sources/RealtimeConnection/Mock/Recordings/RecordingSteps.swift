import EventJSON
import RealtimeEvents

/// A line of a recording that contains an event.
struct RecordedLine {
    var line: Int
    var at: Double?
    var isClient: Bool
    var event: JSONObject

    var type: String { event["type"]?.string ?? "" }
    /// Whether the event appends audio of the client.
    var isAudio: Bool { type.hasSuffix("input_audio_buffer.append") }
}

/// The server events that contain the session.
enum SessionEventTypes {
    static let all = [
        "session.created", "session.updated", "transcription_session.created", "transcription_session.updated",
    ]
}

/// Converts the lines of a recording into steps: the events to send, and the client events to wait for before them.
///
/// The mock waits for each recorded client event. It also waits for client events that are not recorded but that the server's events
/// imply.
struct RecordingSteps {
    private var steps: [MockStep] = []
    private var audio: SessionAudioSettings
    private var milliseconds = 0.0
    /// Whether the recording contains the client's audio events.
    private let hasAudio: Bool
    /// The recorded client events that no server event has confirmed yet.
    private var unanswered: [JSONObject] = []

    private init(_ session: JSONObject, hasAudio: Bool) {
        audio = SessionAudioSettings(session)
        self.hasAudio = hasAudio
    }

    /// The steps of a recording.
    static func steps(_ lines: [RecordedLine], _ session: JSONObject) -> [MockStep] {
        var awaited = RecordingSteps(session, hasAudio: lines.contains { $0.isClient && $0.isAudio })
        var inference = ClientInference(lines)
        for line in lines {
            if line.isClient {
                awaited.addClient(line)
            } else {
                for event in inference.awaited(before: line) { awaited.infer(event, line) }
                awaited.add(line)
            }
        }
        return awaited.steps
    }

    private mutating func add(_ line: RecordedLine) {
        if SessionEventTypes.all.contains(line.type), let session = line.event["session"]?.object {
            audio = SessionAudioSettings(session)
        }
        steps.append(MockStep(.send(line.event), line: line.line, at: line.at))
    }

    private mutating func addClient(_ line: RecordedLine) {
        guard line.isAudio else {
            unanswered.append(line.event)
            steps.append(MockStep(.await(.event(line.event)), line: line.line, at: line.at))
            return
        }
        milliseconds += audio.input.milliseconds(bytes: SessionAudioSettings.byteCount(line.event["audio"]))
        if let last = steps.last, case .await(.audio) = last.action { steps.removeLast() }
        steps.append(MockStep(.await(.audio(milliseconds: milliseconds)), line: line.line, at: line.at))
    }

    /// Adds a wait for an implied client event, unless the recording contains that event.
    private mutating func infer(_ event: AwaitedEvent, _ line: RecordedLine) {
        if case .audio = event {
            if hasAudio { return }
        } else if let index = unanswered.firstIndex(where: { event.accepts($0) }) {
            unanswered.remove(at: index)
            return
        }
        steps.append(MockStep(.await(event), line: line.line, at: line.at))
    }
}

/// Infers from the server's events what the client must have sent before each of them.
private struct ClientInference {
    /// The ids of the items in responses, which the client did not create.
    private let outputItems: Set<String>
    /// Whether the recording is a sideband's, so that audio does not pass over the connection but over WebRTC or SIP.
    private let isSideband: Bool
    private var seenItems: Set<String> = []
    private var committedItems: Set<String> = []
    private var detectedItems: Set<String> = []
    /// Whether the server will start the next response without a request.
    private var isResponseDue = false
    private var createsResponses = true

    init(_ lines: [RecordedLine]) {
        var items: Set<String> = []
        for line in lines {
            if line.type.hasPrefix("response.output_item."), let id = line.event["item"]?["id"]?.string {
                items.insert(id)
            }
            for item in line.event["response"]?["output"]?.array ?? [] {
                if let id = item["id"]?.string { items.insert(id) }
            }
        }
        outputItems = items
        isSideband =
            lines.first?.type != "session.created"
            || lines.contains { $0.type.hasPrefix("output_audio_buffer.") }
    }

    mutating func awaited(before line: RecordedLine) -> [AwaitedEvent] {
        let event = line.event
        let item = event["item_id"]?.string ?? ""
        switch EventType(line.type).name {
        case "session.created":
            noteSession(event)
            return []
        case "session.updated":
            noteSession(event)
            return [.event(["type": "session.update"])]
        case "transcription_session.updated": return [.event(["type": "transcription_session.update"])]
        case "input_audio_buffer.speech_started": return audio(event["audio_start_ms"])
        case "input_audio_buffer.speech_stopped":
            detectedItems.insert(item)
            return audio(event["audio_end_ms"])
        case "input_audio_buffer.timeout_triggered":
            detectedItems.insert(item)
            return []
        case "input_audio_buffer.committed":
            committedItems.insert(item)
            if detectedItems.contains(item) {
                isResponseDue = createsResponses
                return []
            }
            return [.event(["type": "input_audio_buffer.commit"])]
        case "input_audio_buffer.cleared": return [.event(["type": "input_audio_buffer.clear"])]
        case "conversation.item.deleted": return [.event(["type": "conversation.item.delete"])]
        case "conversation.item.retrieved": return [.event(["type": "conversation.item.retrieve"])]
        case "conversation.item.truncated": return [.event(["type": "conversation.item.truncate"])]
        case "conversation.item.added", "conversation.item.created": return self.item(event)
        case "response.created":
            let isOutOfBand = event["response"]?["conversation_id"]?.isNull == true
            if isResponseDue, !isOutOfBand {
                isResponseDue = false
                return []
            }
            return [.event(["type": "response.create"])]
        case "response.done":
            let isCancelled = event["response"]?["status_details"]?["reason"]?.string == "client_cancelled"
            return isCancelled ? [.event(["type": "response.cancel"])] : []
        case "session.closed": return [.event(["type": "session.close"])]
        default: return []
        }
    }

    private mutating func noteSession(_ event: JSONObject) {
        guard let session = event["session"]?.object else { return }
        createsResponses = SessionAudioSettings(session).createsResponses
    }

    private func audio(_ milliseconds: JSONValue?) -> [AwaitedEvent] {
        guard !isSideband, let milliseconds = milliseconds?.double, milliseconds > 0 else { return [] }
        return [.audio(milliseconds: milliseconds)]
    }

    /// The creation of an item that belongs neither to a response nor to the audio buffer, and that the client must therefore have created.
    private mutating func item(_ event: JSONObject) -> [AwaitedEvent] {
        guard let item = event["item"]?.object, let id = item["id"]?.string, seenItems.insert(id).inserted,
            !outputItems.contains(id), !committedItems.contains(id), !detectedItems.contains(id)
        else { return [] }
        let kind = item["type"]?.string
        guard ["message", "function_call_output", "function_call", "mcp_approval_response"].contains(kind) else {
            return []
        }
        var made: JSONObject = ["type": .string(kind ?? "message")]
        for name in ["role", "call_id"] { made[name] = item[name] }
        return [.event(["type": "conversation.item.create", "item": .object(made)])]
    }
}
