import EventJSON
import RealtimeEvents

/// Redacts one event, or one value that is not an event, by the `privacy` section's patterns and names.
struct PrivacyFilter {
    /// The deepest nesting that is searched, including JSON inside texts, because the search is recursive. Deeper
    /// values are removed.
    private static let maxDepth = 100
    /// Members that hold application data: functions' arguments and outputs, and the labels and metadata of clients and
    /// operators. Inside them, names have no protocol meaning.
    private static let arbitraryMembers: Set<String> = [
        "arguments", "output", "labels", "metadata", "response_metadata",
    ]

    private let texts: TextRedactor
    /// The event's type; nil for a value that is not an event.
    private let type: EventType.Code?

    /// The position of a value, which decides how it is redacted.
    private struct Context {
        /// The name of the member that holds the value, directly or as an element.
        var name = ""
        /// Whether the value is application data, in which names have no protocol meaning.
        var isArbitrary: Bool
        /// Whether texts may be truncated.
        var isCut: Bool
        /// The number of enclosing objects and arrays.
        var depth = 0
    }

    init(_ texts: TextRedactor, _ type: EventType.Code?) {
        self.texts = texts
        self.type = type
    }

    /// Returns the redacted event; nil if there is nothing to remove.
    func redacted(_ event: JSONObject) -> JSONObject? {
        let context = Context(isArbitrary: false, isCut: type.map(TruncatedText.isPossible) ?? false)
        return object(event, context)
    }

    /// Returns the redacted value; nil if there is nothing to remove.
    func redacted(_ value: JSONValue) -> JSONValue? { self.value(value, Context(isArbitrary: true, isCut: false)) }

    private var isKnown: Bool { type != nil && type != .unknown }

    private func value(_ value: JSONValue, _ context: Context) -> JSONValue? {
        switch value {
        case .string(let text): return self.text(text, context).map { .string($0) }
        case .number(let number): return isSafe(number, context) ? nil : .string(Redaction.mark)
        case .object where context.depth == Self.maxDepth, .array where context.depth == Self.maxDepth:
            return .string(Redaction.mark)
        case .object(let object): return self.object(object, context).map { .object($0) }
        case .array(let elements):
            var inner = context
            inner.depth += 1
            return elements.changed { self.value($0, inner) }.map { .array($0) }
        default: return nil
        }
    }

    // MARK: Objects

    private func object(_ object: JSONObject, _ context: Context) -> JSONObject? {
        var context = context
        if !context.isArbitrary, TruncatedText.isPossible(in: object) { context.isCut = true }
        let words = type == .routerUtteranceUpdated && context.depth == 0 ? PartialUtterance(object, texts) : nil
        context.depth += 1
        let members = Array(object).changed { member -> JSONObject.Element? in
            let value = words?.value(of: member.key) ?? self.member(member.key, member.value, context)
            let key = key(member.key, context)
            return value == nil && key == nil ? nil : (key ?? member.key, value ?? member.value)
        }
        return members.map(Self.withDistinctKeys)
    }

    /// Returns the redacted value of a member; nil if there is nothing to remove.
    private func member(_ name: String, _ value: JSONValue, _ context: Context) -> JSONValue? {
        if texts.names.contains(name) { return .string(Redaction.mark) }
        var context = context
        context.name = name
        guard !context.isArbitrary else { return self.value(value, context) }
        if isFragment(name, value, context) { return .string(Redaction.mark) }
        if isStructure(name, value, context) { return nil }
        context.isArbitrary = Self.arbitraryMembers.contains(name)
        return self.value(value, context)
    }

    /// Returns the redacted name of a member; nil if there is nothing to remove.
    private func key(_ name: String, _ context: Context) -> String? {
        if !context.isArbitrary, ProtocolWords.names.contains(name) || texts.names.contains(name) { return nil }
        return text(name, context)
    }

    /// Numbers members whose redacted names are equal.
    private static func withDistinctKeys(_ members: [JSONObject.Element]) -> JSONObject {
        var counts: [String: Int] = [:]
        return JSONObject(
            members.map { member in
                guard member.key.contains(Redaction.mark) else { return member }
                let count = counts[member.key, default: 0] + 1
                counts[member.key] = count
                return count == 1 ? member : ("\(member.key) \(count)", member.value)
            })
    }

    // MARK: Rules for members

    /// Whether the value is a fragment of a text. A fragment alone cannot be searched.
    private func isFragment(_ name: String, _ value: JSONValue, _ context: Context) -> Bool {
        switch value {
        case .null, .bool: return false
        case .string(let text) where text.isEmpty || isAudio(name, text): return false
        default: break
        }
        let isSegment = type == .conversationItemInputAudioTranscriptionSegment && context.depth == 1 && name == "text"
        return name == FragmentFields.logprobs || name == FragmentFields.delta || isSegment
    }

    /// Whether the value is an id, a type, or a value that the protocol defines.
    private func isStructure(_ name: String, _ value: JSONValue, _ context: Context) -> Bool {
        switch value {
        case .object, .array: return false
        case .string(let text):
            // The router itself makes a derived event's session key.
            if isAudio(name, text) || name == "session" && context.depth == 1 { return true }
            if isKnown, ProtocolWords.isKnown(text, under: name) { return true }
        default: break
        }
        return name == "type" || name == "id" || name.hasSuffix("_id")
    }

    /// Whether a text is audio: in an audio member, with the alphabet of base64.
    private func isAudio(_ name: String, _ text: String) -> Bool {
        let isDelta = type == .responseOutputAudioDelta || type == .sessionOutputAudioDelta
        guard isKnown, name == "audio" || isDelta && name == FragmentFields.delta else { return false }
        return text.utf8.allSatisfy {
            ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2B || $0 == 0x2F || $0 == 0x3D
        }
    }

    private func isSafe(_ number: JSONNumber, _ context: Context) -> Bool {
        if isKnown, !context.isArbitrary, ProtocolWords.isNumber(context.name) { return true }
        let text = JSONValue.number(number).description
        // Search the digits alone too: an exponent or a decimal point can interrupt a match.
        let digits = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.filter { $0 &- 0x30 < 10 }
        return !texts.isFound(in: text)
            && (digits.count == text.utf8.count || !texts.isFound(in: String(decoding: digits, as: UTF8.self)))
    }

    /// Returns the redacted text; nil if there is nothing to remove. JSON inside the text is searched as JSON.
    private func text(_ text: String, _ context: Context) -> String? {
        let first = text.utf8.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let value = try? JSONValue(parsing: text) {
            var inner = context
            inner.isArbitrary = true
            return self.value(value, inner)?.description
        }
        return texts.redacted(text, isCut: context.isCut)
    }
}

extension Array {
    /// Returns the elements, with those replaced for which the closure returns an element; nil if it returns nil for
    /// all.
    fileprivate func changed(_ change: (Element) -> Element?) -> [Element]? {
        var isChanged = false
        let changed = map { element in
            guard let other = change(element) else { return element }
            isChanged = true
            return other
        }
        return isChanged ? changed : nil
    }
}
