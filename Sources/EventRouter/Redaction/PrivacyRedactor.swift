package import EventJSON
package import EventPatterns
package import RealtimeEvents
import RecordFiles

/// Removes the data that a file's `privacy` section names: matches of its patterns, and the values of its fields.
///
/// Values that the protocol itself defines stay as they are: ids, types, values of its enumerations, numbers in members
/// that it defines as numbers. Everything else is searched: texts, JSON inside texts, numbers, and unknown names. In
/// events of an unknown type only ids and types stay. A fragment of a text, such as a `delta`, a segment or the tokens
/// of `logprobs`, is always removed, because a match may span several fragments. Only `router.utterance.updated`, which
/// holds the whole text so far, shows the part that can no longer become a match. Audio is not searched.
package struct PrivacyRedactor: EventRedactor {
    private let texts: TextRedactor

    /// Creates a redactor.
    ///
    /// - Parameters:
    ///   - patterns: The patterns whose matches are removed from texts.
    ///   - fields: The names whose values are removed, at any depth.
    package init(patterns: [TextPattern], fields: Set<String>) {
        texts = TextRedactor(patterns: patterns, names: HiddenNames(fields))
    }

    package func concerns(_ type: EventType.Code) -> Bool { true }

    package func redact(_ event: inout JSONObject, _ type: EventType.Code) -> Bool {
        let words = words(of: event["segments"])
        let written = words.flatMap { texts.redacted($0, isCut: false) }
        guard var redacted = PrivacyFilter(texts, type).redacted(event) ?? (written == nil ? nil : event) else {
            return false
        }
        if redacted["text"] != event["text"] || written != nil || self.words(of: redacted["segments"]) != words {
            redacted["segments"] = nil
            // The transcription has no other text.
            if event["text"]?.string == "" { redacted["text"] = .string(written ?? words ?? "") }
            Self.renewHeardText(&redacted)
        }
        event = redacted
        return true
    }

    /// The joined texts of an utterance's segments, since a match may span several; nil if there are no segments.
    private func words(of segments: JSONValue?) -> String? {
        segments?.array.map { $0.compactMap { $0["text"]?.string }.joined(separator: " ") }
    }

    /// Recomputes `heard_text` from the redacted text: the original may hold the first half of a match, which no
    /// pattern finds.
    private static func renewHeardText(_ utterance: inout JSONObject) {
        guard let written = utterance["heard_text"]?.string, written != Redaction.mark else { return }
        let heard = Utterance.heardText(
            of: utterance["text"]?.string ?? "", heardMs: utterance["heard_ms"]?.int,
            audioMs: utterance["audio_ms"]?.int)
        utterance["heard_text"] = heard.map { .string($0) }
    }

    package func redact(_ value: inout JSONValue) -> Bool {
        guard let redacted = PrivacyFilter(texts, nil).redacted(value) else { return false }
        value = redacted
        return true
    }

    package func redactEnd(of text: inout String) -> Bool {
        guard let redacted = texts.redacted(text, isCut: true) else { return false }
        text = redacted
        return true
    }

    package func hides(_ path: [String], of type: EventType.Code) -> Bool {
        let isFragment =
            switch type {
            case .conversationItemInputAudioTranscriptionSegment: path == ["text"]
            case .routerUtteranceUpdated: path == ["text"] || path == ["delta"]
            default: path.contains(FragmentFields.delta)
            }
        return isFragment || path.contains { texts.names.contains($0) || $0 == FragmentFields.logprobs }
    }

    /// An unreadable line may hold anything.
    package func mayBeIn(_ line: [UInt8]) -> Bool { !texts.isEmpty }
}
