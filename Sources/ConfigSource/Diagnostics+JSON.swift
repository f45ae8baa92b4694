extension Diagnostics {
    /// All diagnostics for programs: a JSON array of objects with the keys `file`, `line`, `column`, `severity`, `message`
    /// and `help`, one object a line; what there is not is null.
    public func json() -> String {
        let objects = items.map(Self.object)
        return objects.isEmpty ? "[]" : "[\n" + objects.joined(separator: ",\n") + "\n]"
    }

    private static func object(_ diagnostic: Diagnostic) -> String {
        let members = [
            ("file", diagnostic.file.map { literal($0.path) }),
            ("line", diagnostic.location.map { String($0.line) }),
            ("column", diagnostic.location.map { String($0.column) }),
            ("severity", literal(diagnostic.severity.rawValue)),
            ("message", literal(diagnostic.message)),
            ("help", diagnostic.help.map(literal)),
        ]
        return "  {" + members.map { "\"\($0.0)\": \($0.1 ?? "null")" }.joined(separator: ", ") + "}"
    }

    private static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
