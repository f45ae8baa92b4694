import ConfigSource
import EventJSON

/// Parses a schema document into nodes, and collects all problems.
struct SchemaParser {
    let source: JSONValue
    let draft: SchemaDraft
    private(set) var nodes: [SchemaNode] = []
    private(set) var problems: [SchemaProblem] = []
    /// The path of each node in the document.
    private var paths: [[SchemaPathStep]] = []
    /// Unknown keywords. They are not problems if a reference leads to them.
    var unknownKeywords: [SchemaProblem] = []
    private var indices: [[SchemaPathStep]: SchemaNode.Index] = [:]

    init(_ source: JSONValue, draft: SchemaDraft) {
        self.source = source
        self.draft = draft
    }

    /// Parses the document; returns the node of its root.
    mutating func parseAll() -> SchemaNode.Index {
        let root = node(source, [])
        reportCycles()
        problems += unknownKeywords.filter { problem in !paths.contains { $0.starts(with: problem.path) } }
        return root
    }

    mutating func report(
        _ path: [SchemaPathStep], _ message: String, help: String? = nil, isKey: Bool = false
    ) {
        problems.append(SchemaProblem(path: path, isKey: isKey, message: message, help: help))
    }

    /// The node of a schema. Each path of the document is parsed once, so references may form cycles.
    mutating func node(_ schema: JSONValue, _ path: [SchemaPathStep]) -> SchemaNode.Index {
        if let index = indices[path] { return index }
        let index = nodes.count
        indices[path] = index
        nodes.append(SchemaNode())
        paths.append(path)
        guard path.count <= Self.depthLimit else {
            report(path, "schemas are nested more than \(Self.depthLimit) deep")
            return index
        }
        nodes[index] = read(schema, path)
        return index
    }

    private static let depthLimit = 128

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

    /// Reports a schema that refers back to itself without descending into a part of the value, because checking it
    /// would never end.
    private mutating func reportCycles() {
        var states = [Int](repeating: 0, count: nodes.count)
        func visit(_ index: SchemaNode.Index) -> SchemaNode.Index? {
            states[index] = 1
            for next in nodes[index].nodesForSameValue {
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

/// The draft of JSON Schema that decides where drafts differ.
package enum SchemaDraft: Sendable {
    /// Draft 7: keywords beside `$ref` are ignored.
    case draft7
    /// 2020-12: keywords beside `$ref` apply too.
    case draft2020
}

/// The keywords of a schema, and which of them have been read.
struct SchemaKeywords {
    let object: JSONObject
    let path: [SchemaPathStep]
    private(set) var readKeywords: Set<String> = []

    init(_ object: JSONObject, _ path: [SchemaPathStep]) {
        self.object = object
        self.path = path
    }

    /// The value of a keyword, which then counts as read.
    mutating func read(_ keyword: String) -> JSONValue? {
        readKeywords.insert(keyword)
        return object[keyword]
    }

    /// The path of a keyword's value.
    func path(of keyword: String) -> [SchemaPathStep] { path + [.key(keyword)] }
}

// Reading the values of keywords.
extension SchemaParser {
    mutating func reportWrongValue(_ keywords: SchemaKeywords, _ keyword: String, needs: String) {
        let value = keywords.object[keyword] ?? .null
        report(keywords.path(of: keyword), "`\(keyword)` must be \(needs), and is \(value.kindInWords)")
    }

    /// Reads a whole number that is not negative.
    mutating func count(_ keyword: String, _ keywords: inout SchemaKeywords) -> Int? {
        guard let value = keywords.read(keyword) else { return nil }
        guard let count = value.int, count >= 0 else {
            reportWrongValue(keywords, keyword, needs: "a whole number from 0 on")
            return nil
        }
        return count
    }

    mutating func flag(_ keyword: String, _ keywords: inout SchemaKeywords) -> Bool {
        guard let value = keywords.read(keyword) else { return false }
        guard let flag = value.bool else {
            reportWrongValue(keywords, keyword, needs: "true or false")
            return false
        }
        return flag
    }

    mutating func number(_ keyword: String, _ keywords: inout SchemaKeywords) -> NumberBounds.Bound? {
        guard let value = keywords.read(keyword) else { return nil }
        guard case .number(let number) = value else {
            let help = ["exclusiveMinimum", "exclusiveMaximum"].contains(keyword) && value.bool != nil
            report(
                keywords.path(of: keyword), "`\(keyword)` must be a number, and is \(value.kindInWords)",
                help: help
                    ? "write the bound here, in place of `\(keyword == "exclusiveMinimum" ? "minimum" : "maximum")`"
                    : nil)
            return nil
        }
        return NumberBounds.Bound(number)
    }

    /// Reads a list of different names.
    mutating func names(_ value: JSONValue, _ path: [SchemaPathStep], of keyword: String) -> [String] {
        guard let list = value.array else {
            report(path, "`\(keyword)` must be a list of names, and is \(value.kindInWords)")
            return []
        }
        var names: [String] = []
        for (index, name) in list.enumerated() {
            guard let text = name.string else {
                report(path + [.index(index)], "a name must be a string, and this is \(name.kindInWords)")
                continue
            }
            if names.contains(where: { MemberName($0) == MemberName(text) }) {
                report(path + [.index(index)], "\(quoted(text)) stands twice in `\(keyword)`")
            }
            names.append(text)
        }
        return names
    }

    mutating func schema(_ keyword: String, _ keywords: inout SchemaKeywords) -> SchemaNode.Index? {
        guard let value = keywords.read(keyword) else { return nil }
        return node(value, keywords.path(of: keyword))
    }

    /// Reads a non-empty list of schemas.
    mutating func schemas(_ keyword: String, _ keywords: inout SchemaKeywords) -> [SchemaNode.Index]? {
        guard let value = keywords.read(keyword) else { return nil }
        guard let list = value.array, !list.isEmpty else {
            reportWrongValue(keywords, keyword, needs: "a list of schemas that is not empty")
            return nil
        }
        let path = keywords.path(of: keyword)
        return list.enumerated().map { node($1, path + [.index($0)]) }
    }

    /// Reads an object whose values are schemas.
    mutating func schemasByName(
        _ keyword: String, _ keywords: inout SchemaKeywords
    ) -> [(name: String, node: SchemaNode.Index)] {
        guard let value = keywords.read(keyword) else { return [] }
        guard let object = value.object else {
            reportWrongValue(keywords, keyword, needs: "an object of schemas")
            return []
        }
        let path = keywords.path(of: keyword)
        return object.map { ($0.key, node($0.value, path + [.key($0.key)])) }
    }
}
