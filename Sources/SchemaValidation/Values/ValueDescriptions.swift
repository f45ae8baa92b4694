import EventJSON

/// A name or a text as a JSON string, truncated if it is long: messages quote untrusted text.
func quoted(_ text: String) -> String {
    let cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(quotedLength)))
    return JSONValue.string(cut).description + (cut.utf8.count < text.utf8.count ? "…" : "")
}

private let quotedLength = 60

extension JSONValue {
    /// The value for a message: a scalar in JSON, an array or object by its kind.
    var inWords: String {
        switch self {
        case .string(let text): quoted(text)
        case .number(let number): number.inWords
        case .array(let elements): elements.isEmpty ? "an empty array" : "an array"
        case .object(let members): members.isEmpty ? "an empty object" : "an object"
        case .null, .bool: description
        }
    }

    /// The value in JSON, truncated if it is long.
    var inFull: String {
        switch self {
        case .array, .object:
            description.utf8.count > quotedLength
                ? String(description.unicodeScalars.prefix(quotedLength)) + "…" : description
        default: inWords
        }
    }

    /// The kind of the value, for a message about a wrong type.
    var kindInWords: String {
        switch self {
        case .string: "a string"
        case .number(let number): SchemaNumber(number).isWhole ? "a number" : number.inWords
        case .array, .object, .null, .bool: inWords
        }
    }
}

extension JSONNumber {
    fileprivate var inWords: String {
        text.utf8.count > quotedLength ? text.prefix(quotedLength) + "…" : text
    }
}

/// "1 element", "2 elements".
func counted(_ count: Int, _ thing: String) -> String {
    "\(count) \(thing)\(count == 1 ? "" : "s")"
}
