package import EventJSON

/// A parsed JSON Schema that validates values.
///
/// All keywords of drafts 7 and 2020-12 that constrain a value are supported, except `unevaluatedProperties`,
/// `unevaluatedItems`, dynamic references and references to other documents. Annotations, including `format`, are
/// accepted and have no effect. An unsupported or misspelt keyword is a ``SchemaProblem``: a schema that is accepted is
/// enforced completely.
///
/// Validation is exact: it compares numbers of any length without rounding, measures lengths in code points, compares
/// strings without Unicode normalisation, and checks each of several members with the same name. `pattern` and
/// `uniqueItems` take linear time. The work for a recursive schema is bounded: a value that would take too long is
/// invalid.
package struct JSONSchema: Sendable {
    /// The schema document.
    package let source: JSONValue

    let nodes: [SchemaNode]
    let root: SchemaNode.Index

    /// Parses a schema.
    ///
    /// - Parameters:
    ///   - source: An object or a boolean.
    ///   - draft: The draft; nil to use `$schema`, and 2020-12 if that is absent.
    /// - Throws: ``InvalidSchema`` with all problems.
    package init(_ source: JSONValue, draft: SchemaDraft? = nil) throws(InvalidSchema) {
        var parser = SchemaParser(source, draft: draft ?? Self.draft(of: source))
        let root = parser.parseAll()
        guard parser.problems.isEmpty else { throw InvalidSchema(problems: parser.problems) }
        self.source = source
        self.root = root
        nodes = parser.nodes
    }

    private static func draft(of source: JSONValue) -> SchemaDraft {
        let name = source["$schema"]?.string ?? ""
        return ["draft-07", "draft-06", "draft-04"].contains { name.contains($0) } ? .draft7 : .draft2020
    }

    /// Whether a value is valid.
    package func accepts(_ value: JSONValue) -> Bool {
        violations(in: value, limit: 0) == nil
    }

    /// The violations of a value, at most `limit`, in the order of the value's members; nil if the value is valid.
    package func violations(in value: JSONValue, limit: Int = 8) -> [SchemaViolation]? {
        var check = SchemaCheck(nodes: nodes, limit: limit)
        let fits = check.check(value, against: root)
        if let failure = check.failure { return [failure] }
        return fits ? nil : check.violations
    }
}
