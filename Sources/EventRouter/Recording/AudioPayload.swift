import EventJSON
import RealtimeEvents

/// Replaces the audio in events with its length.
enum AudioPayload {
    /// Returns the event with the number of bytes in place of each audio value; the same event if it has no audio.
    static func replaced(in event: RealtimeEvent) -> RealtimeEvent {
        let isDelta = event.type.code == .responseOutputAudioDelta || event.type.code == .sessionOutputAudioDelta
        guard var object = event.json.object else { return event }
        var isChanged = false
        if isDelta { replace("delta", in: &object, &isChanged) }
        replace("audio", in: &object, &isChanged)
        replaceContent(of: "item", in: &object, &isChanged)
        change("part", of: &object) { replace("audio", in: &$0, &isChanged) }
        change("response", of: &object) { response in
            for items in ["output", "input"] {
                changeElements(items, of: &response) { replaceParts(of: &$0, &isChanged) }
            }
        }
        guard isChanged else { return event }
        return RealtimeEvent(
            bytes: Array(JSONValue.object(object).description.utf8), type: event.type, wireType: event.wireType,
            position: event.position, at: event.at, dialect: event.dialect)
    }

    /// Returns a message with the number of bytes in place of its audio; nil if that saves little.
    static func shortened(_ message: RawSpan) -> [UInt8]? {
        var slots = FieldSlots(plan)
        guard message.byteCount > 512, (try? plan.scan(message, into: &slots)) != nil else { return nil }
        let type = slots.string(slot: plan.slot(["type"])!, in: message) ?? ""
        let field: String
        switch EventType(type).code {
        case .responseOutputAudioDelta, .sessionOutputAudioDelta: field = "delta"
        default:
            guard type.hasSuffix("input_audio_buffer.append") else { return nil }
            field = "audio"
        }
        guard let value = slots.value(plan.slot([field])!), value.kind == .string else { return nil }
        let range = Int(value.range.start)..<Int(value.range.end)
        let text = message.withUnsafeBytes { Array($0) }
        let padding = text[range].reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let count = max(range.count / 4 * 3 - padding, 0)
        // Without the quotes.
        return text[..<(range.lowerBound - 1)] + Array(String(count).utf8) + text[(range.upperBound + 1)...]
    }

    private static let plan = FieldPlan([["type"], ["delta"], ["audio"]])

    private static func replaceContent(of name: String, in object: inout JSONObject, _ isChanged: inout Bool) {
        change(name, of: &object) { replaceParts(of: &$0, &isChanged) }
    }

    /// Replaces the audio in the parts of an item's content.
    private static func replaceParts(of item: inout JSONObject, _ isChanged: inout Bool) {
        changeElements("content", of: &item) { replace("audio", in: &$0, &isChanged) }
    }

    private static func replace(_ name: String, in object: inout JSONObject, _ isChanged: inout Bool) {
        guard let text = object[name]?.string else { return }
        let bytes = Array(text.utf8)
        var audio: [UInt8] = []
        guard Base64.decode(bytes.span.bytes, into: &audio) else { return }
        object[name] = .number(JSONNumber(audio.count))
        isChanged = true
    }

    private static func change(_ name: String, of object: inout JSONObject, _ body: (inout JSONObject) -> Void) {
        guard var member = object[name]?.object else { return }
        body(&member)
        object[name] = .object(member)
    }

    private static func changeElements(
        _ name: String, of object: inout JSONObject, _ body: (inout JSONObject) -> Void
    ) {
        guard let elements = object[name]?.array else { return }
        object[name] = .array(
            elements.map { element in
                guard var element = element.object else { return element }
                body(&element)
                return .object(element)
            })
    }
}
