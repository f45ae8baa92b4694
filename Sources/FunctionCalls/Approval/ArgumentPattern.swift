package import ConfigSource
package import EventJSON
import EventPatterns

/// A pattern for the arguments of a call, in the language of `match`.
///
/// It is stricter than a route's pattern in one respect: a field that is an array, or inside one, does not match. A
/// route matches if one element does; an exception from approval must not.
package struct ArgumentPattern: Sendable {
    private let plan: FieldPlan
    private let rules: RuleSet
    private let paths: [[String]]

    /// Parses a pattern in JSON: `{"amount": [{"numeric": ["<=", 50]}]}`.
    ///
    /// - Throws: `ConfigurationError` with all problems of the pattern.
    package init(json text: String) throws(ConfigurationError) {
        self.init(try Pattern(json: #"{"arguments": \#(text)}"#))
    }

    /// Parses a pattern. Reports errors and returns nil if it is invalid.
    ///
    /// - Parameters:
    ///   - node: a mapping whose key `arguments` contains the pattern.
    ///   - diagnostics: receives errors and warnings.
    init?(_ node: Node, _ diagnostics: Diagnostics) {
        guard let pattern = Pattern(node, diagnostics) else { return nil }
        self.init(pattern)
    }

    /// - Parameter pattern: its fields are all below `arguments`, so an argument named `type` is not taken for the
    ///   event's type.
    private init(_ pattern: Pattern) {
        paths = pattern.fieldPaths
        plan = FieldPlan(pattern.fieldPaths + [["type"]])
        rules = RuleSet([(id: 0, pattern: pattern)], plan: plan, typeSlot: plan.slot(["type"]) ?? 0)
    }

    /// Whether the arguments match the pattern.
    package func matches(_ arguments: JSONObject) -> Bool {
        let value = JSONValue.object(["arguments": .object(arguments)])
        guard !paths.contains(where: { Self.leadsToList($0[...], in: value) }) else { return false }
        let bytes = Array(value.description.utf8)
        let text = bytes.span.bytes
        var slots = FieldSlots(plan)
        var result = MatchResult()
        guard (try? plan.scan(text, into: &slots)) != nil else { return false }
        rules.match(&slots, text, into: &result)
        return !result.isEmpty
    }

    private static func leadsToList(_ path: ArraySlice<String>, in value: JSONValue) -> Bool {
        if case .array = value { return true }
        guard let name = path.first, let member = value[name] else { return false }
        return leadsToList(path.dropFirst(), in: member)
    }
}
