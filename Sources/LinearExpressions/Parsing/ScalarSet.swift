/// A set of Unicode scalars: the meaning of a character class.
struct ScalarSet: Sendable, Hashable {
    /// The ranges of scalars in the set.
    var ranges: [ClosedRange<UInt32>] = []
    /// A bit for each general category in the set.
    var categories: UInt32 = 0
    /// Whether the set is the complement of its ranges and categories.
    var isNegated = false

    /// The meaning of a dot: every scalar except line ends.
    static let dot = ScalarSet(ranges: [0x0A...0x0A, 0x0D...0x0D], isNegated: true)
    /// The meaning of a dot in ECMA-262, where U+2028 and U+2029 are line ends too.
    static let ecmaScriptDot = ScalarSet(ranges: [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029], isNegated: true)

    /// Whether a scalar belongs to the set.
    func contains(_ scalar: UInt32) -> Bool {
        containsBeforeNegation(scalar) != isNegated
    }

    private func containsBeforeNegation(_ scalar: UInt32) -> Bool {
        for range in ranges where range.contains(scalar) { return true }
        guard categories != 0, let scalar = Unicode.Scalar(scalar) else { return false }
        return categories & GeneralCategories.bit(scalar.properties.generalCategory) != 0
    }
}

/// The general categories by the names that `\p{…}` takes.
enum GeneralCategories {
    /// The categories with a name of one letter (`L`) or two (`Lu`); nil if there are none.
    static func mask(_ name: String) -> UInt32? {
        let mask = named.filter { $0.name == name || (name.utf8.count == 1 && $0.name.hasPrefix(name)) }
            .reduce(0) { $0 | bit($1.category) }
        return mask == 0 ? nil : mask
    }

    /// All categories.
    static let all = named.reduce(0) { $0 | bit($1.category) }

    /// The bit of a category in a mask.
    static func bit(_ category: Unicode.GeneralCategory) -> UInt32 {
        switch category {
        case .uppercaseLetter: 1 << 0
        case .lowercaseLetter: 1 << 1
        case .titlecaseLetter: 1 << 2
        case .modifierLetter: 1 << 3
        case .otherLetter: 1 << 4
        case .nonspacingMark: 1 << 5
        case .spacingMark: 1 << 6
        case .enclosingMark: 1 << 7
        case .decimalNumber: 1 << 8
        case .letterNumber: 1 << 9
        case .otherNumber: 1 << 10
        case .connectorPunctuation: 1 << 11
        case .dashPunctuation: 1 << 12
        case .openPunctuation: 1 << 13
        case .closePunctuation: 1 << 14
        case .initialPunctuation: 1 << 15
        case .finalPunctuation: 1 << 16
        case .otherPunctuation: 1 << 17
        case .mathSymbol: 1 << 18
        case .currencySymbol: 1 << 19
        case .modifierSymbol: 1 << 20
        case .otherSymbol: 1 << 21
        case .spaceSeparator: 1 << 22
        case .lineSeparator: 1 << 23
        case .paragraphSeparator: 1 << 24
        case .control: 1 << 25
        case .format: 1 << 26
        case .surrogate: 1 << 27
        case .privateUse: 1 << 28
        case .unassigned: 1 << 29
        @unknown default: 0
        }
    }

    private static let named: [(name: String, category: Unicode.GeneralCategory)] = [
        ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter), ("Lm", .modifierLetter),
        ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark), ("Me", .enclosingMark),
        ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber), ("Pc", .connectorPunctuation),
        ("Pd", .dashPunctuation), ("Ps", .openPunctuation), ("Pe", .closePunctuation), ("Pi", .initialPunctuation),
        ("Pf", .finalPunctuation), ("Po", .otherPunctuation), ("Sm", .mathSymbol), ("Sc", .currencySymbol),
        ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator), ("Zl", .lineSeparator),
        ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format), ("Co", .privateUse), ("Cn", .unassigned),
    ]
}
