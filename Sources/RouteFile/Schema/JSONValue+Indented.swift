public import EventJSON

extension JSONValue {
    /// The value as JSON over several lines, for people: two blanks a level; what fits a line stands on one.
    public func indented() -> String { indented(0, lead: 0) }

    private static let width = 120

    private func indented(_ level: Int, lead: Int) -> String {
        let line = onOneLine
        guard level * 2 + lead + line.utf8.count > Self.width || level == 0 else { return line }
        let margin = String(repeating: "  ", count: level + 1)
        let end = "\n" + String(repeating: "  ", count: level)
        switch self {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { margin + $0.indented(level + 1, lead: 1) }
            return "[\n" + lines.joined(separator: ",\n") + end + "]"
        case .object(let object) where object.count > 0:
            let lines = object.map { key, value in
                let key = JSONValue.string(key).description
                return margin + key + ": " + value.indented(level + 1, lead: key.utf8.count + 3)
            }
            return "{\n" + lines.joined(separator: ",\n") + end + "}"
        default: return line
        }
    }

    private var onOneLine: String {
        switch self {
        case .array(let elements): "[" + elements.map(\.onOneLine).joined(separator: ", ") + "]"
        case .object(let object) where object.count > 0:
            "{ " + object.map { JSONValue.string($0).description + ": " + $1.onOneLine }.joined(separator: ", ") + " }"
        default: description
        }
    }
}
