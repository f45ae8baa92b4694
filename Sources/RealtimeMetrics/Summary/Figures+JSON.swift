import EventJSON

extension Figures {
    /// The figures as members of an object. What was not measured is absent.
    var json: JSONObject {
        var object = JSONObject()
        object["turns"] = Self.number(turns)
        object["turn_latency_ms"] = latency.json
        object["first_token_ms"] = firstToken.json
        if stalls > 0 { object["stalled"] = Self.number(stalls) }
        object["responses"] = Self.json(responses)
        if !reasons.isEmpty { object["response_reasons"] = Self.json(reasons) }
        object["response_ms"] = duration.json
        object["first_output_ms"] = firstChunk.json
        object["tokens"] = tokens
        object["transcription"] = transcription
        object["cost_dollars"] = cost.map { Self.number($0, places: 1e9) }
        if unpriced > 0 { object["unpriced"] = Self.number(unpriced) }
        if !speech.isEmpty { object["speech_seconds"] = Self.json(speech) }
        object["function_calls"] = Self.json(calls)
        if !functions.isEmpty {
            object["functions"] = .object(functions.reduce(into: JSONObject()) { $0[$1.name] = Self.json($1.states) })
        }
        object["interruptions"] = Self.number(interruptions)
        object["errors"] = Self.json(errors)
        object["rate_limits"] = rateLimits
        return object
    }

    private var tokens: JSONValue {
        [
            "total": Self.number(Self.sum(input) + Self.sum(output)), "input": Self.json(input),
            "output": Self.json(output), "cached": Self.number(cached),
        ]
    }

    private var transcription: JSONValue? {
        var object = JSONObject()
        for direction in ["input", "output"] {
            let counts = transcribed(direction)
            if !counts.isEmpty { object[direction] = Self.json(counts) }
        }
        object["seconds"] = transcribedSeconds.map { Self.number($0) }
        return object.isEmpty ? nil : .object(object)
    }

    private var rateLimits: JSONValue? {
        var objects = JSONObject()
        for limit in limits {
            var object = JSONObject()
            object["limit"] = Self.number(limit.limit)
            object["remaining"] = limit.remaining.map { Self.number($0) }
            object["reset_seconds"] = limit.resetSeconds.map { Self.number($0) }
            objects[limit.name] = .object(object)
        }
        return objects.isEmpty ? nil : .object(objects)
    }

    /// What is beyond it is told as this.
    private static let largest = 1e100

    private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    private static func json(_ counts: Tally.Counts) -> JSONValue {
        .object(counts.reduce(into: JSONObject()) { $0[$1.name] = number($1.count) })
    }

    private static func json(_ values: [(name: String, value: Double)]) -> JSONValue {
        .object(values.reduce(into: JSONObject()) { $0[$1.name] = number($1.value) })
    }

    /// A number to so many parts of one; whole numbers without a fraction.
    private static func number(_ value: Double, places: Double = 1000) -> JSONValue {
        // A server may name any number as its limit, and a recording any time: added up and rounded they may be none any more.
        let rounded = (min(max(value, -largest), largest) * places).rounded() / places
        return .number(Int(exactly: rounded).map { JSONNumber($0) } ?? JSONNumber(rounded))
    }
}
