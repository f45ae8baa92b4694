import EventJSON
import EventPatterns

/// One step of what a mock plays.
struct MockStep: Sendable {
    enum Action: Sendable {
        /// Sends an event, which may be changed on the way: ids, the session, echoes of what the client sent.
        case send(JSONObject)
        /// Waits for the client.
        case await(AwaitedEvent)
        /// Waits for a time.
        case pause(Duration)
        /// A step of a script, which becomes several steps when it is reached.
        case turn(ScriptTurn)
    }

    var action: Action
    /// The line of the recording or script.
    var line: Int
    /// When that was, in seconds since the recording began, where the recording says it.
    var at: Double?

    init(_ action: Action, line: Int, at: Double? = nil) {
        self.action = action
        self.line = line
        self.at = at
    }
}

/// What a mock waits for.
enum AwaitedEvent: Sendable {
    /// An event like this one: of the same type, and for an item of the same kind; for a function's output, of the same call.
    case event(JSONObject)
    /// So many milliseconds of audio since the session began.
    case audio(milliseconds: Double)
    /// So many milliseconds of audio since the last response ended.
    case freshAudio(milliseconds: Double)
    /// The user's turn of a script: speech, a commit or a typed message.
    case user(ScriptTurn.User)
    /// The user interrupts: speech, or a cancel if the server does not detect voice.
    case interruption
    /// The client's next event matches a pattern.
    case expectation(EventExpectation)
}

extension AwaitedEvent {
    /// The type of the event; nil if it is not one event of a fixed type.
    var type: String? {
        if case .event(let event) = self { event["type"]?.string } else { nil }
    }

    /// Whether a client's event is the one that is waited for. Audio and what scripts wait for are decided elsewhere.
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
    /// What is waited for, for a sentence.
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

    /// An event in words: its type, and what kind of item it makes.
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

/// A step of a script.
enum ScriptTurn: Sendable {
    /// The user speaks or types.
    case user(User)
    /// The model answers.
    case response(Response)
    /// An `error` event.
    case error(JSONObject)

    /// What the user says.
    struct User: Sendable {
        var text: String
        /// How much audio the client sends for it.
        var audio: Duration
    }

    /// A function call.
    struct Call: Sendable {
        var name: String
        var arguments: JSONValue
    }

    /// What the model says, and the functions that it calls.
    struct Response: Sendable {
        var text: String?
        var calls: [Call] = []
        /// What the user says instead of listening to the end.
        var interruption: User?
        /// Whether the client has asked for it, or the server begins it by itself.
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
