package import EventJSON
package import EventPatterns
package import RealtimeEvents
import RecordFiles

/// Takes out of everything that is written what a file's `privacy` section names: what certain patterns are found in, and what
/// stands under certain names.
///
/// What the protocol itself writes stays as it is: ids, types, words of its enumerations, numbers in the members that it has for
/// them. All else is looked through: texts, JSON that stands in a text, numbers and names that nobody knows. In events of an unknown
/// type only ids and types stay. A piece of a text that came in several, such as a `delta`, a segment or the tokens of `logprobs`,
/// is taken out whole: nobody can say of it alone what it is part of. Only `router.utterance.updated`, which has all words so far,
/// shows what is decided of them. Sound is not looked through.
package struct PrivacyRedactor: EventRedactor {
    private let texts: TextRedactor

    /// Makes a redactor.
    ///
    /// - Parameters:
    ///   - patterns: what is taken out of texts.
    ///   - fields: the names whose values are taken out, wherever they stand.
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
            // Words of which the transcription has nothing else.
            if event["text"]?.string == "" { redacted["text"] = .string(written ?? words ?? "") }
            Self.renewHeardText(&redacted)
        }
        event = redacted
        return true
    }

    /// The words of an utterance's segments, of which a secret may have a part each; nil where there are none.
    private func words(of segments: JSONValue?) -> String? {
        segments?.array.map { $0.compactMap { $0["text"]?.string }.joined(separator: " ") }
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

    /// What cannot be read may hold anything.
    package func mayBeIn(_ line: [UInt8]) -> Bool { !texts.isEmpty }
}
