public import ConfigSource
public import EventJSON

/// What an event has to look like: fields, and what their values may be.
///
/// The pattern language is that of EventBridge with a few operators of its own. A pattern is read once, from the nodes of a
/// configuration or from JSON text; many of them are then compiled into one ``RuleSet``, which is what matches events.
///
/// ```
/// type: response.done
/// response: { status: [ { anything-but: completed } ] }
/// ```
public struct Pattern: Sendable {
    /// The fields and conditions as they were written.
    let tree: FieldGroup
    /// The same as alternatives without `$or`: the pattern matches when one of them does.
    let branches: [Conjunction]
    private let typeConditions: TypeConditions
    /// Where the pattern begins; nil when it was made in code.
    public let location: SourceLocation?
    /// The file it stands in; nil when it was made in code.
    public let file: SourceFile?

    /// Reads a pattern and checks it; nil when there is an error, which `diagnostics` then has, with everything else.
    ///
    /// - Parameters:
    ///   - node: the mapping of the pattern.
    ///   - lists: what `{list: name}` refers to: scalars.
    ///   - diagnostics: where errors and warnings go.
    ///   - canonicalType: gives the name under which an event type is matched; values of the field `type` go through it.
    public init?(
        _ node: Node, lists: [String: [JSONValue]] = [:], _ diagnostics: Diagnostics,
        canonicalType: @escaping (String) -> String = { $0 }
    ) {
        var reader = PatternReader(lists: lists, canonicalType: canonicalType, diagnostics: diagnostics)
        guard let tree = reader.pattern(node), !reader.hasFailed else { return nil }
        let count = tree.branchCount
        guard count <= PatternLimits.branches else {
            diagnostics.error(
                "the `$or`s of the pattern make \(count == .max ? "too many" : String(count)) combinations: at most "
                    + "\(PatternLimits.branches)", at: node, help: "split it into several patterns")
            return nil
        }
        self.tree = tree
        branches = Conjunction.branches(of: tree)
        let lints = PatternLints(file: node.file, diagnostics: diagnostics)
        lints.check(tree)
        lints.check(branches)
        typeConditions = TypeConditions(branches)
        location = node.file == nil ? nil : node.location
        file = node.file
    }

    /// Reads a pattern that is written in JSON.
    ///
    /// - Throws: `ConfigurationError` with every diagnostic when the text is not JSON or not a pattern.
    public init(
        json text: String, path: String = "pattern", lists: [String: [JSONValue]] = [:],
        canonicalType: @escaping (String) -> String = { $0 }
    ) throws(ConfigurationError) {
        let diagnostics = Diagnostics()
        let node = JSONNodeReader.read(
            SourceFile(path: path, text: text), what: "the pattern",
            repetitionHelp: "put the alternatives into one list", diagnostics)
        let pattern = node.flatMap { Pattern($0, lists: lists, diagnostics, canonicalType: canonicalType) }
        try diagnostics.throwIfErrors()
        guard let pattern else { throw ConfigurationError(diagnostics.items) }
        self = pattern
    }
}

extension Pattern {
    /// The paths of all fields that the pattern looks at; what a `FieldPlan` has to be made of.
    public var fieldPaths: [[String]] { branches.flatMap { $0.terms.map(\.path) } }

    /// The event types that can match, when the pattern lists them; nil when it says nothing of the type, or says it
    /// otherwise than by names.
    public var typeLiterals: Set<String>? {
        var literals: Set<String> = []
        for branch in branches {
            guard let names = branch.typeTerm?.literals else { return nil }
            literals.formUnion(names)
        }
        return literals
    }

    /// Whether the pattern says anything about the event type.
    public var constrainsType: Bool { branches.allSatisfy { $0.typeTerm != nil } }

    /// Whether an event of a type could match, its other fields left aside.
    public func mayMatch(type: String) -> Bool {
        typeConditions.allow(type)
    }

    /// Whether an event could match that has these texts in fields at its top, its other fields left aside.
    public func mayMatch(_ texts: KeyValuePairs<String, String>) -> Bool {
        branches.contains { $0.mayMatch(texts) }
    }
}
