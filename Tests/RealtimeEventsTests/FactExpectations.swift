import EventJSON
import RealtimeEvents
import Testing

/// Expects a model to have exactly the fields and JSON forms of the schema table.
func expectSame(
    _ shapes: [(name: String, shape: WireShape)], _ fields: [Facts.Field], _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let forms = shapes.map { (name: $0.name, form: Form($0.shape)) }
    #expect(
        forms.map { "\($0.name) \($0.form.signature)" }.sorted()
            == fields.map { "\($0.name) \($0.form.signature)" }.sorted(), "\(what)", sourceLocation: sourceLocation)
    for field in fields {
        let modelled = forms.first { $0.name == field.name }?.form.known ?? []
        guard !modelled.isEmpty else { continue }  // plain strings, such as `object`, list no values
        #expect(
            Set(field.form.known).subtracting(modelled) == [], "\(what).\(field.name)", sourceLocation: sourceLocation)
    }
}

/// Variants of an object, each with one field changed: null, absent, or of another JSON type.
func mutations(_ object: JSONObject) -> [JSONObject] {
    let odd: [JSONValue] = [
        .null, true, 7, 7.5, 1e300, "odd", [], ["odd", 7, .null, [:]], [:], ["odd": "odd", "id": 7, "type": [:]],
    ]
    return [object]
        + object.keys.flatMap { key in
            var without = object
            without[key] = nil
            return [without]
                + odd.map { value in
                    var changed = object
                    changed[key] = value
                    return changed
                }
        }
}
