import EventJSON

/// A name or a text as JSON spells it, cut where it is long: messages show what strangers say.
func quoted(_ text: String) -> String {
    let cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(quotedLength)))
    return JSONValue.string(cut).description + (cut.utf8.count < text.utf8.count ? "…" : "")
}

private let quotedLength = 60

extension JSONValue {
    /// The value in a sentence: scalars as they are, others by what they are.
    var inWords: String {
        switch self {
        case .string(let text): quoted(text)
        case .number(let number): number.inWords
        case .array(let elements): elements.isEmpty ? "an empty array" : "an array"
        case .object(let members): members.isEmpty ? "an empty object" : "an object"
        case .null, .bool: description
        }
    }

    /// The value itself, as a schema has it.
    var inFull: String {
        switch self {
        case .array, .object:
            description.utf8.count > quotedLength
                ? String(description.unicodeScalars.prefix(quotedLength)) + "…" : description
        default: inWords
        }
    }

    /// What it is, where its type is wrong.
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
