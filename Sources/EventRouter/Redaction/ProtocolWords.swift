import EventJSON
import RealtimeEvents

/// The texts and numbers that the protocol itself defines: names of members, values of enumerations, numeric members.
///
/// They come from the event types in `RealtimeEvents`, so new fields need no change here.
enum ProtocolWords {
    /// The names of all members of known events.
    static var names: Set<String> { words.names }

    /// Whether the protocol defines a text as a value of members with a name.
    static func isKnown(_ text: String, under name: String) -> Bool { words.values[name]?.contains(text) == true }

    /// Whether members with a name are always numbers, never texts.
    static func isNumber(_ name: String) -> Bool { words.numbers.contains(name) && words.values[name] == nil }

    private struct Words {
        var names: Set<String> = ["type"]
        var numbers: Set<String> = []
        var values: [String: Set<String>] = [:]
        var seen: Set<ObjectIdentifier> = []

        mutating func add(_ type: any WireObject.Type) {
            guard seen.insert(ObjectIdentifier(type)).inserted else { return }
            for (name, shape) in type.fieldShapes {
                names.insert(name)
                add(shape, under: name)
            }
        }

        private mutating func add(_ shape: WireShape, under name: String) {
            switch shape {
            case .string(let known, _): values[name, default: []].formUnion(known)
            case .integer, .number: numbers.insert(name)
            case .boolean, .any: break
            case .array(let element), .map(let element): add(element, under: name)
            case .object(let type): add(type)
            case .oneOf(let shapes):
                for shape in shapes { add(shape, under: name) }
            }
        }
    }

    private static let words: Words = {
        var words = Words()
        for code in EventType.Code.allCases {
            for type in EventType(code).payloadTypes { words.add(type) }
        }
        return words
    }()
}

/// Decides where texts may be truncated: in interrupted or incomplete items.
enum TruncatedText {
    private static let states: Set<String> = ["in_progress", "incomplete", "interrupted", "cancelled", "failed"]

    /// Whether texts in events of a type may be truncated although the event has no status.
    static func isPossible(_ type: EventType.Code) -> Bool {
        switch type {
        case .responseContentPartAdded, .responseContentPartDone, .responseOutputTextDone,
            .responseOutputAudioTranscriptDone, .responseFunctionCallArgumentsDone:
            true
        default: false
        }
    }

    /// Whether an item, response or utterance has a status other than complete.
    static func isPossible(in object: JSONObject) -> Bool { object["status"]?.string.map(states.contains) ?? false }
}

/// The members that hold fragments of texts.
enum FragmentFields {
    /// The member with a fragment of a text.
    static let delta = "delta"
    /// The member that repeats a text token by token.
    static let logprobs = "logprobs"
}
