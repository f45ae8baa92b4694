/// Why a text is not JSON, and where.
///
/// Its description reads `expected a value at byte 17`.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong.
    public enum Reason: UInt8, Hashable, Sendable {
        /// Something else stood where a value must begin.
        case expectedValue
        /// Something else stood where an object's key must begin.
        case expectedKey
        /// A key was not followed by `:`.
        case expectedColon
        /// An object's member was followed by neither `,` nor `}`.
        case expectedCommaOrBrace
        /// An array's element was followed by neither `,` nor `]`.
        case expectedCommaOrBracket
        /// The text ended inside a value, or held none.
        case unexpectedEnd
        /// More text than blanks followed the value.
        case trailingText
        /// The text began with a byte order mark.
        case byteOrderMark
        /// A number broke the grammar of RFC 8259.
        case invalidNumber
        /// A word was neither `true` nor `false` nor `null`.
        case invalidLiteral
        /// A string held an unescaped control character.
        case controlCharacter
        /// A backslash was followed by something that is no escape.
        case invalidEscape
        /// A string held bytes that are not UTF-8.
        case invalidUTF8
        /// Objects and arrays were nested more than 512 deep.
        case tooDeep
        /// The text was 2 GiB long or longer.
        case tooLong
    }

    /// What was wrong.
    public let reason: Reason
    /// The byte at which it was noticed, counted from 0.
    public let offset: Int

    /// Makes an error.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The reason and the place, as a message shows them.
    public var description: String { "\(reason.text) at byte \(offset)" }
}

extension JSONSyntaxError.Reason {
    fileprivate var text: String {
        switch self {
        case .expectedValue: "expected a value"
        case .expectedKey: "expected a key"
        case .expectedColon: "expected `:`"
        case .expectedCommaOrBrace: "expected `,` or `}`"
        case .expectedCommaOrBracket: "expected `,` or `]`"
        case .unexpectedEnd: "unexpected end of the text"
        case .trailingText: "unexpected text after the value"
        case .byteOrderMark: "unexpected byte order mark"
        case .invalidNumber: "invalid number"
        case .invalidLiteral: "expected `true`, `false` or `null`"
        case .controlCharacter: "unescaped control character"
        case .invalidEscape: "invalid escape"
        case .invalidUTF8: "invalid UTF-8"
        case .tooDeep: "nested more than 512 deep"
        case .tooLong: "text of 2 GiB or more"
        }
    }
}
