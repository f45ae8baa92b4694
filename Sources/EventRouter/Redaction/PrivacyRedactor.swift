package import EventJSON
package import EventPatterns
package import RealtimeEvents

/// Takes out of everything that is written what a file's `privacy` section names: what certain patterns are found in, and what
/// stands under certain names.
///
/// What events are known by (ids, types, states) and numbers of the protocol stay as they are; the words that people and models
/// said, and all that functions were called with and gave, are looked through, JSON that stands in a text too. A piece of a
/// text that came in several, such as a `delta`, a segment or the tokens of `logprobs`, is taken out whole: nobody can say of it
/// alone what it is part of. An utterance's pieces by speakers go with what is taken out of its text. Sound is not looked through.
package struct PrivacyRedactor: EventRedactor {
    private let patterns: [TextPattern]
    private let fields: Set<String>

    /// Makes a redactor.
    ///
    /// - Parameters:
    ///   - patterns: what is taken out of texts.
    ///   - fields: the names whose values are taken out, wherever they stand.
    package init(patterns: [TextPattern], fields: Set<String>) {
        self.patterns = patterns
        self.fields = fields
    }

    package func concerns(_ type: EventType.Code) -> Bool {
        type != .responseOutputAudioDelta && type != .sessionOutputAudioDelta
    }

    package func redact(_ event: inout JSONObject, _ type: EventType.Code) -> Bool {
        var isChanged = false
        let piece = Self.piece(of: type)
        if case .string(let words)? = event[piece], !words.isEmpty {
            event[piece] = .string(Redaction.mark)
            isChanged = true
        }
        guard case .object(var redacted)? = redacted(.object(event), isFree: false) else { return isChanged }
        if redacted["text"] != event["text"] {
            redacted["segments"] = nil
            Self.renewHeardText(&redacted)
        }
        event = redacted
        return true
    }

    /// Estimates the words that were heard from the redacted text: the first half of a number matches no pattern.
    private static func renewHeardText(_ utterance: inout JSONObject) {
        guard let written = utterance["heard_text"]?.string, written != Redaction.mark else { return }
        let heard = Utterance.heardText(
            of: utterance["text"]?.string ?? "", heardMs: utterance["heard_ms"]?.int,
            audioMs: utterance["audio_ms"]?.int)
        utterance["heard_text"] = heard.map { .string($0) }
    }

    package func redact(_ value: inout JSONValue) -> Bool {
        guard let redacted = redacted(value, isFree: true) else { return false }
        value = redacted
        return true
    }

    package func hides(_ path: [String], of type: EventType.Code) -> Bool {
        path == [Self.piece(of: type)] || path.contains { fields.contains($0) || $0 == Self.pieces }
    }

    /// What cannot be read may hold anything.
    package func mayBeIn(_ line: [UInt8]) -> Bool { !patterns.isEmpty || !fields.isEmpty }

    /// The member in which events of a type have a piece of a text.
    private static func piece(of type: EventType.Code) -> String {
        type == .conversationItemInputAudioTranscriptionSegment ? "text" : "delta"
    }

    /// Members by which events are told apart and belong together.
    private static func isStructure(_ name: String) -> Bool {
        name == "id" || name.hasSuffix("_id") || structure.contains(name)
    }

    private static let structure: Set<String> = [
        "type", "session", "cause", "object", "role", "status", "modality", "state", "class", "source", "reason",
        "route",
    ]
    /// Members with what functions were called with and gave: anything may stand in there, under any name.
    private static let free: Set<String> = ["arguments", "output"]
    /// The member in which a text stands once more, a piece for each token.
    private static let pieces = "logprobs"
    /// How deep it looks, through JSON that stands in texts too: looking takes room on the stack. What lies deeper is taken out.
    private static let deepest = 100

    /// A value as it may be written; nil when it is fit for it.
    ///
    /// - Parameter isFree: whether it is somebody's own data, in which no name means anything to us.
    private func redacted(_ value: JSONValue, isFree: Bool, depth: Int = 0) -> JSONValue? {
        switch value {
        case .string(let text): redacted(text, depth: depth).map { .string($0) }
        case .number where isFree: redacted(value.description, depth: depth).map { .string($0) }
        case .object where depth == Self.deepest, .array where depth == Self.deepest: .string(Redaction.mark)
        case .object(let object): redacted(object, isFree: isFree, depth: depth + 1).map { .object($0) }
        case .array(let elements):
            changed(elements, { redacted($0, isFree: isFree, depth: depth + 1) }).map { .array($0) }
        default: nil
        }
    }

    private func redacted(_ object: JSONObject, isFree: Bool, depth: Int) -> JSONObject? {
        let members = changed(Array(object)) { member -> JSONObject.Element? in
            let (name, value) = member
            if fields.contains(name) || (!isFree && name == Self.pieces && !value.isNull) {
                return (name, .string(Redaction.mark))
            }
            if !isFree, case .string = value, Self.isStructure(name) || name == "audio" { return nil }
            let written = redacted(value, isFree: isFree || Self.free.contains(name), depth: depth)
            // In somebody's own data a name may be what another one has for a value.
            let writtenName = isFree ? redacted(name, depth: depth) : nil
            return written == nil && writtenName == nil ? nil : (writtenName ?? name, written ?? value)
        }
        return members.map { JSONObject($0) }
    }

    /// A text as it may be written; nil when it is fit for it. What is JSON in a text is looked through as such.
    private func redacted(_ text: String, depth: Int) -> String? {
        let first = text.utf8.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let value = try? JSONValue(parsing: text) {
            return redacted(value, isFree: true, depth: depth)?.description
        }
        // JSON that broke off, or that stands behind something else, may hold what stands under a name.
        if fields.contains(where: { text.contains("\"\($0)\"") }) { return Redaction.mark }
        let stretches = patterns.flatMap { $0.stretches(in: text) }.sorted { $0.lowerBound < $1.lowerBound }
        return stretches.isEmpty ? nil : Self.text(text, without: stretches)
    }

    private static func text(_ text: String, without stretches: [Range<Int>]) -> String {
        let bytes = Array(text.utf8)
        var (result, end) = ([UInt8](), 0)
        for stretch in stretches where stretch.upperBound > end {
            if stretch.lowerBound >= end {
                result += bytes[end..<stretch.lowerBound]
                result += Array(Redaction.mark.utf8)
            }
            end = stretch.upperBound
        }
        return String(decoding: result + bytes[end...], as: UTF8.self)
    }

    /// The elements with those changed that a closure gives something for; nil when it gives nothing for any.
    private func changed<Element>(_ elements: [Element], _ change: (Element) -> Element?) -> [Element]? {
        var isChanged = false
        let changed = elements.map { element in
            guard let other = change(element) else { return element }
            isChanged = true
            return other
        }
        return isChanged ? changed : nil
    }
}
