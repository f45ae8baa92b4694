public import EventJSON

/// The greatest number of tokens of a response: a number, or `inf` for no limit. Realtime API, GA and beta.
public enum TokenLimit: WireValue {
    /// At most so many tokens.
    case count(Int)
    /// `inf`: as many as the model can.
    case unlimited
    /// Anything else, kept as it came.
    case other(JSONValue)

    /// Decodes any JSON value.
    public init?(json: JSONValue) {
        if let count = json.int {
            self = .count(count)
        } else if json == "inf" {
            self = .unlimited
        } else {
            self = .other(json)
        }
    }

    /// A JSON number or `inf`.
    public var json: JSONValue {
        switch self {
        case .count(let count): .number(JSONNumber(count))
        case .unlimited: "inf"
        case .other(let value): value
        }
    }

    /// An integer or a string.
    public static var shape: WireShape { .oneOf([.integer, .string(known: ["inf"])]) }
}
