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
    ///   - session: the session as the recording has it. Fields of it are known, even if the definitions lack them: other vendors have
    ///     their own.
    func violations(in event: JSONObject, session: JSONObject) -> [SchemaViolation] {
        let violations = schema.violations(in: .object(event)) ?? []
        return violations.filter { violation in
            guard violation.rule == .known, case .key("session")? = violation.path.first else { return true }
            return !Self.has(violation.path.dropFirst(), .object(session))
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

    private static func has(_ path: ArraySlice<SchemaPathStep>, _ value: JSONValue) -> Bool {
        guard let step = path.first else { return true }
        guard case .key(let name) = step, let member = value[name] else { return false }
        return has(path.dropFirst(), member)
    }
}
