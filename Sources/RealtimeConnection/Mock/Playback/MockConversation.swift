import EventJSON

/// The server-side state of a played session: its configuration, items, calls and audio.
struct MockConversation {
    /// An item of the conversation.
    struct Item {
        var content: JSONObject
        /// The duration of the item's audio that the server has sent.
        var milliseconds = 0.0
        var hasAudio = false
    }

    private(set) var session: JSONObject
    private(set) var audio: SessionAudioSettings
    /// All of the client's session updates, merged.
    private(set) var updates: JSONObject = [:]
    private(set) var items: [String: Item] = [:]
    /// The function calls by their ids; true if the client has sent the output.
    private(set) var calls: [String: Bool] = [:]
    /// The id of the active response; nil if there is none.
    private(set) var response: String?
    private(set) var lastItem: String?
    private(set) var hasAssistantAudio = false
    /// Whether the server will start a response without a request, because the user has spoken.
    var isResponseDue = false

    /// The duration of all audio from the client, in milliseconds.
    private(set) var appended = 0.0
    /// The duration of the uncommitted audio, in milliseconds.
    private(set) var buffered = 0.0
    /// The duration of the audio since the last response ended, in milliseconds.
    private(set) var fresh = 0.0
    /// Whether the user is speaking, according to the sent events.
    private(set) var isSpeaking = false
    /// The id of the item of the speech that ended last.
    private var detected: String?

    init(_ session: JSONObject) {
        self.session = session
        audio = SessionAudioSettings(session)
    }

    // MARK: - The client

    mutating func append(milliseconds: Double) {
        appended += milliseconds
        buffered += milliseconds
        fresh += milliseconds
    }

    mutating func emptyBuffer() { buffered = 0 }

    mutating func resetFreshAudio() { fresh = 0 }

    mutating func update(_ changes: JSONObject) {
        updates = ScriptSession.merged(updates, changes)
        setSession(ScriptSession.merged(session, changes))
    }

    mutating func answer(_ call: String) { calls[call] = true }

    mutating func remove(_ item: String) { items[item] = nil }

    mutating func add(_ item: JSONObject, id: String) {
        items[id, default: Item(content: item)].content = item
        lastItem = id
        if item["type"]?.string == "function_call", let call = item["call_id"]?.string {
            calls[call] = calls[call] ?? false
        }
    }

    // MARK: - The server

    private mutating func setSession(_ session: JSONObject) {
        self.session = session
        audio = SessionAudioSettings(session)
    }

    /// Applies a server event when it is sent.
    mutating func sent(_ event: JSONObject, _ type: String) {
        switch type {
        case "session.created", "session.updated", "transcription_session.created", "transcription_session.updated":
            if let session = event["session"]?.object { setSession(session) }
        case "input_audio_buffer.speech_started": isSpeaking = true
        case "input_audio_buffer.speech_stopped":
            isSpeaking = false
            fresh = 0
            detected = event["item_id"]?.string
        case "input_audio_buffer.committed":
            buffered = 0
            isResponseDue = audio.createsResponses && detected == event["item_id"]?.string
        case "conversation.item.added", "conversation.item.created", "conversation.item.done",
            "response.output_item.added", "response.output_item.done":
            if let item = event["item"]?.object, let id = item["id"]?.string { add(item, id: id) }
        case "response.created":
            response = event["response"]?["id"]?.string
            isResponseDue = false
        case "response.done":
            response = nil
            if !isSpeaking { fresh = 0 }
        case "response.output_audio.delta": addAudio(event)
        default: break
        }
    }

    private mutating func addAudio(_ event: JSONObject) {
        guard let id = event["item_id"]?.string else { return }
        let bytes = SessionAudioSettings.byteCount(event["delta"])
        items[id, default: Item(content: [:])].milliseconds += audio.output.milliseconds(bytes: bytes)
        items[id]?.hasAudio = true
        hasAssistantAudio = true
    }
}

/// A client message that no step has used yet.
struct ClientMessage {
    /// The number of the message, counted from 1.
    let number: Int
    let event: JSONObject
    let bytes: [UInt8]

    var type: String { event["type"]?.string ?? "" }
    var eventID: String? { event["event_id"]?.string }
    var item: JSONObject? { event["item"]?.object }
}

/// The replacements for ids of the recording, for which this client uses other ids.
struct IDReplacements {
    private var replacements: [String: JSONValue] = [:]

    /// Adds a replacement for an id of the recording; nil replaces it with null.
    mutating func replace(_ recorded: String, by id: String?) {
        replacements[recorded] = id.map { .string($0) } ?? .null
    }

    /// A copy of an event with its ids replaced.
    func applied(to event: JSONObject) -> JSONObject {
        replacements.isEmpty ? event : object(event)
    }

    private func object(_ object: JSONObject) -> JSONObject {
        JSONObject(
            object.map { name, value in
                if let text = value.string {
                    let isID = name == "id" || name.hasSuffix("_id")
                    return (key: name, value: isID ? replacements[text] ?? value : value)
                }
                return (key: name, value: self.value(value))
            })
    }

    private func value(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(object(members))
        case .array(let elements): .array(elements.map { self.value($0) })
        default: value
        }
    }
}
