import EventJSON
import LinearExpressions

// The keywords for scalars and arrays.
extension SchemaParser {
    /// `type`, `enum`, `const`.
    mutating func general(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var constraints: [SchemaNode.Constraint] = []
        if let value = keywords.read("type") {
            constraints.append(.types(types(value, keywords.path(of: "type"))))
        }
        if let value = keywords.read("enum") {
            if let values = value.array, !values.isEmpty {
                constraints.append(.values(values.map(SchemaValue.init)))
            } else {
                reportWrongValue(keywords, "enum", needs: "a list of values that is not empty")
            }
        }
        if let value = keywords.read("const") { constraints.append(.values([SchemaValue(value)])) }
        return constraints
    }

    private mutating func types(_ value: JSONValue, _ path: [SchemaPathStep]) -> ValueTypes {
        if let list = value.array, !list.isEmpty {
            return list.enumerated().reduce(into: []) { $0.formUnion(type($1.element, path + [.index($1.offset)])) }
        }
        return type(value, path)
    }

    private mutating func type(_ value: JSONValue, _ path: [SchemaPathStep]) -> ValueTypes {
        if let name = value.string, let type = ValueTypes(name: name) { return type }
        let known = ValueTypes.named.map { "`\($0.name)`" }.joined(separator: ", ")
        let help = value.isNull ? "quote it: `\"null\"`" : "the types are \(known)"
        report(path, "\(value.inWords) is no type", help: help)
        return []
    }

    mutating func numbers(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var bounds = NumberBounds()
        bounds.minimum = number("minimum", &keywords)
        bounds.maximum = number("maximum", &keywords)
        bounds.above = number("exclusiveMinimum", &keywords)
        bounds.below = number("exclusiveMaximum", &keywords)
        bounds.multipleOf = number("multipleOf", &keywords)
        if let divisor = bounds.multipleOf, !divisor.value.canBeDivisor {
            report(keywords.path(of: "multipleOf"), "`multipleOf` must be above 0 and have at most 18 digits")
        }
        return bounds.isEmpty ? [] : [.number(bounds)]
    }

    mutating func texts(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var bounds = TextBounds()
        bounds.minCount = count("minLength", &keywords)
        bounds.maxCount = count("maxLength", &keywords)
        if let value = keywords.read("pattern") {
            if let text = value.string {
                bounds.pattern = expression(text, keywords.path(of: "pattern")).map { ($0, text) }
            } else {
                reportWrongValue(keywords, "pattern", needs: "a regular expression in a string")
            }
        }
        return bounds.isEmpty ? [] : [.text(bounds)]
    }

    mutating func expression(
        _ text: String, _ path: [SchemaPathStep], isKey: Bool = false
    ) -> SearchExpression? {
        do {
            return try SearchExpression(text)
        } catch {
            report(path, error.message, help: error.help, isKey: isKey)
            return nil
        }
    }

    mutating func arrays(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var bounds = ArrayBounds()
        bounds.minCount = count("minItems", &keywords)
        bounds.maxCount = count("maxItems", &keywords)
        bounds.isUnique = flag("uniqueItems", &keywords)
        if keywords.object["prefixItems"] != nil { bounds.prefix = schemas("prefixItems", &keywords) ?? [] }
        // In draft 7, a list in `items` contains the first elements' schemas, and `additionalItems` the schema of the
        // others.
        let others = schema("additionalItems", &keywords)
        if let list = keywords.object["items"]?.array {
            let path = keywords.path(of: "items")
            _ = keywords.read("items")
            bounds.prefix = list.enumerated().map { node($1, path + [.index($0)]) }
            bounds.remaining = others
        } else {
            bounds.remaining = schema("items", &keywords)
        }
        let least = count("minContains", &keywords)
        let most = count("maxContains", &keywords)
        if let contained = schema("contains", &keywords) { bounds.contained = (contained, least ?? 1, most) }
        return bounds.isEmpty ? [] : [.array(bounds)]
    }
}

// The keywords for objects.
extension SchemaParser {
    mutating func objects(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var bounds = ObjectBounds()
        bounds.minCount = count("minProperties", &keywords)
        bounds.maxCount = count("maxProperties", &keywords)
        if let value = keywords.read("required") {
            bounds.required = names(value, keywords.path(of: "required"), of: "required")
        }
        for (name, node) in schemasByName("properties", &keywords) {
            bounds.names.append(name)
            bounds.properties[MemberName(name)] = node
        }
        for (name, node) in schemasByName("patternProperties", &keywords) {
            let path = keywords.path(of: "patternProperties") + [.key(name)]
            if let expression = expression(name, path, isKey: true) { bounds.patterns.append((expression, node)) }
        }
        bounds.additional = schema("additionalProperties", &keywords)
        bounds.propertyNames = schema("propertyNames", &keywords)
        dependencies(&keywords, &bounds)
        return bounds.isEmpty ? [] : [.object(bounds)]
    }

    private mutating func dependencies(_ keywords: inout SchemaKeywords, _ bounds: inout ObjectBounds) {
        bounds.dependentSchemas = schemasByName("dependentSchemas", &keywords)
        for keyword in ["dependentRequired", "dependencies"] {
            guard let value = keywords.read(keyword) else { continue }
            guard let object = value.object else {
                reportWrongValue(keywords, keyword, needs: "an object")
                continue
            }
            for (name, needed) in object {
                let path = keywords.path(of: keyword) + [.key(name)]
                // In draft 7, `dependencies` contains both kinds.
                if keyword == "dependencies", needed.array == nil {
                    bounds.dependentSchemas.append((name, node(needed, path)))
                } else {
                    bounds.dependentRequired.append((name, names(needed, path, of: keyword)))
                }
            }
        }
    }
}
