import EventJSON
import RealtimeEvents

/// A line of a recording that is an event.
struct RecordedLine {
    var line: Int
    var at: Double?
    var isClient: Bool
    var event: JSONObject

    var type: String { event["type"]?.string ?? "" }
    /// Whether it is the client's audio.
    var isAudio: Bool { type.hasSuffix("input_audio_buffer.append") }
}

/// The events that describe the session.
enum SessionEventTypes {
    static let all = [
        "session.created", "session.updated", "transcription_session.created", "transcription_session.updated",
    ]
}

/// Makes steps of the lines of a recording: what to send, and what to wait for before.
///
/// Each of the client's lines is waited for. What the server's events show the client to have done, and no line says, is waited for too.
struct RecordingSteps {
    private var steps: [MockStep] = []
    private var audio: SessionAudioSettings
    private var milliseconds = 0.0
    /// Whether the recording says how much audio came.
    private let hasAudio: Bool
    /// The client's events that no event of the server has shown yet.
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

    /// Waits for what a server event shows, unless a line of the client says it.
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

/// What a client must have done before a server event, going by the server's events.
private struct ClientInference {
    /// The items of responses, which are the server's own.
    private let outputItems: Set<String>
    /// Whether audio comes some other way than over the connection: by WebRTC or SIP, with the client beside it.
    private let isSideband: Bool
    private var seenItems: Set<String> = []
    private var committedItems: Set<String> = []
    private var detectedItems: Set<String> = []
    /// Whether the server begins the next response by itself.
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

    /// An item that neither a response nor the audio buffer made is the client's.
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
