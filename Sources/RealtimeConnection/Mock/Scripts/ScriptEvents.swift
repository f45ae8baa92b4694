import EventJSON

/// Generates the server events for the steps of a script.
struct ScriptEvents {
    private var eventCount = 1
    private var itemCount = 0
    private var responseCount = 0
    private var callCount = 0
    private var lastItem: JSONValue = .null

    private mutating func step(_ type: String, _ line: Int, _ members: JSONObject) -> MockStep {
        eventCount += 1
        var event: JSONObject = ["type": .string(type), "event_id": "event_\(eventCount)"]
        for (name, value) in members { event.append(name, value) }
        return MockStep(.send(event), line: line)
    }

    private mutating func nextItem() -> String {
        itemCount += 1
        return "item_\(itemCount)"
    }

    /// Sets the last item of the conversation to an item that the client created.
    mutating func note(item: String) { lastItem = .string(item) }

    // MARK: - The user

    /// The id for an item that the server creates from the client's audio.
    mutating func audioItem() -> String { nextItem() }

    /// The steps for detected speech. The playback fills in `audio_start_ms` and `audio_end_ms` when it sends the
    /// events.
    ///
    /// - Parameters:
    ///   - user: the user's turn.
    ///   - item: the id of the item that the speech becomes.
    ///   - hasBegun: whether `speech_started` was sent already.
    ///   - transcribes: whether the session transcribes the user's speech.
    ///   - line: the line of the script.
    mutating func speech(
        _ user: ScriptTurn.User, _ item: String, hasBegun: Bool, transcribes: Bool, _ line: Int
    ) -> [MockStep] {
        var steps = hasBegun ? [] : [speechStarted(item, line)]
        let (seconds, attoseconds) = user.audio.components
        let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        steps.append(MockStep(.await(.freshAudio(milliseconds: milliseconds)), line: line))
        let place: JSONObject = ["audio_end_ms": 0, "item_id": .string(item)]
        steps.append(step("input_audio_buffer.speech_stopped", line, place))
        steps += committed(item, line)
        return transcribes ? steps + transcription(user.text, of: item, line) : steps
    }

    private mutating func speechStarted(_ item: String, _ line: Int) -> MockStep {
        step("input_audio_buffer.speech_started", line, ["audio_start_ms": 0, "item_id": .string(item)])
    }

    /// The events for committed audio and its item.
    mutating func committed(_ item: String, _ line: Int) -> [MockStep] {
        let content: JSONObject = [
            "id": .string(item), "type": "message", "status": "completed", "role": "user",
            "content": [["type": "input_audio", "transcript": nil]],
        ]
        let previousItem = lastItem
        lastItem = .string(item)
        return [
            step("input_audio_buffer.committed", line, ["previous_item_id": previousItem, "item_id": .string(item)])
        ]
            + itemSteps(content, after: previousItem, line)
    }

    /// The two events for a complete item.
    private mutating func itemSteps(_ item: JSONObject, after previousItem: JSONValue, _ line: Int) -> [MockStep] {
        ["conversation.item.added", "conversation.item.done"].map {
            step($0, line, ["previous_item_id": previousItem, "item": .object(item)])
        }
    }

    /// The transcription events of the user's speech.
    mutating func transcription(_ text: String, of item: String, _ line: Int) -> [MockStep] {
        let place: JSONObject = ["item_id": .string(item), "content_index": 0]
        let prefix = "conversation.item.input_audio_transcription"
        let deltas = Self.words(text).map { step("\(prefix).delta", line, place.with("delta", .string($0))) }
        let seconds = Double(max(1, Self.words(text).count)) / 2
        let usage: JSONValue = ["type": "duration", "seconds": .number(JSONNumber(seconds))]
        return deltas
            + [step("\(prefix).completed", line, place.with("transcript", .string(text)).with("usage", usage))]
    }

    /// Splits a text into deltas: its words, each with the space before it.
    static func words(_ text: String) -> [String] {
        var pieces: [String] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            pieces.append(pieces.isEmpty ? String(word) : " " + word)
        }
        return pieces.filter { !$0.isEmpty }
    }

    mutating func error(_ error: JSONObject, _ line: Int) -> MockStep { step("error", line, ["error": .object(error)]) }

    // MARK: - The model

    /// The events of a response.
    ///
    /// - Parameters:
    ///   - response: the text and the calls.
    ///   - audio: the session's audio settings.
    ///   - modalities: the output modalities of the `response.create`; nil for the session's.
    ///   - line: the line of the script.
    mutating func response(
        _ response: ScriptTurn.Response, _ audio: SessionAudioSettings, modalities: [JSONValue]?, _ line: Int
    ) -> [MockStep] {
        responseCount += 1
        let speaks = modalities.map { $0.contains("audio") } ?? audio.speaks
        var writer = ResponseWriter(id: "resp_\(responseCount)", line: line, speaks: speaks, audio)
        var steps = [step("response.created", line, ["response": writer.body(status: "in_progress")])]
        if let text = response.text {
            steps += message(text, &writer, interruption: response.interruption, audio)
        }
        for call in response.calls { steps += self.call(call, &writer) }
        if response.interruption == nil {
            steps.append(step("response.done", line, ["response": writer.body(status: "completed")]))
        }
        return steps
            + writer.callIDs.map { id in
                let output: JSONObject = [
                    "type": "conversation.item.create",
                    "item": ["type": "function_call_output", "call_id": .string(id)],
                ]
                return MockStep(.await(.event(output)), line: line)
            }
    }

    private mutating func begin(_ item: JSONObject, _ writer: inout ResponseWriter) -> [MockStep] {
        let previousItem = lastItem
        lastItem = item["id"] ?? .null
        return [
            step("response.output_item.added", writer.line, writer.place(item: nil).with("item", .object(item))),
            step("conversation.item.added", writer.line, ["previous_item_id": previousItem, "item": .object(item)]),
        ]
    }

    private mutating func end(_ item: JSONObject, after previousItem: JSONValue, _ writer: inout ResponseWriter)
        -> [MockStep]
    {
        let place = writer.place(item: nil)
        writer.add(item)
        return [
            step("conversation.item.done", writer.line, ["previous_item_id": previousItem, "item": .object(item)]),
            step("response.output_item.done", writer.line, place.with("item", .object(item))),
        ]
    }

    private mutating func message(
        _ text: String, _ writer: inout ResponseWriter, interruption: ScriptTurn.User?, _ audio: SessionAudioSettings
    ) -> [MockStep] {
        let previousItem = lastItem
        let id = nextItem()
        let item: JSONObject = [
            "id": .string(id), "type": "message", "status": "in_progress", "role": "assistant", "content": [],
        ]
        let place = writer.place(item: id).with("content_index", 0)
        let (field, kind) = writer.speaks ? ("transcript", "audio") : ("text", "text")
        let words = Self.words(text)
        let said = interruption == nil ? words : Array(words.prefix((words.count + 1) / 2))
        let saidText = said.joined()
        var steps = begin(item, &writer)
        let empty: JSONValue = ["type": .string(kind), "\(field)": ""]
        steps.append(step("response.content_part.added", writer.line, place.with("part", empty)))
        steps += said.map { step(writer.textEvent("delta"), writer.line, place.with("delta", .string($0))) }
        if writer.speaks {
            steps += writer.audioDeltas(for: saidText).map {
                step("response.output_audio.delta", writer.line, place.with("delta", .string($0)))
            }
        }
        let detects = audio.detection != nil
        let spoken = nextAudioItem(interruption != nil && detects)
        if interruption != nil {
            steps.append(MockStep(.await(.interruption), line: writer.line))
            if let spoken { steps.append(speechStarted(spoken, writer.line)) }
        }
        if writer.speaks { steps.append(step("response.output_audio.done", writer.line, place)) }
        steps.append(step(writer.textEvent("done"), writer.line, place.with(field, .string(saidText))))
        let part: JSONValue = ["type": .string(kind), "\(field)": .string(saidText)]
        steps.append(step("response.content_part.done", writer.line, place.with("part", part)))
        var done = item
        done["status"] = interruption == nil ? "completed" : "incomplete"
        done["content"] = [["type": .string("output_\(kind)"), "\(field)": .string(saidText)]]
        steps += end(done, after: previousItem, &writer)
        guard let interruption else { return steps }
        let reason = detects ? "turn_detected" : "client_cancelled"
        let body = writer.body(status: "cancelled", details: ["type": "cancelled", "reason": .string(reason)])
        steps.append(step("response.done", writer.line, ["response": body]))
        guard let spoken else { return steps + [MockStep(.turn(.user(interruption)), line: writer.line)] }
        return steps
            + speech(interruption, spoken, hasBegun: true, transcribes: audio.transcribes, writer.line)
    }

    private mutating func nextAudioItem(_ isNeeded: Bool) -> String? { isNeeded ? nextItem() : nil }

    private mutating func call(_ call: ScriptTurn.Call, _ writer: inout ResponseWriter) -> [MockStep] {
        let previousItem = lastItem
        callCount += 1
        let (id, callID) = (nextItem(), "call_\(callCount)")
        let arguments = call.arguments.string ?? call.arguments.description
        let item: JSONObject = [
            "id": .string(id), "type": "function_call", "status": "in_progress", "name": .string(call.name),
            "call_id": .string(callID), "arguments": "",
        ]
        var steps = begin(item, &writer)
        let place = writer.place(item: id).with("call_id", .string(callID))
        let half = arguments.index(arguments.startIndex, offsetBy: arguments.count / 2)
        for piece in [arguments[..<half], arguments[half...]] where !piece.isEmpty {
            let members = place.with("delta", .string(String(piece)))
            steps.append(step("response.function_call_arguments.delta", writer.line, members))
        }
        let done = place.with("name", .string(call.name)).with("arguments", .string(arguments))
        steps.append(step("response.function_call_arguments.done", writer.line, done))
        var complete = item
        complete["status"] = "completed"
        complete["arguments"] = .string(arguments)
        writer.callIDs.append(callID)
        return steps + end(complete, after: previousItem, &writer)
    }
}

/// The state of one response while its events are generated.
private struct ResponseWriter {
    let id: String
    let line: Int
    let speaks: Bool
    private let audio: SessionAudioSettings
    var callIDs: [String] = []
    private var output: [JSONValue] = []
    private var outputTokens = 0

    init(id: String, line: Int, speaks: Bool, _ audio: SessionAudioSettings) {
        (self.id, self.line, self.speaks, self.audio) = (id, line, speaks, audio)
    }

    /// Adds a complete output item.
    mutating func add(_ item: JSONObject) { output.append(.object(item)) }

    /// The ids and the index that an event of the response contains.
    func place(item: String?) -> JSONObject {
        var place: JSONObject = ["response_id": .string(id)]
        if let item { place["item_id"] = .string(item) }
        place["output_index"] = .number(JSONNumber(output.count))
        return place
    }

    func textEvent(_ end: String) -> String {
        speaks ? "response.output_audio_transcript.\(end)" : "response.output_text.\(end)"
    }

    /// Silence in place of the speech for a text: 60 ms per character, in deltas of 200 ms.
    mutating func audioDeltas(for text: String) -> [String] {
        let count = min(150, (text.count * 60 + 199) / 200)
        outputTokens += count * 4
        return [String](repeating: audio.output.silence(bytes: audio.output.bytesPerSecond / 5), count: max(1, count))
    }

    /// The response object in `response.created` and `response.done`.
    func body(status: String, details: JSONValue = nil) -> JSONValue {
        let isOver = status != "in_progress"
        let tokens = JSONNumber(max(1, outputTokens))
        let usage: JSONValue = [
            "total_tokens": .number(JSONNumber(10 + max(1, outputTokens))), "input_tokens": 10,
            "output_tokens": .number(tokens),
            "input_token_details": ["text_tokens": 10, "audio_tokens": 0, "image_tokens": 0, "cached_tokens": 0],
            "output_token_details": [
                "text_tokens": speaks ? 0 : .number(tokens), "audio_tokens": speaks ? .number(tokens) : 0,
            ],
        ]
        return [
            "object": "realtime.response", "id": .string(id), "status": .string(status), "status_details": details,
            "output": .array(isOver ? output : []), "conversation_id": "conv_1",
            "output_modalities": [speaks ? "audio" : "text"], "max_output_tokens": "inf",
            "audio": ["output": audio.outputSettings], "usage": isOver ? usage : nil, "metadata": nil,
        ]
    }
}

extension JSONObject {
    /// A copy with one more member.
    fileprivate func with(_ name: String, _ value: JSONValue) -> JSONObject {
        var copy = self
        copy[name] = value
        return copy
    }
}
