package import LinearExpressions

/// A pattern that is searched for anywhere in a text: a regular expression with the syntax of `regexp`, a phrase with
/// the syntax of `phrase`, or a common kind of secret.
///
/// A search takes time linear in the length of the text, for every pattern.
package struct TextPattern: Sendable, Hashable {
    private enum Form: Hashable {
        case expression(Automaton)
        case words(Phrase)
        case secret(SecretKind)
    }

    private let form: Form
    /// Whether the expression has `^` or `$`, probably meant as an anchor. Both are ordinary characters here.
    package let looksAnchored: Bool

    /// The error of a pattern that cannot be parsed.
    package struct Failure: Error, Hashable {
        /// What is wrong, and where.
        package let message: String
        /// What to write instead.
        package let help: String?
    }

    /// Parses a regular expression with the syntax of RFC 9485 (I-Regexp).
    package init(regexp text: String) throws(Failure) {
        do throws(ExpressionError) {
            let regexp = try Regexp(text)
            form = .expression(regexp.automaton)
            looksAnchored = regexp.looksAnchored
        } catch {
            throw Failure(message: error.message, help: error.help)
        }
    }

    /// Parses a phrase. A `*` directly after a word matches any word with that beginning.
    package init(phrase text: String) throws(Failure) {
        do throws(ExpressionError) {
            form = .words(try Phrase(text))
            looksAnchored = false
        } catch {
            throw Failure(message: error.message, help: error.help)
        }
    }

    /// Creates a pattern that finds a common kind of secret.
    package init(_ kind: SecretKind) {
        form = .secret(kind)
        looksAnchored = false
    }

    /// Returns the byte ranges of all matches, in order. Matches that overlap or touch are merged.
    package func ranges(in text: String) -> [Range<Int>] { Self.findings(of: [self], in: text, wantsEnd: false).ranges }

    /// Finds all matches, and the end of the text that could still become a match.
    package func findings(in text: String) -> TextFindings { Self.findings(of: [self], in: text) }

    /// Finds the matches of several patterns, and the end of the text that could still become a match of one of them.
    ///
    /// - Parameter wantsEnd: whether the caller needs that end. Without it, a text that is too short for a secret is
    ///   not searched.
    package static func findings(
        of patterns: [TextPattern], in text: String, wantsEnd: Bool = true
    ) -> TextFindings {
        var text = text
        let all = text.withUTF8 { bytes in
            let span = bytes.span.bytes
            var normalized: NormalizedText?
            return patterns.map { pattern -> TextFindings in
                switch pattern.form {
                case .expression(let automaton):
                    var search = AutomatonSearch(automaton)
                    return search.findings(span)
                case .words(let phrase): return phrase.findings(span)
                case .secret(let kind):
                    if !wantsEnd, span.byteCount < kind.minBytes { return TextFindings() }
                    let text = normalized ?? NormalizedText(span)
                    normalized = text
                    return kind.findings(in: text)
                }
            }
        }
        guard all.count != 1 else { return all[0] }
        return TextFindings(ranges: all.flatMap(\.ranges).joined, openStart: all.compactMap(\.openStart).min())
    }
}

/// A common kind of secret. The raw value is its name under `kind` in `redact`.
package enum SecretKind: String, Sendable, Hashable, CaseIterable {
    /// A payment card number: 13 to 19 digits that pass the Luhn check, written or spoken in English.
    case card
    /// An e-mail address.
    case email
    /// A phone number in an international or common national format, or spoken in English.
    case phone
    /// An international bank account number with its country's length and valid check digits.
    case iban

    /// The length in bytes of the shortest text that can contain a match.
    var minBytes: Int {
        switch self {
        case .card: 13
        case .email: 6
        case .phone: 8
        case .iban: 15
        }
    }

    /// Finds all matches, and the end of the text that could still become a match.
    func findings(in text: NormalizedText) -> TextFindings {
        switch self {
        case .card: CardNumbers.findings(in: text)
        case .email: EmailAddresses.findings(in: text)
        case .phone: PhoneNumbers.findings(in: text)
        case .iban: BankAccounts.findings(in: text)
        }
    }
}
