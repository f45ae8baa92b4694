import ConfigSource
import EventJSON
import EventRouter

extension RouteFileReader {
    /// One list of values that patterns refer to.
    mutating func readList(_ entry: Node.Entry) {
        // A name without usable values is a name all the same.
        var values: [JSONValue] = []
        defer { lists[entry.name] = values.isEmpty ? [.null] : values }
        listNodes[entry.name] = entry.value
        let name = quoted(entry.name)
        guard let elements = entry.value.list else {
            let help = entry.value.scalar.flatMap { $0.text.isEmpty ? nil : "write `[\($0.text)]`" }
            diagnostics.error(
                "the list \(name) must be a list of values, and this is \(entry.value.kindName)", at: entry.value,
                help: help)
            return
        }
        guard !elements.isEmpty else {
            diagnostics.error(
                "the list \(name) is empty, so nothing could match it", at: entry.value,
                help: "give it values, or take it away")
            return
        }
        for element in elements {
            guard let scalar = element.scalar else {
                diagnostics.error("a value of the list \(name) cannot be \(element.kindName)", at: element)
                continue
            }
            if let lookAlike = scalar.lookAlike {
                diagnostics.error(lookAlike, at: element, help: scalar.lookAlikeHelp)
            } else if scalar.text.isEmpty, !scalar.isQuoted {
                diagnostics.error(
                    "a value is missing", at: element, help: "write `null` for null, or `\"\"` for an empty string")
            } else {
                values.append(JSONValue(element))
            }
        }
    }
}
