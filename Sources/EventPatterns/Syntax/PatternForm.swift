public import ConfigSource
import LinearExpressions

/// What may stand in a pattern, for those who describe it: a schema for editors.
public enum PatternForm {
    /// The operators in a list of alternatives: a mapping with exactly one of these keys.
    public static let operators = SectionForm(PatternOperator.allCases.map(\.form), alternatives: PatternOperator.names)

    /// What other languages have beside `$or`, and this one has not: no names of fields either.
    public static let refusedCombinations = ForeignCombination.refusedNames

    /// What to write in place of an operator that other languages have (`gt`, `contains`, `startsWith`), with the argument that
    /// stands under it; nil if none has it.
    public static func help(forForeignOperator entry: Node.Entry) -> String? { ForeignOperator.help(for: entry) }

    /// Whether other languages call a comparison so: `gt`, `$lte`, `>`.
    public static func isForeignComparison(_ name: String) -> Bool { ForeignOperator.comparison(name) != nil }

    /// How many patterns `$or` needs at least.
    public static let leastBranches = 2
}

extension PatternOperator {
    /// The operator with what it takes.
    fileprivate var form: KeyForm {
        switch self {
        case .exactly: KeyForm(rawValue, .string, "Equal to this text; the same as the text itself.")
        case .prefix: KeyForm(rawValue, affix, "Begins so; `\"\"` is any text.")
        case .suffix: KeyForm(rawValue, affix, "Ends so; `\"\"` is any text.")
        case .equalsIgnoreCase: KeyForm(rawValue, .string, "Equal to this text, upper and lower case aside.")
        case .wildcard:
            KeyForm(
                rawValue, .string,
                "Looks so: `*` is any run of characters, `\\*` a star. At most \(PatternLimits.stars) stars.")
        case .phrase:
            KeyForm(
                rawValue, Self.texts,
                "Contains these words, as people say them: whole words, case and punctuation aside; `refund*` is any word that "
                    + "begins so. Of several phrases one is enough.")
        case .regexp:
            KeyForm(
                rawValue, .string, "The whole text fits this expression (I-Regexp, RFC 9485, with `\\` for escapes).")
        case .numeric:
            KeyForm(
                rawValue, .either([.tuple([Self.comparison, .number]), Self.range]),
                "A number that compares so: `[\">=\", 5]`, or between two bounds: `[\">=\", 0, \"<\", 10]`.")
        case .cidr: KeyForm(rawValue, .string, "An IP address in this block: `10.0.0.0/8`, `\"2001:db8::/32\"`.")
        case .exists: KeyForm(rawValue, .bool, "The field is there with any value, or it is not there.")
        case .anythingBut:
            KeyForm(
                rawValue,
                .either([
                    .string, .number, Self.values(.string), Self.values(.number), .section(Self.negations),
                ]),
                "The field is there, with a value that is none of these.")
        case .list: KeyForm(rawValue, .string, "A value of this list of the file.")
        }
    }

    private var affix: ValueForm {
        let caseless = KeyForm(Self.equalsIgnoreCase.rawValue, .string, "Upper and lower case aside.")
        return .either([.string, .section(SectionForm([caseless], alternatives: [caseless.name]))])
    }

    private static let comparison = ValueForm.choice(NumericComparison.alone)
    private static let range = ValueForm.tuple([
        .choice(NumericComparison.lower), .number, .choice(NumericComparison.upper), .number,
    ])
    private static let reference = SectionForm(
        [KeyForm(list.rawValue, .string, "The values of this list of the file.")], alternatives: [list.rawValue])

    /// Values of one kind, and lists of the file among them.
    private static func values(_ value: ValueForm) -> ValueForm {
        .list(of: .either([value, .section(reference)]), atLeast: 1)
    }

    /// A text, the texts of a list of the file, or several of these.
    private static let texts = ValueForm.either([
        .string, .section(reference), values(.string),
    ])

    private static let negations = SectionForm(
        negatable.map { KeyForm($0.rawValue, texts, "None that `\($0.rawValue)` would find.") } + reference.keys,
        alternatives: negatable.map(\.rawValue) + [list.rawValue])
}

/// The limits of the pattern language, each an error where it is broken.
public enum PatternLimits {
    /// How many fields a path may have.
    public static let depth = 32
    /// How many alternatives a field may list.
    public static let alternatives = 1_000
    /// How many combinations the `$or`s of a pattern may make.
    public static let branches = 1_024
    /// How many stars a wildcard may have.
    public static let stars = ExpressionLimits.stars
    /// How many bytes of UTF-8 a string may have.
    public static let stringBytes = 4_096
    /// How many rules a set may hold.
    public static let rules = 10_000
    /// How many states the automaton of one expression may have.
    public static let states = ExpressionLimits.states
    /// How deep the groups of an expression may be nested.
    public static let groups = ExpressionLimits.groups
}
