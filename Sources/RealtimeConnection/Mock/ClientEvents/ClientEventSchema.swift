import EventJSON
import SchemaValidation

/// A generation of the Realtime API: what clients may send.
enum MockDialect: String, Sendable {
    case ga
    case beta
    case translation
}

/// The definitions of the client events of one generation.
struct ClientEventSchema: Sendable {
    private static let ga = ClientEventSchema(.ga)
    private static let beta = ClientEventSchema(.beta)
    private static let translation = ClientEventSchema(.translation)

    /// The types of the events, sorted.
    let types: [String]
    private let schema: JSONSchema

    /// The definitions of a generation; they are read once.
    static func of(_ dialect: MockDialect) -> ClientEventSchema {
        switch dialect {
        case .ga: ga
        case .beta: beta
        case .translation: translation
        }
    }

    private init(_ dialect: MockDialect) {
        let bytes = Array(ClientEventDefinitions.json.utf8)
        guard let all = try? JSONValue(parsing: bytes.span.bytes), let events = all[dialect.rawValue]?.object else {
            preconditionFailure("The definitions of client events are not JSON.")
        }
        let forms: [JSONValue] = events.map { type, schema in
            ["if": ["properties": ["type": ["const": .string(type)]], "required": ["type"]], "then": schema]
        }
        types = events.keys.sorted()
        do throws(InvalidSchema) {
            schema = try JSONSchema(["allOf": .array(forms), "$defs": all["$defs"] ?? [:]])
        } catch {
            preconditionFailure("The definitions of client events are no schema: \(error)")
        }
    }

    /// What is wrong with an event of a known type; empty if it is as it must be.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - session: the session as the recording has it. What the recorded server takes is right, even if the definitions lack it: other
    ///     vendors have fields and values of their own.
    func violations(in event: JSONObject, session: JSONObject) -> [SchemaViolation] {
        let violations = schema.violations(in: .object(event)) ?? []
        return violations.filter { violation in
            guard case .key("session")? = violation.path.first,
                let recorded = Self.value(at: violation.path.dropFirst(), in: .object(session)),
                let value = Self.value(at: violation.path[...], in: .object(event))
            else { return true }
            switch violation.rule {
            case .known: return false
            case .type, .other: return recorded.kind != value.kind
            case .value: return recorded != value
            case .required: return true
            }
        }
    }

    /// Where fields of the beta's sessions stand now.
    private static let movedFields = [
        "modalities": "output_modalities", "voice": "audio.output.voice", "speed": "audio.output.speed",
        "input_audio_format": "audio.input.format", "output_audio_format": "audio.output.format",
        "input_audio_transcription": "audio.input.transcription",
        "input_audio_noise_reduction": "audio.input.noise_reduction", "turn_detection": "audio.input.turn_detection",
        "max_response_output_tokens": "max_output_tokens",
    ]

    /// A violation in words, with the new place of a field of the beta.
    static func words(for violation: SchemaViolation) -> String {
        guard violation.rule == .known, violation.path.count == 2, violation.path[0] == .key("session"),
            case .key(let name) = violation.path[1], let place = movedFields[name]
        else { return violation.description }
        return "`session.\(name)` is not known: it was the beta's; write `session.\(place)`"
    }

    private static func value(at path: ArraySlice<SchemaPathStep>, in value: JSONValue) -> JSONValue? {
        switch path.first {
        case nil: value
        case .key(let name)?: value[name].flatMap { self.value(at: path.dropFirst(), in: $0) }
        case .index(let index)?: value[index].flatMap { self.value(at: path.dropFirst(), in: $0) }
        }
    }
}
