import ConfigSource
import EventJSON

/// Reads a schema document into nodes, and notes everything that is wrong with it.
struct SchemaReader {
    let source: JSONValue
    let draft: SchemaDraft
    private(set) var nodes: [SchemaNode] = []
    private(set) var problems: [SchemaProblem] = []
    /// The place in the document of each node.
    private var paths: [[SchemaPathStep]] = []
    /// Keywords that nobody knows: no mistake where a reference leads to them.
    var unknownKeywords: [SchemaProblem] = []
    private var indices: [[SchemaPathStep]: SchemaNode.Index] = [:]

    init(_ source: JSONValue, draft: SchemaDraft) {
        self.source = source
        self.draft = draft
    }

    /// Reads the document; gives the node of its root.
    mutating func readAll() -> SchemaNode.Index {
        let root = node(source, [])
        findCircles()
        problems += unknownKeywords.filter { problem in !paths.contains { $0.starts(with: problem.path) } }
        return root
    }

    mutating func report(
        _ path: [SchemaPathStep], _ message: String, help: String? = nil, isKey: Bool = false
    ) {
        problems.append(SchemaProblem(path: path, isKey: isKey, message: message, help: help))
    }

    /// The node of a schema; each place of the document is read once, so that references may lead in circles.
    mutating func node(_ schema: JSONValue, _ path: [SchemaPathStep]) -> SchemaNode.Index {
        if let index = indices[path] { return index }
        let index = nodes.count
        indices[path] = index
        nodes.append(SchemaNode())
        paths.append(path)
        guard path.count <= Self.greatestDepth else {
            report(path, "schemas are nested more than \(Self.greatestDepth) deep")
            return index
        }
        nodes[index] = read(schema, path)
        return index
    }

    private static let greatestDepth = 128

    private mutating func read(_ schema: JSONValue, _ path: [SchemaPathStep]) -> SchemaNode {
        switch schema {
        case .bool(true): return SchemaNode()
        case .bool(false): return SchemaNode(constraints: [.never])
        case .object(let object):
            var keywords = SchemaKeywords(object, path)
            if draft == .draft7, object["$ref"] != nil {
                return SchemaNode(constraints: reference(&keywords))
            }
            let constraints =
                reference(&keywords) + general(&keywords) + numbers(&keywords) + texts(&keywords)
                + arrays(&keywords) + objects(&keywords) + combinations(&keywords)
            definitions(&keywords)
            reportUnknown(keywords)
            return SchemaNode(constraints: constraints)
        default:
            report(path, "a schema must be an object, true or false, and this is \(schema.kindInWords)")
            return SchemaNode()
        }
    }

    /// A schema that leads back to itself without going into a part of the value would be judged for ever.
    private mutating func findCircles() {
        var states = [Int](repeating: 0, count: nodes.count)
        func visit(_ index: SchemaNode.Index) -> SchemaNode.Index? {
            states[index] = 1
            for next in nodes[index].inPlace {
                if states[next] == 1 { return index }
                if states[next] == 0, let found = visit(next) { return found }
            }
            states[index] = 2
            return nil
        }
        for index in nodes.indices where states[index] == 0 {
            guard let found = visit(index) else { continue }
            report(paths[found], "the schema refers back to itself without going into the value")
            return
        }
    }
}

/// Which draft decides where they differ.
package enum SchemaDraft: Sendable {
    /// Draft 7: what stands beside `$ref` does not count.
    case draft7
    /// 2020-12: what stands beside `$ref` counts too.
    case draft2020
}

/// The members of a schema, and which of them were read.
struct SchemaKeywords {
    let object: JSONObject
    let path: [SchemaPathStep]
    private(set) var read: Set<String> = []

    init(_ object: JSONObject, _ path: [SchemaPathStep]) {
        self.object = object
        self.path = path
    }

    /// The value of a keyword, which counts as read.
    mutating func take(_ keyword: String) -> JSONValue? {
        read.insert(keyword)
        return object[keyword]
    }

    /// The place of a keyword's value.
    func place(_ keyword: String) -> [SchemaPathStep] { path + [.key(keyword)] }
}

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
