package import ConfigSource
package import EventJSON
import EventPatterns

/// What the arguments of a call have to look like, in the language of `match`.
///
/// In one thing it is stricter: a field that is a list, or lies in one, does not match. A rule is content when one of the elements
/// does; an exception may not be.
package struct ArgumentPattern: Sendable {
    private let plan: FieldPlan
    private let rules: RuleSet
    private let paths: [[String]]

    /// Reads a pattern that is written in JSON: `{"amount": [{"numeric": ["<=", 50]}]}`.
    ///
    /// - Throws: `ConfigurationError` with everything that is wrong with it.
    package init(json text: String) throws(ConfigurationError) {
        self.init(try Pattern(json: #"{"arguments": \#(text)}"#))
    }

    /// Reads a pattern; nil, and reported, when it is none.
    ///
    /// - Parameters:
    ///   - node: a mapping with the key `arguments`, under which the pattern stands.
    ///   - diagnostics: where errors and warnings go.
    init?(_ node: Node, _ diagnostics: Diagnostics) {
        guard let pattern = Pattern(node, diagnostics) else { return nil }
        self.init(pattern)
    }

    /// - Parameter pattern: all of it is about fields below `arguments`, so that no argument is taken for an event's type.
    private init(_ pattern: Pattern) {
        paths = pattern.fieldPaths
        plan = FieldPlan(pattern.fieldPaths + [["type"]])
        rules = RuleSet([(id: 0, pattern: pattern)], plan: plan, typeSlot: plan.slot(["type"]) ?? 0)
    }

    /// Whether the arguments match.
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
