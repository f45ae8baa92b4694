import EventJSON

// The shapes that the values of keywords have.
extension SchemaReader {
    mutating func wrong(_ keywords: SchemaKeywords, _ keyword: String, needs: String) {
        let value = keywords.object[keyword] ?? .null
        report(keywords.place(keyword), "`\(keyword)` must be \(needs), and is \(value.kindInWords)")
    }

    /// A whole number that is not negative.
    mutating func count(_ keyword: String, _ keywords: inout SchemaKeywords) -> Int? {
        guard let value = keywords.take(keyword) else { return nil }
        guard let count = value.int, count >= 0 else {
            wrong(keywords, keyword, needs: "a whole number from 0 on")
            return nil
        }
        return count
    }

    mutating func flag(_ keyword: String, _ keywords: inout SchemaKeywords) -> Bool {
        guard let value = keywords.take(keyword) else { return false }
        guard let flag = value.bool else {
            wrong(keywords, keyword, needs: "true or false")
            return false
        }
        return flag
    }

    mutating func number(_ keyword: String, _ keywords: inout SchemaKeywords) -> NumberBounds.Bound? {
        guard let value = keywords.take(keyword) else { return nil }
        guard case .number(let number) = value else {
            let help = ["exclusiveMinimum", "exclusiveMaximum"].contains(keyword) && value.bool != nil
            report(
                keywords.place(keyword), "`\(keyword)` must be a number, and is \(value.kindInWords)",
                help: help
                    ? "write the bound here, in place of `\(keyword == "exclusiveMinimum" ? "minimum" : "maximum")`"
                    : nil)
            return nil
        }
        return NumberBounds.Bound(number)
    }

    /// A list of different names.
    mutating func names(_ value: JSONValue, _ place: [SchemaPathStep], of keyword: String) -> [String] {
        guard let list = value.array else {
            report(place, "`\(keyword)` must be a list of names, and is \(value.kindInWords)")
            return []
        }
        var names: [String] = []
        for (index, name) in list.enumerated() {
            guard let text = name.string else {
                report(place + [.index(index)], "a name must be a string, and this is \(name.kindInWords)")
                continue
            }
            if names.contains(where: { MemberName($0) == MemberName(text) }) {
                report(place + [.index(index)], "\(quoted(text)) stands twice in `\(keyword)`")
            }
            names.append(text)
        }
        return names
    }

    mutating func schema(_ keyword: String, _ keywords: inout SchemaKeywords) -> SchemaNode.Index? {
        guard let value = keywords.take(keyword) else { return nil }
        return node(value, keywords.place(keyword))
    }

    /// A list of schemas that is not empty.
    mutating func schemas(_ keyword: String, _ keywords: inout SchemaKeywords) -> [SchemaNode.Index]? {
        guard let value = keywords.take(keyword) else { return nil }
        guard let list = value.array, !list.isEmpty else {
            wrong(keywords, keyword, needs: "a list of schemas that is not empty")
            return nil
        }
        let place = keywords.place(keyword)
        return list.enumerated().map { node($1, place + [.index($0)]) }
    }

    /// Schemas under names.
    mutating func schemasByName(
        _ keyword: String, _ keywords: inout SchemaKeywords
    ) -> [(name: String, node: SchemaNode.Index)] {
        guard let value = keywords.take(keyword) else { return [] }
        guard let object = value.object else {
            wrong(keywords, keyword, needs: "an object of schemas")
            return []
        }
        let place = keywords.place(keyword)
        return object.map { ($0.key, node($0.value, place + [.key($0.key)])) }
    }
}
