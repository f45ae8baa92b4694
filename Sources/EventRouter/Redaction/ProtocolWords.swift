import EventJSON
import RealtimeEvents

/// What the protocol itself writes into events: names of members, words of its enumerations, and the members that are numbers.
///
/// All of it comes from the models of the events, so that a new field is known here by itself.
enum ProtocolWords {
    /// Every name that a member has in some known event.
    static var names: Set<String> { words.names }

    /// Whether a text is a word that the protocol names for members of a name.
    static func isKnown(_ text: String, under name: String) -> Bool { words.values[name]?.contains(text) == true }

    /// Whether members of a name are numbers, and texts nowhere.
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

/// Where texts may end in the middle of something: in what was interrupted, or is not yet complete.
enum TruncatedText {
    private static let states: Set<String> = ["in_progress", "incomplete", "interrupted", "cancelled", "failed"]

    /// Whether texts of a type may have broken off though nothing in the event says so.
    static func isPossible(_ type: EventType.Code) -> Bool {
        switch type {
        case .responseContentPartAdded, .responseContentPartDone, .responseOutputTextDone,
            .responseOutputAudioTranscriptDone, .responseFunctionCallArgumentsDone:
            true
        default: false
        }
    }

    /// Whether an item, response or utterance says that it is not complete.
    static func isPossible(in object: JSONObject) -> Bool { object["status"]?.string.map(states.contains) ?? false }
}

/// The members in which texts come in pieces.
enum FragmentFields {
    /// The member with a piece of a text.
    static let delta = "delta"
    /// The member in which a text stands once more, a piece for each token.
    static let logprobs = "logprobs"
}
