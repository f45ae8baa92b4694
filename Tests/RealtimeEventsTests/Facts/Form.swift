import RealtimeEvents

/// The JSON form of a field, as in the schema table.
indirect enum Form: Sendable {
    case any
    case boolean
    case integer
    case number
    case string(known: [String])
    case array(Form)
    case map(Form)
    case object(String)
    case oneOf([Form])

    init(_ text: Substring) {
        let alternatives = Self.alternatives(text)
        if alternatives.count > 1 {
            self = .oneOf(alternatives.map(Form.init))
        } else if text.hasPrefix("[") {
            self = .array(Form(text.dropFirst().dropLast()))
        } else if text.hasPrefix("{") {
            self = .map(Form(text.dropFirst().dropLast()))
        } else if text.hasPrefix("string") {
            self = .string(known: text.dropFirst(7).dropLast().split(separator: " ").map(String.init))
        } else {
            switch text {
            case "any": self = .any
            case "boolean": self = .boolean
            case "integer": self = .integer
            case "number": self = .number
            default: self = .object(String(text))
            }
        }
    }

    private static func alternatives(_ text: Substring) -> [Substring] {
        var depth = 0
        var alternatives: [Substring] = []
        var start = text.startIndex
        for index in text.indices {
            switch text[index] {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            case "|" where depth == 0:
                alternatives.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return alternatives + [text[start...]]
    }

    init(_ shape: WireShape) {
        switch shape {
        case .any: self = .any
        case .boolean: self = .boolean
        case .integer: self = .integer
        case .number: self = .number
        case .string(let known, _): self = .string(known: known)
        case .array(let element): self = .array(Form(element))
        case .map(let value): self = .map(Form(value))
        case .object(let type): self = .object("\(type)")
        case .oneOf(let shapes): self = .oneOf(shapes.map { Form($0) })
        }
    }

    /// The form without known values and with sorted alternatives. Two forms are equal when their signatures are.
    var signature: String {
        switch self {
        case .any: "any"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array(let element): "[\(element.signature)]"
        case .map(let value): "{\(value.signature)}"
        case .object(let name): name
        case .oneOf(let forms): Set(forms.map(\.signature)).sorted().joined(separator: "|")
        }
    }

    /// The known values of the strings in the form, at any depth but not inside another object.
    var known: [String] {
        switch self {
        case .string(let known): known
        case .array(let form), .map(let form): form.known
        case .oneOf(let forms): forms.flatMap(\.known)
        case .any, .boolean, .integer, .number, .object: []
        }
    }
}
