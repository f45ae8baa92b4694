import ConfigSource
import EventJSON

// Keywords that lead to other schemas, and those that say nothing about a value.
extension SchemaReader {
    mutating func combinations(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var constraints: [SchemaNode.Constraint] = []
        if let nodes = schemas("allOf", &keywords) { constraints.append(.all(nodes)) }
        if let nodes = schemas("anyOf", &keywords) { constraints.append(.any(nodes)) }
        if let nodes = schemas("oneOf", &keywords) { constraints.append(.one(nodes)) }
        if let node = schema("not", &keywords) { constraints.append(.not(node)) }
        let (then, otherwise) = (schema("then", &keywords), schema("else", &keywords))
        if let test = schema("if", &keywords) {
            constraints.append(.condition(test, then: then, otherwise: otherwise))
        }
        return constraints
    }

    /// Read even where nothing refers to them, for their mistakes.
    mutating func definitions(_ keywords: inout SchemaKeywords) {
        for keyword in ["$defs", "definitions"] { _ = schemasByName(keyword, &keywords) }
    }

    mutating func reference(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        guard let value = keywords.take("$ref") else { return [] }
        let place = keywords.place("$ref")
        guard let text = value.string else {
            wrong(keywords, "$ref", needs: "a string")
            return []
        }
        guard text == "#" || text.hasPrefix("#/"), let names = Self.pointer(text) else {
            report(
                place, "\(quoted(text)) does not refer to a place in this schema",
                help: "references to other documents and to anchors are not supported; write `#/$defs/…`")
            return []
        }
        var target = source
        var path: [SchemaPathStep] = []
        for name in names {
            if let index = Int(name), let element = target[index] {
                target = element
                path.append(.index(index))
            } else if let member = target[name] {
                target = member
                path.append(.key(name))
            } else {
                let known = target.object.map { suggestion(for: name, among: $0.keys, called: "names there") }
                report(place, "\(quoted(text)) leads nowhere: there is no \(quoted(name))", help: known)
                return []
            }
        }
        return [.reference(node(target, path))]
    }

    /// The names in a JSON Pointer behind `#`; nil when its escapes are wrong.
    private static func pointer(_ text: String) -> [String]? {
        var bytes: [UInt8] = []
        var rest = text.utf8.dropFirst()
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else {
                return nil
            }
            bytes.append(escaped)
            rest = rest.dropFirst(2)
        }
        let names = String(decoding: bytes, as: UTF8.self).split(separator: "/", omittingEmptySubsequences: false)
        return names.dropFirst().map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
    }

    /// Keywords that describe and do not constrain; `format` is among them.
    private static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "deprecated", "readOnly",
        "writeOnly", "contentMediaType", "contentEncoding", "contentSchema",
    ]

    private static let unsupported = [
        "nullable": "write `type: [string, \"null\"]`",
        "unevaluatedProperties": "write `additionalProperties` beside the `properties`",
        "unevaluatedItems": "write `items` beside the `prefixItems`",
        "$anchor": "refer to the place itself: `#/$defs/…`",
        "$dynamicRef": "write `$ref`",
        "$dynamicAnchor": "refer to the place itself: `#/$defs/…`",
        "$recursiveRef": "write `$ref`",
        "$recursiveAnchor": "refer to the place itself: `#/$defs/…`",
    ]

    mutating func reportUnknown(_ keywords: SchemaKeywords) {
        if keywords.object["$id"] != nil, !keywords.path.isEmpty {
            report(keywords.place("$id"), "`$id` below the root is not supported", help: "remove it", isKey: true)
        }
        for key in keywords.object.keys where !keywords.read.contains(key) && !Self.annotations.contains(key) {
            if let help = Self.unsupported[key] {
                report(keywords.place(key), "`\(key)` is not supported", help: help, isKey: true)
            } else if !key.hasPrefix("x-") {
                let near = closest(to: key, among: keywords.read.union(Self.annotations))
                unknownKeywords.append(
                    SchemaProblem(
                        path: keywords.place(key), isKey: true, message: "JSON Schema has no keyword \(quoted(key))",
                        help: near.map { "did you mean `\($0)`?" } ?? "names of your own begin with `x-`"))
            }
        }
    }
}
