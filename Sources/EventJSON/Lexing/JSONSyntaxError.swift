/// The reason why a text is not JSON, and its offset.
///
/// Its description reads `expected a value at byte 17`.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong.
    public enum Reason: UInt8, Hashable, Sendable {
        /// A value was expected.
        case expectedValue
        /// An object's key was expected.
        case expectedKey
        /// A key was not followed by `:`.
        case expectedColon
        /// An object's member was followed by neither `,` nor `}`.
        case expectedCommaOrBrace
        /// An array's element was followed by neither `,` nor `]`.
        case expectedCommaOrBracket
        /// The text ended inside a value, or contained no value.
        case unexpectedEnd
        /// The value was followed by something other than whitespace.
        case trailingText
        /// The text began with a byte order mark.
        case byteOrderMark
        /// A number broke the grammar of RFC 8259.
        case invalidNumber
        /// A literal was neither `true` nor `false` nor `null`.
        case invalidLiteral
        /// A string held an unescaped control character.
        case controlCharacter
        /// A backslash did not begin a valid escape.
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
    /// The offset of the byte at which the error was detected, counted from 0.
    public let offset: Int

    /// Creates an error.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The reason and the offset, for a message.
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
