public import ConfigSource
import LinearExpressions

/// The syntax of patterns, for generating an editor's schema.
public enum PatternForm {
    /// The operators in a list of alternatives. Each is a mapping with exactly one of these keys.
    public static let operators = SectionForm(PatternOperator.allCases.map(\.form), alternatives: PatternOperator.names)

    /// Operators of other languages that are an error in a pattern, even as field names.
    public static let refusedCombinations = ForeignCombination.refusedNames

    /// Returns what to write in place of an operator of another language, such as `gt`, `contains` or `startsWith`. The
    /// entry has the operator and its argument. Returns nil if no known language has the operator.
    public static func help(forForeignOperator entry: Node.Entry) -> String? { ForeignOperator.help(for: entry) }

    /// Whether a name is a comparison in another language, such as `gt`, `$lte` or `>`.
    public static func isForeignComparison(_ name: String) -> Bool { ForeignOperator.comparison(name) != nil }

    /// The smallest number of patterns in a `$or`.
    public static let leastBranches = 2
}

extension PatternOperator {
    /// The schema of the operator's argument.
    fileprivate var form: KeyForm {
        switch self {
        case .exactly: KeyForm(rawValue, .string, "Equals this string. The same as writing the string itself.")
        case .prefix: KeyForm(rawValue, affix, "Begins with this string. `\"\"` matches any string.")
        case .suffix: KeyForm(rawValue, affix, "Ends with this string. `\"\"` matches any string.")
        case .equalsIgnoreCase: KeyForm(rawValue, .string, "Equals this string, ignoring case.")
        case .wildcard:
            KeyForm(
                rawValue, .string,
                "Matches this wildcard: `*` stands for any characters, `\\*` for a star. At most \(PatternLimits.stars) stars."
            )
        case .phrase:
            KeyForm(
                rawValue, Self.texts,
                "Contains these words in this order: whole words, ignoring case and punctuation. `refund*` matches any word "
                    + "that begins with `refund`. Of several phrases, one has to match.")
        case .regexp:
            KeyForm(
                rawValue, .string,
                "The whole string matches this regular expression (I-Regexp, RFC 9485, with `\\` for escapes).")
        case .numeric:
            KeyForm(
                rawValue, .either([.tuple([Self.comparison, .number]), Self.range]),
                "A number that satisfies a comparison: `[\">=\", 5]`, or between two bounds: `[\">=\", 0, \"<\", 10]`.")
        case .cidr: KeyForm(rawValue, .string, "An IP address in this block: `10.0.0.0/8`, `\"2001:db8::/32\"`.")
        case .exists:
            KeyForm(rawValue, .bool, "true: the field has a value, whatever it is. false: the field is absent.")
        case .anythingBut:
            KeyForm(
                rawValue,
                .either([
                    .string, .number, Self.values(.string), Self.values(.number), .section(Self.negations),
                ]),
                "The field has a value that is none of these.")
        case .list: KeyForm(rawValue, .string, "A value of this list in the file.")
        }
    }

    private var affix: ValueForm {
        let caseless = KeyForm(Self.equalsIgnoreCase.rawValue, .string, "Ignores case.")
        return .either([.string, .section(SectionForm([caseless], alternatives: [caseless.name]))])
    }

    private static let comparison = ValueForm.choice(NumericComparison.alone)
    private static let range = ValueForm.tuple([
        .choice(NumericComparison.lower), .number, .choice(NumericComparison.upper), .number,
    ])
    private static let reference = SectionForm(
        [KeyForm(list.rawValue, .string, "The values of this list in the file.")], alternatives: [list.rawValue])

    /// A list of values of one type, or of references to lists in the file.
    private static func values(_ value: ValueForm) -> ValueForm {
        .list(of: .either([value, .section(reference)]), atLeast: 1)
    }

    /// A string, a reference to a list in the file, or a list of these.
    private static let texts = ValueForm.either([
        .string, .section(reference), values(.string),
    ])

    private static let negations = SectionForm(
        negatable.map { KeyForm($0.rawValue, texts, "No string that `\($0.rawValue)` matches.") } + reference.keys,
        alternatives: negatable.map(\.rawValue) + [list.rawValue])
}

/// The limits of the pattern language. Exceeding one is an error.
public enum PatternLimits {
    /// The most names in the path of a field.
    public static let depth = 32
    /// The most alternatives of a field.
    public static let alternatives = 1_000
    /// The most combinations of a pattern's `$or` branches.
    public static let branches = 1_024
    /// The most stars in a wildcard.
    public static let stars = ExpressionLimits.stars
    /// The most bytes of UTF-8 in a string.
    public static let stringBytes = 4_096
    /// The most rules in a set.
    public static let rules = 10_000
    /// The most states in the automaton of one expression.
    public static let states = ExpressionLimits.states
    /// The deepest nesting of groups in an expression.
    public static let groups = ExpressionLimits.groups
}
