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
