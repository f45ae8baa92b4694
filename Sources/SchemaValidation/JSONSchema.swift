package import EventJSON

/// A JSON Schema, read and ready to judge values.
///
/// All keywords that constrain a value are supported, in the drafts 7 and 2020-12 side by side, but for `unevaluatedProperties`,
/// `unevaluatedItems`, dynamic references and references to other documents. `format` and the other annotations are taken and
/// assert nothing. What is not supported, and what is misspelt, is a ``SchemaProblem``: a schema that is taken is a schema
/// that is enforced.
///
/// Values are judged exactly: numbers of any length without rounding, lengths in code points, strings without Unicode normalisation,
/// each of several members with the same name. `pattern` and `uniqueItems` take linear time, and what a schema that leads back to itself
/// can make of a stranger's value is bounded: a value that would take too long fits nothing.
package struct JSONSchema: Sendable {
    /// The schema as it was given.
    package let source: JSONValue

    let nodes: [SchemaNode]
    let root: SchemaNode.Index

    /// Reads a schema.
    ///
    /// - Parameters:
    ///   - source: an object or a boolean.
    ///   - draft: the draft; nil to go by `$schema`, and by 2020-12 where there is none.
    /// - Throws: ``InvalidSchema``, with everything that is wrong.
    package init(_ source: JSONValue, draft: SchemaDraft? = nil) throws(InvalidSchema) {
        var reader = SchemaReader(source, draft: draft ?? Self.draft(of: source))
        let root = reader.readAll()
        guard reader.problems.isEmpty else { throw InvalidSchema(problems: reader.problems) }
        self.source = source
        self.root = root
        nodes = reader.nodes
    }

    private static func draft(of source: JSONValue) -> SchemaDraft {
        let name = source["$schema"]?.string ?? ""
        return ["draft-07", "draft-06", "draft-04"].contains { name.contains($0) } ? .draft7 : .draft2020
    }

    /// Whether a value fits.
    package func accepts(_ value: JSONValue) -> Bool {
        violations(in: value, limit: 0) == nil
    }

    /// What is wrong with a value: at most `limit` violations, in the order of the value's members; nil when it fits.
    package func violations(in value: JSONValue, limit: Int = 8) -> [SchemaViolation]? {
        var check = SchemaCheck(nodes: nodes, limit: limit)
        let fits = check.check(value, against: root)
        if let failure = check.failure { return [failure] }
        return fits ? nil : check.violations
    }
}
