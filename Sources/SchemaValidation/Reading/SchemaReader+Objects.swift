import EventJSON

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
