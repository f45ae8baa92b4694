import EventJSON
import EventPatterns

/// One step of a playback.
struct MockStep: Sendable {
    enum Action: Sendable {
        /// Sends an event. The playback first adapts the event to what this client sent: its ids, its session, and the
        /// content of an item that the server repeats.
        case send(JSONObject)
        /// Waits for a client event or for audio.
        case await(AwaitedEvent)
        /// Waits for a duration.
        case pause(Duration)
        /// A turn of a script. The playback expands it into several steps when it reaches it.
        case turn(ScriptTurn)
    }

    var action: Action
    /// The line number in the recording or script.
    var line: Int
    /// The recorded time in seconds since the recording began; nil if the recording has no times.
    var at: Double?

    init(_ action: Action, line: Int, at: Double? = nil) {
        self.action = action
        self.line = line
        self.at = at
    }
}

/// What a playback waits for.
enum AwaitedEvent: Sendable {
    /// An event of the same type; for an item, also with the same item type and role or call id.
    case event(JSONObject)
    /// A total duration of audio since the session began.
    case audio(milliseconds: Double)
    /// A duration of audio since the last response ended.
    case freshAudio(milliseconds: Double)
    /// The user's turn of a script: speech, a commit or a typed message.
    case user(ScriptTurn.User)
    /// The user's interruption: audio, or `response.cancel` if the session has no voice detection.
    case interruption
    /// The client's next event, which must match a pattern.
    case expectation(EventExpectation)
}

extension AwaitedEvent {
    /// The type of an awaited `event`; nil for the other cases.
    var type: String? {
        if case .event(let event) = self { event["type"]?.string } else { nil }
    }

    /// Whether a client event is the awaited `event`. False for the other cases, which ``MockPlay`` checks.
    func accepts(_ event: JSONObject) -> Bool {
        guard case .event(let wanted) = self, let type = wanted["type"]?.string, type == event["type"]?.string else {
            return false
        }
        guard type == "conversation.item.create", let wanted = wanted["item"], let item = event["item"] else {
            return true
        }
        guard wanted["type"] == item["type"] else { return false }
        switch wanted["type"]?.string {
        case "message": return wanted["role"] == nil || wanted["role"] == item["role"]
        case "function_call_output", "function_call": return wanted["call_id"] == item["call_id"]
        default: return true
        }
    }
}

extension AwaitedEvent: CustomStringConvertible {
    /// A noun phrase for messages.
    var description: String {
        switch self {
        case .event(let event): Self.words(for: event)
        case .audio(let milliseconds):
            "\(SessionAudioSettings.whole(milliseconds.rounded(.up))) ms of audio since the session began"
        case .freshAudio(let milliseconds): "\(SessionAudioSettings.whole(milliseconds.rounded(.up))) ms of audio"
        case .user: "the user's turn: audio, `input_audio_buffer.commit`, or a message of the user"
        case .interruption: "an interruption: audio, or `response.cancel` if the server does not detect voice"
        case .expectation(let expectation): "an event that matches \(expectation.text)"
        }
    }

    /// A description of an event: its type, and the kind of item that it creates.
    static func words(for event: JSONObject) -> String {
        let type = "`\(event["type"]?.string ?? "")`"
        guard let item = event["item"] else { return type }
        switch item["type"]?.string {
        case "function_call_output": return "\(type) with the output of the call `\(item["call_id"]?.string ?? "")`"
        case "message": return "\(type) with a message of the \(item["role"]?.string ?? "user")"
        case let kind?: return "\(type) with an item of type `\(kind)`"
        case nil: return type
        }
    }
}

/// A turn of a script: of the user, of the model, or an error.
enum ScriptTurn: Sendable {
    /// The user speaks or sends a typed message.
    case user(User)
    /// The model responds.
    case response(Response)
    /// An `error` event.
    case error(JSONObject)

    /// A turn of the user.
    struct User: Sendable {
        var text: String
        /// The duration of audio that the client sends for the turn.
        var audio: Duration
    }

    /// A function call.
    struct Call: Sendable {
        var name: String
        var arguments: JSONValue
    }

    /// A response: the model's text and function calls.
    struct Response: Sendable {
        var text: String?
        var calls: [Call] = []
        /// The user's turn that interrupts the response; nil for an uninterrupted response.
        var interruption: User?
        /// Whether the playback has already waited for the client's `response.create`.
        var isRequested = false
    }
}

/// A pattern that the client's next event must match.
struct EventExpectation: Sendable {
    /// The pattern as JSON, for messages.
    let text: String
    private let plan: FieldPlan
    private let explainer: PatternExplainer

    init(_ pattern: Pattern, text: String) {
        self.text = text
        plan = FieldPlan(pattern.fieldPaths + [["type"]])
        explainer = PatternExplainer(pattern, plan: plan, typeSlot: plan.slot(["type"])!)
    }

    /// The field whose condition an event fails first; nil if it matches.
    func failingField(of message: [UInt8]) -> String? {
        var slots = FieldSlots(plan)
        var result = MatchResult()
        guard (try? plan.scan(message.span.bytes, into: &slots)) != nil else { return "type" }
        guard let miss = explainer.miss(&slots, message.span.bytes, using: &result) else { return nil }
        return explainer.conditions[miss.condition].field
    }
}
