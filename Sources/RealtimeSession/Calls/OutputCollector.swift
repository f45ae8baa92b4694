package import EventJSON
package import RealtimeEvents

/// Collects the function call outputs that a recording's client sent, by reading the recording's events ahead, and
/// matches them with their calls.
package struct OutputCollector: Sendable {
    /// The types of the server events that are needed to match outputs with calls.
    package static let callTypes: [StaticString] = [
        "response.output_item.added", "response.output_item.done", "response.function_call_arguments.done",
        "response.done",
    ]

    /// The outputs found so far.
    package private(set) var outputs = RecordedOutputs()
    private var session = 1
    private var sessionID: String?
    /// Whether the connection was renewed, so that the next created session continues this one.
    private var isRenewed = false
    private var occurrences = CallOccurrences()
    private var answers = ClientAnswers()
    /// The last occurrence of each `call_id` that may be answered.
    private var called: [IDKey: Int] = [:]
    /// The calls of unfinished responses.
    private var open: [(response: IDKey, call: CallKey)] = []

    /// Creates a collector that starts at the beginning of a recording.
    package init() {}

    /// Records a session id from a server event.
    ///
    /// - Parameters:
    ///   - id: The session's id.
    ///   - isCreated: Whether the event is a session's creation. A new id then starts the recording's next session.
    package mutating func note(session id: String, isCreated: Bool) {
        if isCreated, isRenewed {
            isRenewed = false
            sessionID = id
        }
        if isCreated, let sessionID, sessionID != id {
            session += 1
            occurrences = CallOccurrences()
            answers = ClientAnswers()
            called = [:]
            open = []
            self.sessionID = id
        }
        if sessionID == nil { sessionID = id }
    }

    /// Records that the connection was renewed.
    package mutating func noteRenewal() { isRenewed = true }

    /// Applies a server event whose type is in ``callTypes``.
    package mutating func note(server event: JSONValue) {
        let response = Self.key(event["response_id"])
        switch event["type"]?.string {
        case "response.output_item.added": _ = call(event["item"], response)
        case "response.output_item.done":
            if let item = event["item"], let key = call(item, response), Self.isComplete(item) { note(key, response) }
        case "response.function_call_arguments.done":
            guard let id = Self.key(event["call_id"]) else { return }
            let item = Self.key(event["item_id"])
            note(occurrences.resolve(CallOccurrences.Frame(id: id, response: response, item: item)), response)
        case "response.done": finish(event["response"])
        default: break
        }
    }

    /// Records an output that the client sent.
    package mutating func note(output: String, of callID: String) {
        let id = IDKey(callID)
        let occurrence = answers.answer(id) ?? called[id] ?? 1
        outputs[session: session, callID: callID, occurrence: occurrence] = output
    }

    private mutating func finish(_ response: JSONValue?) {
        let id = Self.key(response?["id"])
        let isCompleted = response?["status"]?.string.map { $0 == "completed" } ?? true
        for item in response?["output"]?.array ?? [] {
            guard let key = call(item, id) else { continue }
            if isCompleted, Self.isComplete(item) { note(key, id) }
        }
        for (response, key) in open where response == id && !isCompleted { answers.forget(key) }
        open.removeAll { $0.response == id }
    }

    /// The key of an item's call; nil if the item is not a call.
    private mutating func call(_ item: JSONValue?, _ response: IDKey?) -> CallKey? {
        guard item?["type"]?.string == "function_call", let id = Self.key(item?["call_id"]) else { return nil }
        return occurrences.resolve(CallOccurrences.Frame(id: id, response: response, item: Self.key(item?["id"])))
    }

    /// Records that a call may be answered from now on.
    private mutating func note(_ key: CallKey, _ response: IDKey?) {
        guard key.occurrence > called[key.id] ?? 0 else { return }
        called[key.id] = key.occurrence
        answers.call(key)
        if let response { open.append((response, key)) }
    }

    private static func key(_ value: JSONValue?) -> IDKey? {
        value?.string.flatMap { $0.isEmpty ? nil : IDKey($0) }
    }

    private static func isComplete(_ item: JSONValue) -> Bool {
        item["status"]?.string.map { $0 == "completed" } ?? true
    }
}
