import ConfigSource
import EventJSON

// Keywords that contain or refer to other schemas, annotations, and unknown keywords.
extension SchemaParser {
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

    /// Parses definitions, even if nothing refers to them, to report their problems.
    mutating func definitions(_ keywords: inout SchemaKeywords) {
        for keyword in ["$defs", "definitions"] { _ = schemasByName(keyword, &keywords) }
    }

    mutating func reference(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        guard let value = keywords.read("$ref") else { return [] }
        let referencePath = keywords.path(of: "$ref")
        guard let text = value.string else {
            reportWrongValue(keywords, "$ref", needs: "a string")
            return []
        }
        guard text == "#" || text.hasPrefix("#/"), let names = Self.pointer(text) else {
            report(
                referencePath, "\(quoted(text)) does not refer to a place in this schema",
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
                report(referencePath, "\(quoted(text)) leads nowhere: there is no \(quoted(name))", help: known)
                return []
            }
        }
        return [.reference(node(target, path))]
    }

    /// The names in a JSON Pointer after `#`; nil if its escapes are invalid.
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

    /// Keywords without an effect on validation, including `format`.
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
            report(keywords.path(of: "$id"), "`$id` below the root is not supported", help: "remove it", isKey: true)
        }
        for key in keywords.object.keys where !keywords.readKeywords.contains(key) && !Self.annotations.contains(key) {
            if let help = Self.unsupported[key] {
                report(keywords.path(of: key), "`\(key)` is not supported", help: help, isKey: true)
            } else if !key.hasPrefix("x-") {
                let near = closest(to: key, among: keywords.readKeywords.union(Self.annotations))
                unknownKeywords.append(
                    SchemaProblem(
                        path: keywords.path(of: key), isKey: true, message: "JSON Schema has no keyword \(quoted(key))",
                        help: near.map { "did you mean `\($0)`?" } ?? "names of your own begin with `x-`"))
            }
        }
    }
}
