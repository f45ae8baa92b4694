/// Something that is looked for anywhere in a text, with the places where it is found: a regular expression in the grammar of
/// `regexp`, or words that follow each other, as in `phrase`.
///
/// Looking takes time that is linear in the text, whatever the pattern and the text.
package struct TextPattern: Sendable, Hashable {
    private enum Kind: Hashable {
        case expression(Automaton)
        case words(Phrase)
    }

    private let kind: Kind
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
        do throws(OperandError) {
            let regexp = try Regexp(text)
            kind = .expression(regexp.automaton)
            looksAnchored = regexp.looksAnchored
        } catch {
            throw Failure(message: error.message, help: error.help)
        }
    }

    /// Reads a phrase; `*` right behind a word makes it the beginning of one.
    package init(phrase text: String) throws(Failure) {
        do throws(OperandError) {
            kind = .words(try Phrase(text))
            looksAnchored = false
        } catch {
            throw Failure(message: error.message, help: error.help)
        }
    }

    /// The stretches of bytes that belong to any place where the pattern is found, in order, none touching another.
    package func stretches(in text: String) -> [Range<Int>] {
        var text = text
        return text.withUTF8 { bytes in
            switch kind {
            case .expression(let automaton):
                var search = AutomatonSearch(automaton)
                return search.stretches(bytes.span.bytes)
            case .words(let phrase): return phrase.stretches(bytes.span.bytes)
            }
        }
    }
}

extension [Range<Int>] {
    /// Adds a range that ends at or behind the end of all others.
    mutating func join(_ range: Range<Int>) {
        var range = range
        while let last, last.upperBound >= range.lowerBound {
            range = Swift.min(last.lowerBound, range.lowerBound)..<Swift.max(last.upperBound, range.upperBound)
            removeLast()
        }
        append(range)
    }
}
