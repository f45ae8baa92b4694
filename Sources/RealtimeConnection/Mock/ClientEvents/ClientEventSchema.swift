import EventJSON
import SchemaValidation

/// A generation of the Realtime API, which determines the allowed client events.
enum MockDialect: String, Sendable {
    case ga
    case beta
    case translation
}

/// The JSON Schema of the client events of one API generation.
struct ClientEventSchema: Sendable {
    private static let ga = ClientEventSchema(.ga)
    private static let beta = ClientEventSchema(.beta)
    private static let translation = ClientEventSchema(.translation)

    /// The event types, sorted.
    let types: [String]
    private let schema: JSONSchema

    /// The schema of an API generation. Each schema is parsed once per process.
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

    /// The schema violations of an event with a known type; empty if the event is valid.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - session: the session in the recording. Fields and values that the recorded server accepted are valid, even if the schema lacks
    ///     them, because other vendors have their own.
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

    /// The GA paths of the beta's session fields.
    private static let movedFields = [
        "modalities": "output_modalities", "voice": "audio.output.voice", "speed": "audio.output.speed",
        "input_audio_format": "audio.input.format", "output_audio_format": "audio.output.format",
        "input_audio_transcription": "audio.input.transcription",
        "input_audio_noise_reduction": "audio.input.noise_reduction", "turn_detection": "audio.input.turn_detection",
        "max_response_output_tokens": "max_output_tokens",
    ]

    /// A description of a violation. For a field of the beta API it names the new path.
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
