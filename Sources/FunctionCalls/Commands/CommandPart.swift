/// A part of a command as it is written: a word, or an optional group of words.
///
/// A group, `["--units", "{units}"]` in YAML, is left out as a whole when one of its arguments is absent from the call.
package enum CommandPart: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    /// One word.
    case word(String)
    /// Words that come together or not at all.
    case group([String])

    /// A word.
    package init(stringLiteral value: String) { self = .word(value) }

    /// A group.
    package init(arrayLiteral elements: String...) { self = .group(elements) }

    /// The words in it.
    var words: [String] {
        switch self {
        case .word(let word): [word]
        case .group(let words): words
        }
    }
}
