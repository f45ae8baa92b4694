package import LinearExpressions

/// Something that is looked for anywhere in a text, with the places where it is found: a regular expression in the grammar of
/// `regexp`, words that follow each other, as in `phrase`, or a common kind of secret.
///
/// Looking takes time that is linear in the text, whatever the pattern and the text.
package struct TextPattern: Sendable, Hashable {
    private enum Form: Hashable {
        case expression(Automaton)
        case words(Phrase)
        case secret(SecretKind)
    }

    private let form: Form
    /// Whether somebody who is used to other dialects probably means something else: `^` and `$` are plain characters here.
    package let looksAnchored: Bool

    /// Why a pattern cannot be read.
    package struct Failure: Error, Hashable {
        /// What is wrong with it, and where.
        package let message: String
        /// What to do about it.
        package let help: String?
    }

    /// Reads a regular expression in the grammar of RFC 9485.
    package init(regexp text: String) throws(Failure) {
        do throws(ExpressionError) {
            let regexp = try Regexp(text)
            form = .expression(regexp.automaton)
            looksAnchored = regexp.looksAnchored
        } catch {
            throw Failure(message: error.message, help: error.help)
        }
    }

    /// Reads a phrase; `*` right behind a word makes it the beginning of one.
    package init(phrase text: String) throws(Failure) {
        do throws(ExpressionError) {
            form = .words(try Phrase(text))
            looksAnchored = false
        } catch {
            throw Failure(message: error.message, help: error.help)
        }
    }

    /// Looks for a common kind of secret.
    package init(_ kind: SecretKind) {
        form = .secret(kind)
        looksAnchored = false
    }

    /// The ranges of bytes that belong to any place where the pattern is found, in order, none touching another.
    package func ranges(in text: String) -> [Range<Int>] { Self.findings(of: [self], in: text, wantsEnd: false).ranges }

    /// Where the pattern is found, and which end of the text could still become a match.
    package func findings(in text: String) -> TextFindings { Self.findings(of: [self], in: text) }

    /// Where any of several patterns is found, and which end of the text could still become a match of one.
    ///
    /// - Parameter wantsEnd: whether that end is of interest; without it short texts take no time.
    package static func findings(
        of patterns: [TextPattern], in text: String, wantsEnd: Bool = true
    ) -> TextFindings {
        var text = text
        let all = text.withUTF8 { bytes in
            let span = bytes.span.bytes
            var plain: PlainText?
            return patterns.map { pattern -> TextFindings in
                switch pattern.form {
                case .expression(let automaton):
                    var search = AutomatonSearch(automaton)
                    return search.findings(span)
                case .words(let phrase): return phrase.findings(span)
                case .secret(let kind):
                    if !wantsEnd, span.byteCount < kind.leastBytes { return TextFindings() }
                    let text = plain ?? PlainText(span)
                    plain = text
                    return kind.findings(in: text)
                }
            }
        }
        guard all.count != 1 else { return all[0] }
        return TextFindings(ranges: all.flatMap(\.ranges).joined, openStart: all.compactMap(\.openStart).min())
    }
}

/// A common kind of secret, by the name that `kind` in `redact` takes.
package enum SecretKind: String, Sendable, Hashable, CaseIterable {
    /// The number of a payment card: 13 to 19 digits whose last one checks the others (Luhn), or the same spoken in English.
    case card
    /// An e-mail address.
    case email
    /// A telephone number in an international or a common national form, or spoken in English.
    case phone
    /// An international bank account number, with its country's length and its check digits.
    case iban

    /// No shorter text, in bytes, holds one.
    var leastBytes: Int {
        switch self {
        case .card: 13
        case .email: 6
        case .phone: 8
        case .iban: 15
        }
    }

    /// Where it is found, and which end of the text could still become a match.
    func findings(in text: PlainText) -> TextFindings {
        switch self {
        case .card: CardNumbers.findings(in: text)
        case .email: EmailAddresses.findings(in: text)
        case .phone: PhoneNumbers.findings(in: text)
        case .iban: BankAccounts.findings(in: text)
        }
    }
}
