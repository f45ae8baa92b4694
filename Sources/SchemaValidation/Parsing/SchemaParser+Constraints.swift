import EventJSON
import LinearExpressions

// The keywords on scalars and arrays.
extension SchemaReader {
    /// `type`, `enum`, `const`.
    mutating func general(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var constraints: [SchemaNode.Constraint] = []
        if let value = keywords.take("type") {
            constraints.append(.types(types(value, keywords.place("type"))))
        }
        if let value = keywords.take("enum") {
            if let values = value.array, !values.isEmpty {
                constraints.append(.values(values.map(SchemaValue.init)))
            } else {
                wrong(keywords, "enum", needs: "a list of values that is not empty")
            }
        }
        if let value = keywords.take("const") { constraints.append(.values([SchemaValue(value)])) }
        return constraints
    }

    private mutating func types(_ value: JSONValue, _ place: [SchemaPathStep]) -> ValueTypes {
        if let list = value.array, !list.isEmpty {
            return list.enumerated().reduce(into: []) { $0.formUnion(type($1.element, place + [.index($1.offset)])) }
        }
        return type(value, place)
    }

    private mutating func type(_ value: JSONValue, _ place: [SchemaPathStep]) -> ValueTypes {
        if let name = value.string, let type = ValueTypes(name: name) { return type }
        let known = ValueTypes.named.map { "`\($0.name)`" }.joined(separator: ", ")
        let help = value.isNull ? "quote it: `\"null\"`" : "the types are \(known)"
        report(place, "\(value.inWords) is no type", help: help)
        return []
    }

    mutating func numbers(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var bounds = NumberBounds()
        bounds.minimum = number("minimum", &keywords)
        bounds.maximum = number("maximum", &keywords)
        bounds.above = number("exclusiveMinimum", &keywords)
        bounds.below = number("exclusiveMaximum", &keywords)
        bounds.multipleOf = number("multipleOf", &keywords)
        if let divisor = bounds.multipleOf, !divisor.value.canDivide {
            report(keywords.place("multipleOf"), "`multipleOf` must be above 0 and have at most 18 digits")
        }
        return bounds.isEmpty ? [] : [.number(bounds)]
    }

    mutating func texts(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var bounds = TextBounds()
        bounds.least = count("minLength", &keywords)
        bounds.most = count("maxLength", &keywords)
        if let value = keywords.take("pattern") {
            if let text = value.string {
                bounds.pattern = expression(text, keywords.place("pattern")).map { ($0, text) }
            } else {
                wrong(keywords, "pattern", needs: "a regular expression in a string")
            }
        }
        return bounds.isEmpty ? [] : [.text(bounds)]
    }

    mutating func expression(
        _ text: String, _ place: [SchemaPathStep], isKey: Bool = false
    ) -> SearchExpression? {
        do {
            return try SearchExpression(text)
        } catch {
            report(place, error.message, help: error.help, isKey: isKey)
            return nil
        }
    }

    mutating func arrays(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var bounds = ArrayBounds()
        bounds.least = count("minItems", &keywords)
        bounds.most = count("maxItems", &keywords)
        bounds.isUnique = flag("uniqueItems", &keywords)
        if keywords.object["prefixItems"] != nil { bounds.prefix = schemas("prefixItems", &keywords) ?? [] }
        // Draft 7 has the first elements' schemas in `items`, and the others' in `additionalItems`.
        let others = schema("additionalItems", &keywords)
        if let list = keywords.object["items"]?.array {
            let place = keywords.place("items")
            _ = keywords.take("items")
            bounds.prefix = list.enumerated().map { node($1, place + [.index($0)]) }
            bounds.rest = others
        } else {
            bounds.rest = schema("items", &keywords)
        }
        let least = count("minContains", &keywords)
        let most = count("maxContains", &keywords)
        if let contained = schema("contains", &keywords) { bounds.contained = (contained, least ?? 1, most) }
        return bounds.isEmpty ? [] : [.array(bounds)]
    }
}

// The keywords on objects.
extension SchemaReader {
    mutating func objects(_ keywords: inout SchemaKeywords) -> [SchemaNode.Constraint] {
        var bounds = ObjectBounds()
        bounds.least = count("minProperties", &keywords)
        bounds.most = count("maxProperties", &keywords)
        if let value = keywords.take("required") {
            bounds.required = names(value, keywords.place("required"), of: "required")
        }
        for (name, node) in schemasByName("properties", &keywords) {
            bounds.names.append(name)
            bounds.properties[MemberName(name)] = node
        }
        for (name, node) in schemasByName("patternProperties", &keywords) {
            let place = keywords.place("patternProperties") + [.key(name)]
            if let expression = expression(name, place, isKey: true) { bounds.patterns.append((expression, node)) }
        }
        bounds.others = schema("additionalProperties", &keywords)
        bounds.memberNames = schema("propertyNames", &keywords)
        dependencies(&keywords, &bounds)
        return bounds.isEmpty ? [] : [.object(bounds)]
    }

    private mutating func dependencies(_ keywords: inout SchemaKeywords, _ bounds: inout ObjectBounds) {
        bounds.dependentSchemas = schemasByName("dependentSchemas", &keywords)
        for keyword in ["dependentRequired", "dependencies"] {
            guard let value = keywords.take(keyword) else { continue }
            guard let object = value.object else {
                wrong(keywords, keyword, needs: "an object")
                continue
            }
            for (name, needed) in object {
                let place = keywords.place(keyword) + [.key(name)]
                // Draft 7 has both kinds under one keyword.
                if keyword == "dependencies", needed.array == nil {
                    bounds.dependentSchemas.append((name, node(needed, place)))
                } else {
                    bounds.dependentRequired.append((name, names(needed, place, of: keyword)))
                }
            }
        }
    }
}
