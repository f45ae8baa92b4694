public import ConfigSource
public import EventJSON

/// Conditions on the fields of an event.
///
/// The pattern language is EventBridge's, with a few additional operators. A pattern is parsed once, from configuration
/// nodes or from JSON text. A ``RuleSet`` compiles many patterns and matches events against them.
///
/// ```
/// type: response.done
/// response: { status: [ { anything-but: completed } ] }
/// ```
public struct Pattern: Sendable {
    /// The fields and conditions as written.
    let tree: FieldGroup
    /// The pattern without `$or`: it matches if one of these branches does.
    let branches: [Conjunction]
    private let typeConditions: TypeConditions
    /// The location of the pattern; nil if it was created in code.
    public let location: SourceLocation?
    /// The file that contains the pattern; nil if it was created in code.
    public let file: SourceFile?

    /// Parses and validates a pattern. Returns nil if there is an error; `diagnostics` then has all errors and
    /// warnings.
    ///
    /// - Parameters:
    ///   - node: the pattern, a mapping.
    ///   - lists: the scalars that `{list: name}` refers to, by the list's name.
    ///   - diagnostics: receives errors and warnings.
    ///   - canonicalType: returns the canonical name of an event type. It is applied to the strings on the field
    ///     `type`.
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

    /// Parses a pattern from JSON text.
    ///
    /// - Throws: `ConfigurationError` with all diagnostics if the text is not JSON or not a valid pattern.
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
    /// The paths of all fields that the pattern has conditions on. A `FieldPlan` for the pattern needs these paths.
    public var fieldPaths: [[String]] { branches.flatMap { $0.terms.map(\.path) } }

    /// The event types that can match, if the pattern lists them by name; nil otherwise.
    public var typeLiterals: Set<String>? {
        var literals: Set<String> = []
        for branch in branches {
            guard let names = branch.typeTerm?.literals else { return nil }
            literals.formUnion(names)
        }
        return literals
    }

    /// Whether every branch of the pattern has a condition on the event type.
    public var constrainsType: Bool { branches.allSatisfy { $0.typeTerm != nil } }

    /// Whether an event of a type can match, whatever its other fields are.
    public func mayMatch(type: String) -> Bool {
        typeConditions.allow(type)
    }

    /// Whether an event with these texts in top-level fields can match, whatever its other fields are.
    public func mayMatch(_ texts: KeyValuePairs<String, String>) -> Bool {
        branches.contains { $0.mayMatch(texts) }
    }
}
